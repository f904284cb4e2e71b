import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

/// Against moto's server, which keeps what is PUT to it.
@Suite struct RequestDestinationTests {
  private static let rows = QueryResult(
    columns: [TableColumn(name: "n", type: "BIGINT"), TableColumn(name: "w", type: "VARCHAR")],
    rows: [[1, "a"], [2, nil], [3, "ü"]],
    rowCount: 3
  )

  private func send(_ settings: ObjectValue, pauses: S3Store.Pauses = .init()) async throws -> Int {
    let fixture = try await TestWarehouse()
    let destination = try RequestDestination(
      Parameters(settings),
      isSecret: false,
      network: .open,
      pause: { pauses.add($0) }
    )
    let rows = ResultRows(
      warehouse: fixture.warehouse,
      source: .kept(Self.rows, database: "db"),
      scratch: ScratchFiles(folder: fixture.task.folder.path, newID: { "id" })
    )
    return try await destination.write(rows).rowCount
  }

  @Test func `all rows go in one request, as JSON unless told otherwise`() async throws {
    let store = try await S3Store()
    let url = Value.string(store.server.endpoint + "/lake/")
    #expect(try await send(["url": url, "path": "/a.json", "method": "put"]) == 3)
    #expect(
      try await store.text("a.json")
        == "[\n{\"n\":1,\"w\":\"a\"},\n{\"n\":2,\"w\":null},\n{\"n\":3,\"w\":\"ü\"}\n]\n"
    )
    _ = try await send([
      "url": url, "path": "a.csv", "method": "PUT", "format": "csv", "headers": ["X-Mine": "yes"],
      "user": "ada", "password": "word",
    ])
    #expect(try await store.text("a.csv") == "n,w\r\n1,a\r\n2,\r\n3,ü\r\n")
    let headers = try await store.seen().last { $0["method"] == "PUT" }?["headers"]?.object
    #expect(headers?["x-mine"] == "yes")
    // RFC 7617: base64 of `ada:word`, from Python 3.11's base64 module.
    #expect(headers?["authorization"] == "Basic YWRhOndvcmQ=")
  }

  @Test func `pieces hold so many rows, the last one the rest`() async throws {
    let store = try await S3Store()
    _ = try await send([
      "url": .string(store.server.endpoint + "/sink"), "format": "jsonl", "rows_per_request": 2,
    ])
    let bodies = try await store.seen().compactMap { $0["body"]?.string }
    #expect(
      bodies == ["{\"n\":1,\"w\":\"a\"}\n{\"n\":2,\"w\":null}\n", "{\"n\":3,\"w\":\"ü\"}\n"]
    )
  }

  @Test func `what passes is tried again for PUT, not for POST`() async throws {
    let (store, pauses) = (try await S3Store(), S3Store.Pauses())
    let url = Value.string(store.server.endpoint + "/lake/r.json")
    try await store.close(code: 503, times: 2)
    #expect(try await send(["url": url, "method": "PUT"], pauses: pauses) == 3)
    #expect(pauses.all == [.seconds(1), .seconds(2)])
    try await store.close(code: 503, times: 1)
    let failure = await #expect(throws: TaskFailure.self) {
      _ = try await send(["url": url], pauses: pauses)
    }
    #expect(failure?.message.hasPrefix("the result was refused: POST http://127.0.0.1") == true)
    #expect(pauses.all.count == 2)
  }

  @Test(
    arguments: [
      (["url": "ftp://x"], "expected an address as `https://host/path`"),
      (["url": "http://x", "method": "GET"], "`method` must be POST or PUT"),
      (["url": "http://x", "format": "parquet"], "`format` of requests must be"),
      (["url": "http://x", "rows_per_request": 0], "`rows_per_request` and `timeout`"),
      (["url": "http://x", "headers": ["a"]], "each element of `headers` must be a map"),
    ] as [(ObjectValue, String)]
  )
  func `refuses what it cannot send`(settings: ObjectValue, words: String) {
    let failure = #expect(throws: TaskFailure.self) {
      try RequestDestination(Parameters(settings), isSecret: false, network: .open)
    }
    #expect(failure?.message.hasPrefix(words) == true)
  }
}
