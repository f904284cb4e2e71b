import Foundation
import TestKit
import Testing
import Values

/// Files that no author means to write: each is refused or read, with words, within seconds.
@Suite struct BadLanguageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: @Sendable () -> Data
    let status: Int32
    let words: String
    var testDescription: String { name }

    init(
      _ name: String,
      _ status: Int32,
      _ words: String,
      _ text: @autoclosure @escaping @Sendable () -> String
    ) {
      self.init(name, status, words, bytes: { Data(text().utf8) })
    }

    init(_ name: String, _ status: Int32, _ words: String, bytes: @escaping @Sendable () -> Data) {
      (self.name, self.status, self.words, self.bytes) = (name, status, words, bytes)
    }
  }

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// Ten references to ten references, twelve times over.
  private static var bomb: String {
    var text = "_export:\n  a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for (name, before) in zip("bcdefghijklm", "abcdefghijkl") {
      text +=
        "  \(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ","))]\n"
    }
    return text + "+t: {echo>: x}\n"
  }

  static let cases: [Case] = [
    Case("a YAML bomb", 3, "more than 1000000 values", bomb),
    Case("100,000 lists in each other", 3, "nested deeper", "a: " + repeated("[", 100_000)),
    Case("100,000 maps in each other", 3, "nested deeper", "a: " + repeated("{a: ", 100_000)),
    Case(
      "100,000 braces in a template",
      0,
      "1 task",
      "+a: {echo>: \"${" + repeated("{", 100_000) + "\"}\n"
    ),
    Case(
      "100,000 parentheses in an expression",
      0,
      "does not compile",
      "+a:\n  echo>: ${" + repeated("(", 100_000) + "1" + repeated(")", 100_000) + "}\n"
    ),
    Case("random bytes", 3, "not UTF-8") {
      Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
    },
    Case("zeros", 3, "control character U+0000") { Data(count: 1_000) },
    Case("a byte order mark", 0, "1 task") {
      Data([0xEF, 0xBB, 0xBF]) + Data("+a: {echo>: x}\n".utf8)
    },
    Case("UTF-16", 3, "UTF-16, expected UTF-8") { Data([0xFF, 0xFE, 0x2B, 0, 0x61, 0]) },
    Case("Latin-1", 3, "w.dig:2:13: error: the file is not UTF-8 here") {
      Data("+a:\n  echo>: caf".utf8) + Data([0xE9, 0x0A])
    },
    Case("a surrogate in bytes", 3, "not UTF-8") {
      Data("+a:\n  echo>: ".utf8) + Data([0xED, 0xA0, 0xBD])
    },
    Case("half a character as an escape", 3, "no character", "+a:\n  echo>: \"\\ud83d\"\n"),
    Case("a pair of escapes", 0, "1 task", "+a:\n  echo>: \"\\ud83d\\ude00\"\n"),
    Case("an emoji as a name", 3, "has `😀` in its name", "+😀:\n  echo>: x\n"),
    Case("a key of a million letters", 3, "error", "+a:\n  " + repeated("k", 1_000_000) + ": 1\n"),
    Case(
      "a time zone of a million letters",
      3,
      "unknown time zone",
      "timezone: " + repeated("A", 1_000_000)
    ),
    Case(
      "a schedule without end",
      3,
      "too long",
      "schedule: {cron>: '" + repeated("*,", 50_000) + "* * * * *'}\n+a: {echo>: x}\n"
    ),
    Case(
      "a value of five megabytes",
      0,
      "1 task",
      "+a:\n  echo>: " + repeated("x", 5 << 20) + "\n"
    ),
    Case("a file of forty megabytes", 3, "at most 32 MB") {
      Data(repeating: 0x23, count: 40 << 20)
    },
    Case("nothing", 3, "got null", ""),
    Case("a list", 3, "Expected object to load Config", "- a\n"),
    Case("an alias of itself", 3, "stands inside of what", "a: &a [*a]\n"),
  ]

  @Test(arguments: cases)
  func `is read or refused with words`(_ example: Case) async throws {
    let folder = try TemporaryFolder()
    try example.bytes().write(to: folder.url.appending(path: "w.dig"))
    let outcome = try await TadoruProcess.run(["check"], in: folder.path)
    let printed = outcome.output + outcome.errors
    #expect(outcome.status == example.status, "\(printed.prefix(500))")
    #expect(printed.contains(example.words), "\(printed.prefix(500))")
    #expect(printed.utf8.count < 20_000)
  }

  @Test func `a pair of escapes prints as one character`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: \"a \\ud83d\\ude00 b \\\\ud83d\"\n"])
    let (outcome, _) = try await project.run("w")
    #expect(outcome.output == "a 😀 b \\ud83d\n")
  }

  @Test func `links that lead nowhere or to themselves are no workflows`() async throws {
    let project = try ProjectFixture(["w.dig": "+a: {td>: l/l/q.sql}\n"])
    for (name, target) in [("l", "."), ("m.dig", "m.dig"), ("n.dig", "nowhere")] {
      try FileManager.default.createSymbolicLink(
        atPath: project.folder.path + "/" + name,
        withDestinationPath: target
      )
    }
    let outcome = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("File not found: l/l/q.sql"))
  }

  @Test func `a pipe in place of a workflow is not waited for`() async throws {
    let project = try ProjectFixture(["w.dig": "+a: {echo>: x}\n"])
    try #require(mkfifo(project.folder.path + "/p.dig", 0o600) == 0)
    let outcome = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("`p.dig` cannot be read"))
  }

  @Test func `a project of ten thousand files is checked without reading them all`() async throws {
    let project = try ProjectFixture(["w.dig": "+a: {td>: f0.sql}\n", "f0.sql": "SELECT 1\n"])
    for number in 1..<10_000 {
      let name = "/data-\(number).csv"
      try #require(
        FileManager.default.createFile(atPath: project.folder.path + name, contents: nil)
      )
    }
    let outcome = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
  }

  @Test func `a thousand workflows with the same mistake are told one by one`() async throws {
    let project = try ProjectFixture()
    for number in 0..<1_000 {
      try project.folder.write("+a: {td>: missing.sql}\n", to: "w\(number).dig")
    }
    let outcome = try await TadoruProcess.run(["check", "--json"], in: project.folder.path)
    let report = try JSON.decode(outcome.output).object
    #expect(report?["diagnostics"]?.array?.count == 1_000)
  }

  @Test func `files that call each other end with the tasks an attempt may have`() async throws {
    let project = try ProjectFixture(["w.dig": "+a: {call>: v}\n", "v.dig": "+b: {call>: w}\n"])
    let check = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(check.errors.contains("files call each other without end: `v.dig` → `w.dig` → `v.dig`"))
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(report.errors.contains { $0["message"]?.string?.contains("Too many tasks") == true })
  }
}
