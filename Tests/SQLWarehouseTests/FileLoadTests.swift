import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values

@Suite struct FileLoadTests {
  private let fixture: WarehouseFixture

  init() async throws { fixture = try await WarehouseFixture.withDatabase() }

  private func write(_ text: String, _ name: String) throws -> String {
    try fixture.folder.write(text, to: name)
  }

  private func csv(_ files: [String], _ columns: [SourceColumn]) -> TableSource {
    var format = CSVFormat()
    format.columns = columns.compactMap {
      if case .column(let name) = $0.origin {
        TableColumn(name: name, type: "VARCHAR")
      } else {
        nil
      }
    }
    return TableSource(files: files, format: .csv(format), columns: columns)
  }

  private func column(_ name: String, _ conversion: SourceColumn.Conversion) -> SourceColumn {
    SourceColumn(name: name, origin: .column(name), conversion: conversion)
  }

  private func rows(_ query: String) async throws -> [[Value]] {
    try await fixture.presto(query).rows
  }

  @Test func `converts every type of a CSV file`() async throws {
    let file = try write(
      "a,b,c,d,e\n1,1.5,x,Yes,2024-05-02 03:04:05.25\n -2 ,1e3,\"\",no,2024-05-02 03:04:05\n,,,,\n",
      "a.csv"
    )
    let source = csv(
      [file],
      [
        column("a", .integer), column("b", .float), column("c", .text), column("d", .truth),
        column("e", .timestamp(TimeFormat(zone: "Asia/Tokyo"))),
      ]
    )
    let report = try await fixture.warehouse.load(source, into: .db("t"), mode: .append)
    #expect(report == ImportReport(rowCount: 3))
    #expect(
      try await fixture.warehouse.columns(of: .db("t")).map(\.type)
        == ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "TIMESTAMP"]
    )
    #expect(
      try await rows("SELECT * FROM t ORDER BY a DESC NULLS LAST") == [
        [1, 1.5, "x", true, "2024-05-01 18:04:05.250"],
        [-2, 1000.0, "", false, "2024-05-01 18:04:05.000"],
        [nil, nil, nil, nil, nil],
      ]
    )
  }

  // The times are GNU date's: `date -u -d '2024-05-02 03:04:05 +0900' +%s`.
  @Test(
    arguments: [
      ("%Y-%m-%d %H:%M:%S.%N %z", "2024-05-02 03:04:05.123456 +0900", 1_714_586_645),
      ("%Y-%m-%d %H:%M:%S.%N", "2024-05-02 03:04:05.1", 1_714_619_045),
      ("%d/%b/%Y:%T %z", "02/May/2024:03:04:05 +0000", 1_714_619_045),
      ("%Y%m%d", "20240502", 1_714_608_000), ("%s", "1714619045", 1_714_619_045),
      ("%Y-%m-%d", "1714619045", 1_714_619_045),
    ] as [(String, String, Int64)]
  )
  func `reads times by their pattern as seconds`(
    pattern: String,
    text: String,
    seconds: Int64
  )
    async throws
  {
    let file = try write("time\n\(text)\n", "t.csv")
    let source = csv([file], [column("time", .unixTime(TimeFormat(pattern: pattern)))])
    _ = try await fixture.warehouse.load(source, into: .db("t"), mode: .overwrite)
    #expect(try await rows("SELECT time FROM t") == [[.int(seconds)]])
  }

  @Test func `a bad row leaves the table as it was and names file, line and column`() async throws {
    let good = try write("id,note\n1,ok\n", "good.csv")
    let columns = [column("id", .integer), column("note", .text)]
    _ = try await fixture.warehouse.load(csv([good], columns), into: .db("t"), mode: .append)
    let bad = try write("id,note\n2,\"two\nlines\"\n3,too,many\n4.5,x\nx,y\n5,z\n", "bad.csv")
    for mode in [ImportMode.append, .overwrite] {
      let failure = await fixture.failure {
        _ = try await fixture.warehouse.load(csv([good, bad], columns), into: .db("t"), mode: mode)
      }
      #expect(failure?.code == .file)
      #expect(
        failure?.message
          == "2 rows are not as expected: bad.csv:5: column `id` must be an integer, found `4.5`; "
          + "bad.csv:6: column `id` must be an integer, found `x`"
      )
      #expect(try await rows("SELECT * FROM t") == [[1, "ok"]])
    }
  }

  @Test func `skips bad rows and counts them`() async throws {
    let file = try write("id\n1\n2,3\nx\n4\n", "a.csv")
    var source = csv([file], [column("id", .integer)])
    source.skipsBadRows = true
    let report = try await fixture.warehouse.load(source, into: .db("t"), mode: .append)
    #expect(report.rowCount == 2)
    #expect(report.badRowCount == 2)
    #expect(
      report.problems == [
        "a.csv:4: column `id` must be an integer, found `x`",
        "a.csv:3: expected Number of Columns: 1 Found: 2",
      ]
    )
    #expect(try await rows("SELECT id FROM t ORDER BY id") == [[1], [4]])
  }

  @Test func `takes columns out of JSON lines`() async throws {
    let file = try write(
      "{\"id\": 1, \"user\": {\"first.name\": \"Ann\"}, \"tags\": [1, 2]}\n\n{\"id\": 2}\nbroken\n[3]\n{\"id\": \"x\"}\n",
      "a.jsonl"
    )
    var source = TableSource(
      files: [file],
      format: .json(isLines: true),
      columns: [
        SourceColumn(name: "id", origin: .path(["id"]), conversion: .integer),
        SourceColumn(name: "name", origin: .path(["user", "first.name"]), conversion: .text),
        SourceColumn(name: "tags", origin: .path(["tags"]), conversion: .text),
        SourceColumn(name: "kind", origin: .constant("visit")),
      ]
    )
    let failure = await fixture.failure {
      _ = try await fixture.warehouse.load(source, into: .db("t"), mode: .append)
    }
    #expect(
      failure?.message
        == "3 rows are not as expected: a.jsonl:4: the line is no JSON object; a.jsonl:5: the line is no JSON object; "
        + "a.jsonl:6: column `id` must be an integer, found `x`"
    )
    source.skipsBadRows = true
    let report = try await fixture.warehouse.load(source, into: .db("t"), mode: .append)
    #expect((report.rowCount, report.badRowCount) == (2, 3))
    #expect(
      try await rows("SELECT * FROM t ORDER BY id")
        == [[1, "Ann", "[1,2]", "visit"], [2, nil, nil, "visit"]]
    )
  }

  @Test func `finds names and types in files without a description`() async throws {
    let first = try write("id,at,note\n1,2024-05-02,x\n", "1.csv")
    let second = try write("at,id,more\n2024-05-03,2.5,y\n", "2.csv")
    let source = TableSource(files: [first, second], format: .csv(CSVFormat()))
    #expect(
      try await fixture.warehouse.columns(of: source) == [
        TableColumn(name: "id", type: "DOUBLE"), TableColumn(name: "at", type: "DATE"),
        TableColumn(name: "note", type: "VARCHAR"), TableColumn(name: "more", type: "VARCHAR"),
      ]
    )
    _ = try await fixture.warehouse.load(source, into: .db("t"), mode: .overwrite)
    #expect(
      try await rows("SELECT * FROM t ORDER BY id")
        == [[1.0, "2024-05-02", "x", nil], [2.5, "2024-05-03", nil, "y"]]
    )
    let json = try write("[{\"a\": 1, \"b\": {\"c\": true}}, {\"a\": 2}]", "a.json")
    let objects = TableSource(files: [json], format: .json(isLines: false))
    #expect(try await fixture.warehouse.columns(of: objects).map(\.name) == ["a", "b"])
  }

  @Test func `loads packed files and Parquet`() async throws {
    _ = try await fixture.warehouse.load(
      csv([try write("id\n1\n2\n", "a.csv")], [column("id", .integer)]),
      into: .db("a"),
      mode: .append
    )
    let parquet = fixture.folder.path + "/a.parquet"
    _ = try await fixture.warehouse.exportParquet(.db("a"), to: parquet)
    let copy = TableSource(
      files: [parquet, parquet],
      format: .parquet,
      columns: [SourceColumn(name: "number", origin: .column("id"))]
    )
    #expect(try await fixture.warehouse.load(copy, into: .db("b"), mode: .append).rowCount == 4)
    #expect(try await rows("SELECT sum(number) FROM b") == [[6]])
    let zip = Process()
    zip.executableURL = URL(filePath: "/bin/gzip")
    zip.arguments = [fixture.folder.path + "/a.csv"]
    try zip.run()
    zip.waitUntilExit()
    var packed = csv([fixture.folder.path + "/a.csv.gz"], [column("id", .integer)])
    #expect(try await fixture.warehouse.load(packed, into: .db("c"), mode: .append).rowCount == 2)
    try FileManager.default.moveItem(
      atPath: fixture.folder.path + "/a.csv.gz",
      toPath: fixture.folder.path + "/a.bin"
    )
    packed.files = [fixture.folder.path + "/a.bin"]
    packed.isGzip = true
    #expect(
      try await fixture.warehouse.load(packed, into: .db("c"), mode: .overwrite).rowCount == 2
    )
  }

  @Test func `says which file cannot be read`() async throws {
    let missing = TableSource(files: ["/nowhere/x.csv"], format: .csv(CSVFormat()))
    let failure = await fixture.failure {
      _ = try await fixture.warehouse.load(missing, into: .db("t"), mode: .append)
    }
    #expect(failure?.message == "`/nowhere/x.csv` cannot be read: No such file or directory")
    let noParquet = TableSource(files: [try write("hello", "x.parquet")], format: .parquet)
    let other = await fixture.failure {
      _ = try await fixture.warehouse.load(noParquet, into: .db("t"), mode: .append)
    }
    #expect(other?.message.contains("x.parquet") == true)
    #expect(try await fixture.warehouse.tables(in: "db") == [])
  }
}
