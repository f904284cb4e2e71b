import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

@Suite struct RowFormatTests {
  private let batch = RowBatch(
    columns: [
      TableColumn(name: "id", type: "BIGINT"), TableColumn(name: "wo,rd", type: "VARCHAR"),
    ],
    rows: [[1, "a\tb"], [nil, "say \"x\"\n"], [3, "NULL"]]
  )

  @Test(
    arguments: [
      (
        ["format": "csv"],
        "id,\"wo,rd\"\r\n1,a\tb\r\n,\"say \"\"x\"\"\n\"\r\n3,NULL\r\n"
      ),
      (
        ["format": "tsv", "null": "NULL"],
        "id\two,rd\n1\t\"a\tb\"\nNULL\t\"say \"\"x\"\"\n\"\n3\t\"NULL\"\n"
      ),
      (
        ["format": "csv", "delimiter": "|", "header": "false", "newline": "LF"],
        "1|a\tb\n|\"say \"\"x\"\"\n\"\n3|NULL\n"
      ),
      (
        ["format": "jsonl"],
        """
        {"id":1,"wo,rd":"a\\tb"}
        {"id":null,"wo,rd":"say \\"x\\"\\n"}
        {"id":3,"wo,rd":"NULL"}

        """
      ),
      (
        ["format": "json"],
        """
        [
        {"id":1,"wo,rd":"a\\tb"},
        {"id":null,"wo,rd":"say \\"x\\"\\n"},
        {"id":3,"wo,rd":"NULL"}
        ]

        """
      ),
    ] as [(ObjectValue, String)]
  )
  func `rows have the form that was asked for`(settings: ObjectValue, text: String) throws {
    var encoder = RowEncoder(try RowFormat(Parameters(settings), file: ""))
    // In two pieces, as results come.
    let pieces = [Array(batch.rows.prefix(1)), Array(batch.rows.dropFirst())]
    var bytes = pieces.flatMap { encoder.encode(RowBatch(columns: batch.columns, rows: $0)) }
    bytes += encoder.end()
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }

  @Test func `no rows are a header, or nothing, or an empty list`() throws {
    let empty = RowBatch(columns: batch.columns, rows: [])
    for (kind, text) in [
      (RowFormat.Kind.csv, "id,\"wo,rd\"\r\n"), (.jsonl, ""), (.json, "[]\n"),
    ] {
      var encoder = RowEncoder(RowFormat(kind))
      #expect(String(decoding: encoder.encode(empty) + encoder.end(), as: UTF8.self) == text)
    }
  }

  @Test(arguments: [
    ("a.csv", "csv"), ("a.tsv.gz", "tsv.gz"), ("b/c.jsonl", "jsonl"), ("x.parquet", "parquet"),
    ("A.JSON.GZ", "json.gz"), ("noname", "csv"), ("", "csv"), ("v1.2.gz", "csv.gz"),
  ])
  func `the name of a file says the format`(name: String, suffix: String) throws {
    #expect(try RowFormat(Parameters([:]), file: name).suffix == suffix)
  }

  @Test(
    arguments: [
      (["format": "xml"], "`format` must be csv, tsv, jsonl, json or parquet, found `xml`"),
      (["delimiter": "ab"], "`delimiter` must be one character"),
      (["newline": "x"], "`newline` must be CRLF, LF or CR"),
      (["compression": "lzo"], "`compression` must be gz or none"),
      (["format": "parquet", "compression": "gz"], "Parquet is packed already"),
    ] as [(ObjectValue, String)]
  )
  func `refuses forms that it does not have`(settings: ObjectValue, words: String) {
    let failure = #expect(throws: TaskFailure.self) {
      try RowFormat(Parameters(settings), file: "")
    }
    #expect(failure?.message.hasPrefix(words) == true)
  }

  /// Unpacked by Python 3.11's gzip module.
  @Test func `packed files are gzip`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/rows.csv.gz"
    var format = RowFormat(.csv)
    format.isPacked = true
    let file = try ResultFile(path: path, format: format, option: "path")
    let rows: [[Value]] = (0..<50_000).map { [.int(Int64($0)), .string("word \($0 % 7)")] }
    for start in stride(from: 0, to: rows.count, by: 7_000) {
      let part = Array(rows[start..<min(rows.count, start + 7_000)])
      try file.append(RowBatch(columns: batch.columns, rows: part))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.finish()
    let script = folder.path + "/read.py"
    try folder.write(
      "import gzip,sys,json\nd=gzip.open(sys.argv[1]).read()\nprint(json.dumps([len(d), d.decode().split('\\r\\n')[40001]]))",
      to: "read.py"
    )
    let outcome = try await TadoruProcess.run(
      [script, path],
      in: folder.path,
      executable: TestPython.path
    )
    let length = rows.reduce(12) { $0 + $1[0].text.count + $1[1].text.count + 3 }
    #expect(outcome.output == "[\(length), \"40000,word 2\"]\n")
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect((size ?? 0) < length / 4)
  }

  @Test func `an unfinished file leaves what was there`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a.csv")
    do {
      let file = try ResultFile(
        path: folder.path + "/a.csv",
        format: RowFormat(.csv),
        option: "path"
      )
      try file.append(batch)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.csv"])
    #expect(try String(contentsOfFile: folder.path + "/a.csv", encoding: .utf8) == "old")
  }
}
