import Foundation
import TestKit
import Testing
import Values

/// What one run of a case must show.
struct ExpectedRun: Sendable {
  private let expected: ObjectValue

  private static let keys: Set = [
    "write", "run", "exit", "status", "stdout", "stdout_sorted", "stdout_contains",
    "stderr_contains", "stderr_lacks", "names", "tasks", "absent", "session", "errors", "leaves",
  ]

  /// - Throws: an issue that names a key which does not exist.
  init(_ expected: ObjectValue) throws {
    for key in expected.keys {
      try #require(Self.keys.contains(key), "`\(key)` is no key of expected.json")
    }
    for (name, task) in expected["tasks"]?.object ?? [:] {
      for key in task.object?.keys ?? [] {
        try #require(ExpectedTask.keys.contains(key), "`\(key)` is no key of the task \(name)")
      }
    }
    self.expected = expected
  }

  /// Runs in the folder of a project, which may be written to; gives what differs, one sentence each.
  /// - Throws: what keeps the executable from running.
  func differences(in project: String) async throws -> [String] {
    for (path, text) in expected["write"]?.object ?? [:] {
      try text.text.write(toFile: project + "/" + path, atomically: true, encoding: .utf8)
    }
    let file = project + "/.report.json"
    if FileManager.default.fileExists(atPath: file) {
      try FileManager.default.removeItem(atPath: file)
    }
    let arguments = expected["run"]?.array?.map(\.text) ?? ["workflow"]
    let outcome = try await TadoruProcess.run(
      ["run"] + arguments + ["--report", file],
      in: project
    )
    let text = FileManager.default.contents(atPath: file).map {
      String(decoding: $0, as: UTF8.self)
    }
    let report = AttemptReportText(value: try JSON.decode(text ?? "{}"))
    let found = streams(outcome) + tree(report) + problems(report) + files(in: project)
    return found.isEmpty ? [] : found + ["stderr was: \(outcome.errors.suffix(1500))"]
  }

  private func streams(_ outcome: TadoruProcess.Outcome) -> [String] {
    var found: [String] = []
    func compare(_ key: String, _ actual: Value) {
      if let wanted = expected[key], wanted != actual {
        found.append("\(key) must be \(wanted), is \(actual)")
      }
    }
    compare("exit", .int(Int64(outcome.status)))
    compare("stdout", .string(outcome.output))
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    compare("stdout_sorted", .string(lines.sorted().map { $0 + "\n" }.joined()))
    for (key, text) in [("stdout", outcome.output), ("stderr", outcome.errors)] {
      for part in texts(key + "_contains") where !text.contains(part) {
        found.append("\(key) must contain `\(part)`, is `\(text)`")
      }
      for part in texts(key + "_lacks") where text.contains(part) {
        found.append("\(key) must not contain `\(part)`")
      }
    }
    return found
  }

  private func tree(_ report: AttemptReportText) -> [String] {
    var found: [String] = []
    let names = report.value.object?["tasks"]?.array?.compactMap { $0.object?["name"] } ?? []
    if let status = expected["status"], status.string != report.status {
      found.append("status must be \(status), is \(report.status ?? "absent")")
    }
    if let wanted = expected["names"], wanted != .array(names) {
      found.append("the tasks must be \(wanted), are \(names)")
    }
    for name in texts("absent") where names.contains(.string(name)) {
      found.append("\(name) must not exist")
    }
    for (name, task) in expected["tasks"]?.object ?? [:] {
      let tasks = report.tasks(name)
      found += ExpectedTask(name: name, expected: task.object ?? [:]).differences(from: tasks)
    }
    if let session = expected["session"], let actual = report.value.object?["session"],
      !actual.includes(session)
    {
      found.append("session must include \(session), is \(actual)")
    }
    return found
  }

  /// Each expected error must be there; a refused project has no others.
  private func problems(_ report: AttemptReportText) -> [String] {
    guard let wanted = expected["errors"]?.array?.compactMap(\.object) else { return [] }
    var found: [String] = []
    for error in wanted {
      let isThere = report.errors.contains { actual in
        error.allSatisfy { key, value in
          key == "message"
            ? actual[key]?.string?.contains(value.text) == true : actual[key] == value
        }
      }
      if !isThere { found.append("no error is like \(Value.object(error)): \(report.errors)") }
    }
    if report.status == "rejected", report.errors.count != wanted.count {
      found.append("\(wanted.count) errors are expected, found \(report.errors)")
    }
    return found
  }

  /// Files with their text; null for one that must not exist.
  private func files(in project: String) -> [String] {
    (expected["leaves"]?.object ?? [:]).compactMap { path, wanted in
      let bytes = FileManager.default.contents(atPath: project + "/" + path)
      let text = bytes.map { String(decoding: $0, as: UTF8.self) }
      return text == wanted.string
        ? nil : "the file \(path) must be \(wanted), is \(text ?? "absent")"
    }
  }

  private func texts(_ key: String) -> [String] { expected[key]?.array?.map(\.text) ?? [] }
}
