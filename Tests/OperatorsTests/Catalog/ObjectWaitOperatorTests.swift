import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Against moto's server.
@Suite struct ObjectWaitOperatorTests {
  @Test func `an object that is there is told about`() async throws {
    let (store, task) = (try await S3Store(), try TestTask())
    try await store.put("in/a.csv", "hello", metadata: ["by": "ada"])
    let result = try await task.run(
      ObjectWaitOperator(clock: { Date() }),
      ["_command": "lake/in/a.csv", "endpoint": .string(store.server.endpoint)],
      secrets: AWSSecrets.ofTask
    )
    let object = result.store[path: ["s3", "last_object"]]?.object
    #expect(object?["result"] == true)
    #expect(object?[path: ["metadata", "Content-Length"]] == 5)
    #expect(object?["user_metadata"] == ["by": "ada"])
    #expect(result.reset == [["s3", "last_object"]])
  }

  @Test func `bucket and key may be options, and defaults come from aws`() async throws {
    let (store, task) = (try await S3Store(), try TestTask())
    try await store.put("a", "x")
    let result = try await task.run(
      ObjectWaitOperator(clock: { Date() }),
      ["_command": nil, "bucket": "lake", "key": "a"],
      exports: ["aws": ["s3": ["endpoint": .string(store.server.endpoint)]]],
      secrets: AWSSecrets.ofTask
    )
    #expect(result.store[path: ["s3", "last_object", "result"]] == true)
  }

  /// 5 s at first, each pause a fifth longer, at most 5 min: digdag's own table.
  @Test func `looks again in pauses that grow`() async throws {
    let (store, task) = (try await S3Store(), try TestTask())
    let worker = ObjectWaitOperator(clock: { Date(timeIntervalSince1970: 1_700_000_000) })
    var (state, pauses): (ObjectValue, [Duration]) = ([:], [])
    for _ in 0..<26 {
      let context = try task.context(
        ["_command": "lake/none", "endpoint": .string(store.server.endpoint)],
        secrets: AWSSecrets.ofTask,
        state: state
      )
      guard case .poll(let pause, let next) = try await worker.run(context) else {
        Issue.record("the object is not there")
        return
      }
      (state, pauses) = (next, pauses + [pause])
    }
    #expect(pauses[0] == .seconds(5))
    #expect(pauses[1] == .seconds(6))
    #expect(pauses[2] == .milliseconds(7200))
    #expect(pauses.last == .seconds(300))
  }

  @Test(arguments: [false, true])
  func `a timeout fails, or lets the workflow go on`(goesOn: Bool) async throws {
    let (store, task) = (try await S3Store(), try TestTask())
    let time = Mutex(1_700_000_000.0)
    let worker = ObjectWaitOperator(clock: { Date(timeIntervalSince1970: time.withLock { $0 }) })
    let keys: ObjectValue = [
      "_command": "lake/none", "endpoint": .string(store.server.endpoint), "timeout": "8s",
      "continue_on_timeout": .bool(goesOn),
    ]
    var state: ObjectValue = [:]
    var pauses: [Duration] = []
    func look() async throws -> TaskOutcome {
      try await worker.run(task.context(keys, secrets: AWSSecrets.ofTask, state: state))
    }
    for _ in 0..<2 {
      guard case .poll(let pause, let next) = try await look() else { return }
      (state, pauses) = (next, pauses + [pause])
      time.withLock { $0 += Double(pause.components.seconds) }
    }
    #expect(pauses == [.seconds(5), .seconds(3)])
    if goesOn {
      guard case .done(let result) = try await look() else { return }
      #expect(result.store == ["s3": ["last_object": ["result": false]]])
    } else {
      let failure = await #expect(throws: TaskFailure.self) { _ = try await look() }
      #expect(failure?.message == "s3_wait> timed out: s3://lake/none was not there within 8 s")
    }
  }

  @Test func `trouble of the store is waited out, a refusal is not`() async throws {
    let (store, task) = (try await S3Store(), try TestTask())
    let keys: ObjectValue = ["_command": "lake/a", "endpoint": .string(store.server.endpoint)]
    let worker = ObjectWaitOperator(clock: { Date() })
    try await store.close(code: 503, times: 1)
    let outcome = try await worker.run(task.context(keys, secrets: AWSSecrets.ofTask))
    guard case .poll = outcome else {
      Issue.record("503 passes")
      return
    }
    try await store.close(code: 403, times: 1)
    let words = await task.failure(worker, keys, secrets: AWSSecrets.ofTask)
    #expect(words.contains("looking for s3://lake/a failed: 403"))
    #expect(!words.contains(AWSSecrets.accessKeyID))
  }

  @Test(
    arguments: [
      (["_command": "bucket"], "Illegal s3 path: bucket"),
      (["_command": "b/k", "key": "k"], "Either the s3_wait operator command or both"),
      (["_command": nil, "bucket": "b"], "Either the s3_wait operator command or both"),
      (["_command": "b/k", "timeout": "soon"], "Expected a duration for key 'timeout'"),
    ] as [(ObjectValue, String)]
  )
  func `refuses what it cannot look for`(keys: ObjectValue, words: String) async throws {
    let task = try TestTask()
    let worker = ObjectWaitOperator(clock: { Date() })
    #expect(await task.failure(worker, keys, secrets: AWSSecrets.ofTask).hasPrefix(words))
    let keyless = await task.failure(worker, ["_command": "b/k"])
    #expect(keyless.hasPrefix("Secret not found for key: 'aws.s3.access_key_id'"))
  }
}
