import Foundation
import TestKit
import Testing
import Values

/// Projects that are refused before anything runs: exit code 3, the place, what to do, nothing written.
@Suite struct BadWorkflowTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let workflow: String
    let place: (line: Int64, column: Int64)
    let words: [String]

    init(_ name: String, _ workflow: String, at line: Int64, _ column: Int64, _ words: String...) {
      testDescription = name
      self.workflow = workflow
      place = (line, column)
      self.words = words
    }
  }

  static let cases = [
    Case("an open quote", "+a:\n  echo>: \"x\n", at: 2, 10, "quote", "never closed"),
    Case("an indentation", "+a:\n  echo>: x\n +b:\n  echo>: y\n", at: 3, 2, "same column"),
    Case("a tab", "+a:\n\techo>: x\n", at: 2, 1, "tab", "blanks"),
    Case(
      "a duplicate key",
      "+a:\n  echo>: x\n+a:\n  echo>: y\n",
      at: 3,
      1,
      "[+a]",
      "first written at w.dig:1:1"
    ),
    Case("an unknown key", "_exprot: {a: 1}\n+a:\n  echo>: x\n", at: 1, 1, "_exprot", "`_export`"),
    Case(
      "two operators",
      "+a:\n  echo>: x\n  sh>: y\n",
      at: 3,
      3,
      "`echo>`, `sh>`",
      "a task of its own"
    ),
    Case(
      "a missing include",
      "_export:\n  !include : config/no.yaml\n+a:\n  echo>: x\n",
      at: 2,
      14,
      "config/no.yaml"
    ),
    Case("no map", "- a\n", at: 1, 1, "`key: value`"),
  ]

  @Test(arguments: cases)
  func `a bad workflow is refused with its place`(_ bad: Case) async throws {
    let project = try ProjectFixture(["w.dig": bad.workflow])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 3)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("w.dig:\(bad.place.line):\(bad.place.column): error: "))
    for word in bad.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    #expect(report.status == "rejected")
    #expect(report.errors.first?["file"] == "w.dig")
    #expect(report.errors.first?["line"] == .int(bad.place.line))
    #expect(report.errors.first?["column"] == .int(bad.place.column))
    #expect(!project.folder.contains(".tadoru"))
    #expect(!outcome.errors.contains("Swift."))
  }

  @Test(arguments: [
    ("td>: {data: SELECT 1}\n  databse: d", "3:3", "`database`"),
    ("td>: {data: SELECT 1}\n  storelast_results: true", "3:3", "`store_last_results`"),
    ("echo>: x\n  _retyr: 3", "3:3", "`_retry`"),
    ("ehco>: x", "2:3", "`echo>`"),
  ])
  func `check warns of a slip in the key of a task`(
    task: String,
    place: String,
    meant: String
  )
    async throws
  {
    let project = try ProjectFixture(["w.dig": "+a:\n  \(task)\n"])
    let outcome = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("w.dig:\(place): warning: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("did you mean \(meant)"), "\(outcome.errors)")
  }

  @Test func `a required key that is misspelt is named when the task fails`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  td>: {data: SELECT 1}\n  databse: d\n"])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(report.error("+w+a") == "Parameter 'database' is required but not set (config)")
    #expect(outcome.errors.contains("the task has `databse`; did you mean `database`?"))
  }

  @Test func `a file that may not be read says so without the words of the system`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: x\n"])
    let file = project.folder.path + "/w.dig"
    try #require(chmod(file, 0) == 0)
    // Root may read everything; the folder in its place gives another of the same errors.
    guard access(file, R_OK) != 0 else { return }
    let outcome = try await TadoruProcess.run(["check"], in: project.folder.path)
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("`w.dig` cannot be read: permission denied"))
    #expect(!outcome.errors.contains("NSCocoaErrorDomain"))
  }
}
