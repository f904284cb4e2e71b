import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct LoadFromStoreTests {
  @Test func `loads the objects of a bucket that begin with a prefix`() async throws {
    let fixture = try await TestWarehouse()
    let store = try await S3Store()
    try await store.put("in/1.csv", "id\n1\n")
    try await store.put("in/2.csv", "id\n2\n")
    try await store.put("in/x.txt", "no")
    try await store.put("z", "")
    let worker = try #require(fixture.operators["td_load"])
    let input: ObjectValue = [
      "type": "s3", "bucket": "lake", "path_prefix": "in/", "path_match_pattern": "csv$",
      "access_key_id": "${secret:s3.id}", "secret_access_key": "${secret:s3.key}",
      "endpoint": .string(store.server.endpoint),
    ]
    let secrets = ["s3.id": AWSSecrets.accessKeyID, "s3.key": AWSSecrets.secretAccessKey]
    let run = { (input: ObjectValue) in
      try await fixture.task.run(
        worker,
        ["config": ["in": .object(input)], "table": "t"],
        exports: TestWarehouse.defaults,
        secrets: secrets
      )
    }
    _ = try await run(input)
    #expect(try await fixture.rows("SELECT id FROM t ORDER BY id") == [[1], [2]])
    let nothing = try await run(input.merging(["path_prefix": "none/"]))
    #expect(nothing.store[path: ["td", "last_job", "num_records"]] == 0)
    #expect(fixture.task.log.contains("nothing is loaded"))
    await #expect(throws: TaskFailure.self) {
      try await run(input.merging(["bucket": "missing"]))
    }
  }
}
