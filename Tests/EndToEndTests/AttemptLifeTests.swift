import Foundation
import TestKit
import Testing
import Values

/// Retries, kills and backfills with the real executable.
@Suite struct AttemptLifeTests {
  private func tadoru(
    _ project: ProjectFixture,
    _ arguments: [String]
  ) async throws
    -> TadoruProcess.Outcome
  {
    try await TadoruProcess.run(arguments, in: project.folder.path)
  }

  private func lines(_ project: ProjectFixture, _ file: String) throws -> [String] {
    try String(contentsOfFile: project.folder.path + "/" + file, encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  private func eventually(_ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      if condition() { return true }
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    return condition()
  }

  private static let flaky = """
    +a:
      sh>: echo a >> trace
    +b:
      sh>: "test -f go && echo ${who} ${attempt_id} ${session_id} >> trace"
    +c:
      sh>: echo c >> trace
    """

  @Test func `a retry is a new attempt of the session that takes over what succeeded`() async throws
  {
    let project = try ProjectFixture(["w.dig": Self.flaky])
    _ = try await project.run("w", ["--session", "2024-01-01", "-p", "who=ann"])
    try project.folder.write("", to: "go")
    let outcome = try await tadoru(project, ["retry", "1"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try lines(project, "trace") == ["a", "ann 2 1", "c"])
    let named = try await tadoru(project, ["retry", "1", "--name", "again", "-p", "who=bob"])
    #expect(named.status == 0)
    #expect(try lines(project, "trace").suffix(2) == ["bob 3 1", "c"])
    let attempts = try await tadoru(project, ["attempts", "--json"])
    let names = try JSON.decode(attempts.output).array?.map {
      $0.object?["retry_attempt_name"]?.string
    }
    #expect(names == ["again", "retry-2", ""])
  }

  @Test func `all runs everything, resume-from a task and what follows`() async throws {
    let project = try ProjectFixture(["w.dig": Self.flaky, "go": ""])
    _ = try await project.run("w", ["--session", "2024-01-01", "-p", "who=x"])
    try FileManager.default.removeItem(atPath: project.folder.path + "/go")
    #expect(try await tadoru(project, ["retry", "1", "--all"]).status == 1)
    try project.folder.write("", to: "go")
    #expect(try await tadoru(project, ["retry", "2", "--resume-from", "+b"]).status == 0)
    #expect(try lines(project, "trace") == ["a", "x 1 1", "c", "a", "x 3 1", "c"])
    #expect(try await tadoru(project, ["retry", "2", "--resume", "from", "+b"]).status == 0)
    #expect(try await tadoru(project, ["retry", "2", "--resume", "failed"]).status == 0)
    #expect(try await tadoru(project, ["retry", "2", "--resume", "new"]).status == 2)
    let early = try await tadoru(project, ["retry", "2", "--resume-from", "+c"])
    #expect(early.status == 1)
    #expect(early.errors.contains("has not succeeded"))
  }

  @Test func `a kept revision runs the workflow as it was`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  sh>: echo old >> trace; exit 1\n"])
    _ = try await project.run("w", ["--session", "2024-01-01"])
    try project.folder.write("+a:\n  sh>: echo new >> trace\n", to: "w.dig")
    #expect(try await tadoru(project, ["retry", "1", "--keep-revision"]).status == 1)
    #expect(try await tadoru(project, ["retry", "1", "--latest-revision"]).status == 0)
    #expect(try lines(project, "trace") == ["old", "old", "new"])
  }

  @Test(arguments: [
    (["retry", "1"], 1, "attempt 1 succeeded"),
    (["retry", "1", "--all", "--resume"], 2, "only one"),
    (["retry", "8"], 2, "the last are 1"), (["kill", "1"], 1, "has ended already: success"),
    (["retry", "1", "--all", "--name", ""], 2, "must not be empty"),
    (["backfill", "w", "--from", "2024-01-01"], 1, "has no `schedule:`"),
    (["retry", "1", "--keep-revision", "--latest-revision"], 2, "only one"),
  ])
  func `what cannot be done is refused`(
    arguments: [String],
    status: Int32,
    words: String
  )
    async throws
  {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: hi\n"])
    _ = try await project.run("w")
    let outcome = try await tadoru(project, arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `a name is given once in a session`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: hi\n"])
    _ = try await project.run("w", ["--session", "2024-01-01"])
    #expect(try await tadoru(project, ["retry", "1", "--all", "--name", "x"]).status == 0)
    let second = try await tadoru(project, ["retry", "1", "--all", "--name", "x"])
    #expect(second.status == 1)
    #expect(second.errors.contains("already exists (session_id=1, attempt_id=2"))
  }

  @Test func `kill from another process ends the whole tree, also what ignores SIGTERM`()
    async throws
  {
    let mark = "7\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture([
      "w.dig": """
      _error:
        echo>: never
      +a:
        sh>: "trap '' TERM; sleep \(mark) & sleep \(mark)"
      """
    ])
    let run = TadoruProcess(["run", "w"], in: project.folder.path)
    try run.start()
    let processes = ProcessesOfFolder(project.folder.path)
    #expect(
      try await processes.wait(atMost: .seconds(20)) { lines in
        lines.count { $0.hasPrefix("sleep \(mark)") } == 2
      }
    )
    let refused = try await tadoru(project, ["retry", "1", "--all"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("session 1 is running: attempt 1"))
    let kill = try await tadoru(project, ["kill", "1"])
    #expect(kill.output == "Kill requested for session attempt 1\n")
    let outcome = await run.finish()
    #expect(outcome.status == 130)
    #expect(outcome.output.isEmpty)
    #expect(try await processes.wait(atMost: .seconds(5)) { $0.isEmpty })
    let attempt = try await tadoru(project, ["attempt", "1", "--json"])
    #expect(attempt.output.contains("\"killed\""))
  }

  @Test func `a killed script may clean up`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      +a:
        sh>: "trap 'sleep 0.5; touch cleaned; exit' TERM; touch begun; while :; do sleep 0.1; done"
      """
    ])
    let run = TadoruProcess(["run", "w"], in: project.folder.path)
    try run.start()
    #expect(try await eventually { project.folder.contains("begun") })
    #expect(try await tadoru(project, ["kill", "1"]).status == 0)
    #expect(await run.finish().status == 130)
    #expect(project.folder.contains("cleaned"))
  }

  private static func scheduled(_ tasks: String) -> String {
    "schedule:\n  daily>: 07:00:00\n  start: 2024-01-01\n  end: 2024-01-06\n" + tasks
  }

  @Test func `a backfill stops at a failed session and goes on when it is repeated`() async throws {
    let project = try ProjectFixture([
      "w.dig": Self.scheduled(
        "+a:\n  sh>: echo ${session_date} >> trace\n+b:\n  sh>: test ${session_date} != 2024-01-02 || test -f go\n"
      )
    ])
    let command = ["backfill", "w", "--from", "2023-12-31 10:00", "--count", "3"]
    let plan = try await tadoru(project, command + ["--dry-run", "--json"])
    #expect(plan.status == 0)
    #expect(try JSON.decode(plan.output).array?.count == 3)
    let first = try await tadoru(project, command)
    #expect(first.status == 1)
    #expect(first.errors.contains("1 session is left"))
    #expect(try lines(project, "trace") == ["2024-01-01", "2024-01-02"])
    try project.folder.write("", to: "go")
    let second = try await tadoru(project, command + ["--json"])
    #expect(second.status == 0, "\(second.errors)")
    let plans = try JSON.decode(second.output).array?.map { $0.object?["plan"]?.string }
    #expect(plans == ["skip", "resume", "run"])
    #expect(try lines(project, "trace") == ["2024-01-01", "2024-01-02", "2024-01-03"])
  }

  @Test func `a name runs sessions anew, once`() async throws {
    let project = try ProjectFixture([
      "w.dig": Self.scheduled(
        "+a:\n  sh>: |\n    echo ${session_date} ${typeof retry_attempt_name == 'undefined' ? '' : retry_attempt_name} >> trace\n"
      )
    ])
    let command = ["backfill", "w", "--from", "2024-01-05"]
    #expect(try await tadoru(project, command).status == 0)
    for _ in 0..<2 {
      let outcome = try await tadoru(project, command + ["--name", "fix"])
      #expect(outcome.status == 0)
    }
    let lines = try lines(project, "trace").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines == ["2024-01-05", "2024-01-06", "2024-01-05 fix", "2024-01-06 fix"])
  }
}
