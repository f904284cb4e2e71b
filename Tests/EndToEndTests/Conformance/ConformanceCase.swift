import Foundation
import TestKit
import Testing
import Values

/// One folder of `Tests/Conformance`: a project, and in `expected.json` what running it must show.
///
/// The file holds one step, or `steps` that follow one another in the same project:
/// ```json
/// {"run": ["workflow", "-p", "a=1"], "exit": 0, "status": "success", "stdout": "1\n",
///  "names": ["+workflow", "+workflow+a"],
///  "tasks": {"+workflow+a": {"state": "success", "count": 1, "upstreams": [], "store": {}, "export": {}}},
///  "absent": ["+workflow^error"], "errors": [{"message": "a part of it", "file": "workflow.dig", "line": 3}]}
/// ```
/// docs/conformance.md tells what each key means.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  let name: String

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Conformance")

  static let all: [ConformanceCase] = {
    // why: a folder that cannot be listed gives no cases, and a test counts them
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.path(percentEncoded: false)
    )
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted().map { ConformanceCase(name: $0) }
  }()

  var testDescription: String { name }

  private var folder: URL { Self.folder.appending(path: name) }

  /// The first comment of the workflow, which says what the case shows.
  func purpose() throws -> String? {
    let text = try String(contentsOf: folder.appending(path: "workflow.dig"), encoding: .utf8)
    guard let line = text.split(separator: "\n").first, line.hasPrefix("# ") else { return nil }
    return String(line.dropFirst(2))
  }

  func steps() throws -> [ExpectedRun] {
    let text = try String(contentsOf: folder.appending(path: "expected.json"), encoding: .utf8)
    let object = try #require(try JSON.decode(text).object, "expected.json must hold an object")
    guard let steps = object["steps"] else { return [try ExpectedRun(object)] }
    try #require(object.count == 1, "beside `steps` no other key is allowed")
    return try #require(steps.array).map { step in
      try ExpectedRun(try #require(step.object, "a step must be an object"))
    }
  }

  /// Copies the project and runs all steps in the copy.
  ///
  /// - Returns: what differs from what is expected, one sentence each.
  func differences() async throws -> [String] {
    let temporary = try TemporaryFolder()
    let project = temporary.url.appending(path: "project")
    try FileManager.default.copyItem(at: folder, to: project)
    var found: [String] = []
    for (number, step) in try steps().enumerated() {
      let differences = try await step.differences(in: project.path(percentEncoded: false))
      found += differences.map { "step \(number + 1): \($0)" }
    }
    return found
  }
}
