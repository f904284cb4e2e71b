import Foundation
import TestKit
import Testing
import WorkflowLanguage

/// The list of options and the operators cannot drift apart: what an operator reads by name is in the list, and what the
/// list has is read somewhere.
@Suite struct OperatorOptionTests {
  /// Keys of maps inside of options, and parameters that no task writes as an option.
  private static let inner: Set<String> = [
    "data", "path", "filename", "content_type", "from", "to", "limit", "step", "slices", "enabled",
    "host", "port", "tls", "image", "build", "task_mem", "notebook", "parser", "decoders",
  ]
  /// Settings of connections, which stand in files of their own: see docs/operators/td_result_export.md.
  private static let settings: Set<String> = [
    "access_key_id", "compression", "delimiter", "folder", "format", "header", "newline", "null",
    "null_string", "rows_per_request", "secret_access_key", "session_token", "type", "unique",
    "url", "user_database_name", "user_table_name",
  ]
  /// Read by the engine, the compiler or a room below, or known and not offered yet.
  private static let elsewhere: Set<String> = ["_do", "_else_do", "_parallel", "_env"]

  /// True for what reads configurations of loads, results and installations, whose keys are theirs.
  private static func readsFiles(_ file: String) -> Bool {
    ["Loading/", "Results/", "Notification/"].contains(where: file.hasPrefix)
  }

  /// Texts handed to a look-up, as in `options.text("engine")`.
  private static func read(in text: String) -> Set<String> {
    let pattern =
      /\.(?:text|bool|int|number|duration|seconds|list|listOrJSON|textList|object|objectOrJSON|requiredText|value|contains)\(\s*"([a-z0-9_]+)"/
    return Set(text.matches(of: pattern).map { String($0.1) })
  }

  private static func sources() throws -> [String: String] {
    let folder = RepositoryFile.root.appending(path: "Sources/Operators")
    let all = try #require(FileManager.default.enumerator(atPath: folder.path))
    var texts: [String: String] = [:]
    for case let name as String in all where name.hasSuffix(".swift") {
      texts[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return texts
  }

  @Test func `every option that is read is in the list`() throws {
    let known = Set(OperatorSignature.all.flatMap { $0.options.map(\.name) })
    for (file, text) in try Self.sources() where !Self.readsFiles(file) {
      let missing = Self.read(in: text).filter {
        !$0.hasPrefix("_") && !known.contains($0) && !Self.inner.contains($0)
          && !Self.settings.contains($0)
      }
      #expect(missing.isEmpty, "\(file) reads \(missing.sorted()), which OperatorSignature lacks")
    }
  }

  @Test func `every option of an operator that is offered is read`() throws {
    let texts = try Self.sources()
    let all = texts.values.joined()
    let catalog = try #require(texts["OperatorCatalog.swift"])
    for signature in OperatorSignature.all where catalog.contains("\"\(signature.name)\":") {
      for option in signature.options where !Self.elsewhere.contains(option.name) {
        let isRead = all.contains("\"\(option.name)\"")
        #expect(isRead, "nothing in Sources/Operators reads `\(option.name)` of \(signature.name)>")
      }
    }
  }

  @Test func `every operator that is offered is in the list`() throws {
    let catalog = try #require(try Self.sources()["OperatorCatalog.swift"])
    for match in catalog.matches(of: /"([a-z0-9_]+)": [A-Z]/) {
      #expect(OperatorSignature.named(String(match.1)) != nil, "\(match.1)>")
    }
  }
}
