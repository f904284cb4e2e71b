import Testing
import Values

@testable import WorkflowEngine

@Suite struct ResumePlanTests {
  private func attempt(_ status: AttemptStatus) throws -> AttemptSummary {
    try AttemptSummary(["id": 7, "status": .string(status.rawValue), "params": "{}"])
  }

  /// Rows of an attempt: name, parent and state, numbered in their order.
  private func tasks(_ rows: [(String, Int64?, String)]) throws -> [TaskSummary] {
    try rows.enumerated().map { number, row in
      try TaskSummary([
        "id": .int(Int64(number + 1)), "full_name": .string(row.0),
        "parent_id": row.1.map { .int($0) } ?? .null, "state": .string(row.2),
      ])
    }
  }

  /// `+a` generated tasks; `+b+y` failed, so `+c` never began.
  private var failed: [TaskSummary] {
    get throws {
      try tasks([
        ("+w", nil, "group_error"), ("+w+a", 1, "success"), ("+w+b", 1, "group_error"),
        ("+w+b+x", 3, "success"), ("+w+b+y", 3, "error"), ("+w+c", 1, "blocked"),
        ("+w+a^sub", 2, "success"), ("+w+a^sub+l", 7, "success"),
        ("+w^failure-alert", 1, "error"),
      ])
    }
  }

  private func again(_ name: String, _ tasks: [TaskSummary]) throws -> Set<String> {
    try ResumePlan.from(name, of: attempt(.error), tasks: tasks).runningAgain
  }

  private func refusal(_ name: String, _ tasks: [TaskSummary]) throws -> String {
    let error = #expect(throws: EngineError.self) {
      try ResumePlan.from(name, of: attempt(.error), tasks: tasks)
    }
    #expect(error?.code == .refused)
    return error?.message ?? ""
  }

  @Test func `the task and all that follows runs again, generated tasks behind their generator`()
    throws
  {
    #expect(
      try again("+b+y", failed) == ["+w+b+y", "+w+c", "+w^failure-alert"]
    )
    #expect(try again("y", failed) == again("+w+b+y", failed))
    #expect(
      try again("+x", failed) == ["+w+b+x", "+w+b+y", "+w+c", "+w^failure-alert"]
    )
    let all = try again("+a", failed)
    #expect(all.contains("+w+a^sub+l"))
    #expect(!all.contains("+w"))
    // From inside of a generator: the generator itself is taken over.
    #expect(!(try again("+l", failed)).contains("+w+a"))
  }

  @Test func `what stands before it must have succeeded`() throws {
    let words = try refusal("+c", failed)
    #expect(words.contains("`+w+b+y` (error)"))
    #expect(words.contains("`+w+b` (group_error)"))
  }

  @Test func `of a repeated group the newest round counts`() throws {
    let rounds = try tasks([
      ("+w", nil, "group_error"), ("+w+g", 1, "success"), ("+w+g+a", 2, "error"),
      ("+w+c", 1, "error"), ("+w+g+a", 2, "success"),
    ])
    #expect(try again("+c", rounds) == ["+w+c"])
  }

  @Test func `a name must fit one task, and not the whole workflow`() throws {
    let two = try tasks([
      ("+w", nil, "group_error"), ("+w+a", 1, "success"), ("+w+a+t", 2, "success"),
      ("+w+b", 1, "group_error"), ("+w+b+t", 4, "error"),
    ])
    #expect(try refusal("+t", two).contains("fits several tasks: `+w+a+t`, `+w+b+t`"))
    #expect(try refusal("+tt", two).contains("did you mean `+t`?"))
    #expect(try refusal("+w", two).contains("whole workflow"))
  }

  @Test func `an attempt that succeeded or runs cannot be resumed`() throws {
    for status in [AttemptStatus.success, .running] {
      #expect(throws: EngineError.self) { try ResumePlan.failed(of: attempt(status)) }
    }
    #expect(try ResumePlan.failed(of: attempt(.killed)) == ResumeRule(attempt: 7))
  }
}
