import Foundation
import Storage
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct StoreOperatorTests {
  @Test func `stores its map and the keys beside it, with their types`() async throws {
    let task = try TestTask()
    let result = try await task.run(
      StoreOperator(),
      ["_command": ["a": "x${n}", "m": ["k": 1]], "b": [1, "${n}"], "_retry": 2],
      exports: ["n": 5, "outer": 1]
    )
    #expect(result.store == ["a": "x5", "m": ["k": 1], "b": [1, "5"]])
    #expect(try await task.run(StoreOperator(), ["_command": nil, "c": true]).store == ["c": true])
    #expect(
      await task.failure(StoreOperator(), ["_command": "x"]).hasPrefix(
        "Expected object type for key '_command'"
      )
    )
  }
}

@Suite struct KeptParameterTests {
  private let task: TestTask
  private let file: String

  init() throws {
    task = try TestTask()
    file = task.folder.path + "/tadoru.db"
  }

  /// Opens the file anew, as another process would.
  private func kept(day: Double) -> KeptParameters {
    KeptParameters(now: { day * 86_400 }) { [file] in
      try SQLDatabase(path: file, durability: .process)
    }
  }

  private func get(day: Double, _ keys: ObjectValue) async throws -> ObjectValue {
    let local = ObjectValue([("_command", .null)]).merging(keys)
    return try await task.run(ParameterGetOperator(kept(day: day)), local).store
  }

  @Test func `keeps texts for 90 days after they were set`() async throws {
    let write = ParameterSetOperator(kept(day: 0))
    let result = try await task.run(
      write,
      ["_command": nil, "a": "é ${n}", "b": 5, "c": true],
      exports: ["n": 1]
    )
    #expect(result.store.isEmpty)
    #expect(
      try await get(day: 90, ["a": "x", "b": "y", "c": "z", "none": "w"])
        == ["x": "é 1", "y": "5", "z": "true", "w": ""]
    )
    #expect(try await get(day: 90.1, ["a": "x"]) == ["x": ""])
    try await task.run(ParameterSetOperator(kept(day: 80)), ["_command": nil, "a": "new"])
    #expect(try await get(day: 170, ["a": "x", "b": "y"]) == ["x": "new", "y": ""])
  }

  @Test func `refuses what is no text`() async throws {
    #expect(
      await task.failure(ParameterSetOperator(kept(day: 0)), ["_command": nil, "a": [1]])
        .hasPrefix("Expected string type for key 'a'")
    )
    #expect(
      await task.failure(ParameterGetOperator(kept(day: 0)), ["_command": nil, "a": ""])
        .contains("must be the name to store the value under")
    )
  }
}

@Suite struct WaitOperatorTests {
  private let task: TestTask
  private let now = TestClock()

  init() throws { task = try TestTask() }

  private func pause(
    _ keys: ObjectValue,
    _ state: ObjectValue
  ) async throws -> (Duration, ObjectValue)? {
    let worker = WaitOperator(clock: { [now] in now.date })
    switch try await worker.run(task.context(keys, state: state)) {
    case .done(let result):
      #expect(result.store.isEmpty)
      return nil
    case .poll(let pause, let state): return (pause, state)
    }
  }

  @Test func `waits without holding a worker, counted from its start`() async throws {
    let keys: ObjectValue = ["_command": "1m 30s"]
    let (first, state) = try #require(try await pause(keys, [:]))
    #expect(first == .seconds(90))
    now.advance(89.5)
    // Woken too early, as after a restart: the rest, and a second at least.
    #expect(try await pause(keys, state)?.0 == .seconds(1))
    now.advance(0.5)
    #expect(try await pause(keys, state) == nil)
    let often: ObjectValue = ["_command": "1m", "poll_interval": "25s"]
    #expect(try await pause(often, [:])?.0 == .seconds(25))
    #expect(try await pause(["_command": "0s"], [:])?.0 == .seconds(1))
  }

  @Test func `blocks when told to`() async throws {
    #expect(try await pause(["_command": "0s", "blocking": "true"], [:]) == nil)
  }

  @Test func `refuses what is no duration`() async throws {
    let worker = WaitOperator(clock: { [now] in now.date })
    #expect(await task.failure(worker, ["_command": "soon"]).hasPrefix("Expected a duration"))
    #expect(
      await task.failure(worker, ["_command": nil]).hasPrefix("Parameter '_command' is required")
    )
    #expect(
      await task.failure(worker, ["_command": "1s", "blocking": true, "poll_interval": "1s"])
        == "`poll_interval` cannot be used with `blocking: true` (config)"
    )
    #expect(!worker.retriesOwnFailure)
  }
}

/// A clock that only the test moves.
private final class TestClock: Sendable {
  private let seconds = Mutex(1_700_000_000.0)

  var date: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }

  func advance(_ by: Double) { seconds.withLock { $0 += by } }
}
