import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Attempts of another workflow as a list of states to come, and what was asked of them.
private final class Attempts: Sendable {
  struct Asked: Sendable {
    var requests: [RequiredAttempts.Request] = []
    var starts: [Bool] = []
    var looks: [ObjectValue] = []
  }

  let asked = Mutex(Asked())
  private let found: AttemptStatus?
  private let later: Mutex<[AttemptStatus]>

  init(found: AttemptStatus?, later: [AttemptStatus] = []) {
    self.found = found
    self.later = Mutex(later)
  }

  var worker: RequireOperator {
    RequireOperator(
      RequiredAttempts(
        find: { request in
          self.asked.withLock { $0.requests.append(request) }
          return self.found.map { Self.standing(1, $0) }
        },
        start: { _, isRepeat in
          self.asked.withLock { $0.starts.append(isRepeat) }
          return Self.standing(2, .running)
        },
        standing: { reference, _ in
          self.asked.withLock { $0.looks.append(reference) }
          return Self.standing(
            reference["id"]?.int ?? 0,
            self.later.withLock { $0.isEmpty ? .success : $0.removeFirst() }
          )
        }
      )
    )
  }

  private static func standing(_ id: Int64, _ status: AttemptStatus) -> RequiredAttempts.Standing {
    RequiredAttempts.Standing(reference: ["id": .int(id)], name: "attempt \(id)", status: status)
  }
}

@Suite struct RequireOperatorTests {
  @Test func `a session without an attempt gets one and is waited for, ever less often`()
    async throws
  {
    let attempts = Attempts(found: nil, later: Array(repeating: .running, count: 6))
    let task = try TestTask()
    let (result, pauses) = try await task.runThroughPolls(
      attempts.worker,
      ["_command": "load", "params": ["a": 1]]
    )
    #expect(result.store.isEmpty)
    #expect(pauses == [100, 200, 400, 800, 1600, 2000, 2000].map { Duration.milliseconds($0) })
    let asked = attempts.asked.withLock { $0 }
    #expect(asked.starts == [false])
    #expect(asked.looks.allSatisfy { $0 == ["id": 2] })
    let request = try #require(asked.requests.first)
    #expect(asked.requests.count == 1)
    #expect(request.workflow == "load")
    #expect(request.project == .own)
    #expect(request.sessionTime == 1_714_608_000)
    #expect(request.parameters == ["a": 1])
  }

  @Test(arguments: [
    (AttemptStatus.success, "none", false, false), (.success, "failed", false, false),
    (.success, "all", true, false), (.error, "none", false, true), (.error, "failed", true, false),
    (.killed, "failed", true, false), (.killed, "none", false, true), (.error, "all", true, false),
    (.running, "all", false, false), (.running, "failed", false, false),
  ])
  func `rerun_on says when a session that has an attempt gets another`(
    found: AttemptStatus,
    rerun: String,
    starts: Bool,
    fails: Bool
  ) async throws {
    let attempts = Attempts(found: found)
    let task = try TestTask()
    let keys: ObjectValue = ["_command": "load", "rerun_on": .string(rerun)]
    do {
      _ = try await task.runThroughPolls(attempts.worker, keys)
      #expect(!fails)
    } catch {
      #expect(fails)
      #expect(
        "\(error)" == "Dependent workflow failed: load, attempt 1: \(found.rawValue) (runtime)"
      )
    }
    #expect(attempts.asked.withLock { $0.starts } == (starts ? [true] : []))
  }

  @Test func `a failure that is waited for fails the task unless it is ignored`() async throws {
    let task = try TestTask()
    await #expect(throws: TaskFailure.self) {
      let attempts = Attempts(found: nil, later: [.running, .killed])
      _ = try await task.runThroughPolls(attempts.worker, ["_command": "load"])
    }
    let attempts = Attempts(found: nil, later: [.error])
    _ = try await task.runThroughPolls(
      attempts.worker,
      ["_command": "load", "ignore_failure": "true"]
    )
    #expect(task.log.contains("Dependent workflow failed (`ignore_failure` is set)"))
  }

  @Test(
    arguments: [
      (["session_time": "2024-05-02T09:00:00+09:00"], 1_714_608_000),
      (["session_time": "2024-05-03"], 1_714_694_400),
    ] as [(ObjectValue, Int64)]
  )
  func `another session can be meant`(keys: ObjectValue, time: Int64) async throws {
    let attempts = Attempts(found: .success)
    try await TestTask().run(attempts.worker, keys.merging(["_command": "load"]))
    #expect(attempts.asked.withLock { $0.requests.first?.sessionTime } == time)
  }

  @Test func `project_id counts where the task itself says it, project_name also from above`()
    async throws
  {
    let attempts = Attempts(found: .success)
    let task = try TestTask()
    try await task.run(attempts.worker, ["_command": "load"], exports: ["project_id": 1])
    try await task.run(attempts.worker, ["_command": "load", "project_id": 4])
    try await task.run(
      attempts.worker,
      ["_command": "load"],
      exports: ["project_name": "other", "project_id": 1]
    )
    #expect(
      attempts.asked.withLock { $0.requests.map(\.project) }
        == [.own, .number(4), .named("other")]
    )
  }

  @Test(
    arguments: [
      ([:], "Parameter '_command' is required but not set"),
      (["_command": "x", "project_id": 1, "project_name": "y"], "only one of `project_id`"),
      (["_command": "x", "rerun_on": "always"], "`none`, `failed` and `all`, found `always`"),
      (["_command": "x", "session_time": "now"], "`session_time` must be a time"),
      (["_command": "x", "session_time": "2024-13-01"], "is no session time"),
      (["_command": "x", "ignore_failure": "perhaps"], "ignore_failure"),
      (["_command": "x", "params": [1]], "params"),
    ] as [(ObjectValue, String)]
  )
  func `wrong options are refused before anything starts`(
    keys: ObjectValue,
    words: String
  )
    async throws
  {
    let attempts = Attempts(found: nil)
    let message = await (try TestTask()).failure(attempts.worker, keys)
    #expect(message.contains(words))
    #expect(message.hasSuffix("(config)"))
    #expect(attempts.asked.withLock { $0.requests.isEmpty && $0.starts.isEmpty })
  }
}
