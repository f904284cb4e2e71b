import Foundation
import Values

/// Translations kept as files, so that an unchanged query needs no Python.
///
/// A file holds the request and its answer; the request is compared, so that a clash of hashes does no harm. Files of
/// another translator have other names. Nothing is lost when the folder is.
struct TranslationCache: Sendable {
  private let folder: String
  private let version: String

  init(folder: String, translator: [String]) {
    self.folder = folder
    version = Self.version(translator)
  }

  func read(_ request: String) -> Value? {
    // why: a cache that cannot be read is an empty cache
    guard let text = try? String(contentsOfFile: path(request), encoding: .utf8),
      let stored = try? JSON.decode(text).object,  // why: the same
      stored["request"]?.string == request, stored["version"]?.string == version
    else { return nil }
    return stored["answer"]
  }

  func write(_ request: String, _ answer: Value) {
    let entry: Value = .object([
      "version": .string(version), "request": .string(request), "answer": answer,
    ])
    // why: a cache that cannot be written costs time only
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // why: the same
    try? JSON.encode(entry).write(toFile: path(request), atomically: true, encoding: .utf8)
  }

  private func path(_ request: String) -> String {
    let name = String(Self.hash(version + request), radix: 16)
    return "\(folder)/\(name).json"
  }

  /// Changes with our own scripts and with the version of sqlglot beside the Python.
  private static func version(_ translator: [String]) -> String {
    var parts: [String] = []
    for file in translator.dropFirst().map({ URL(filePath: $0) }) {
      // the script is a folder with a `__main__.py`, or a file beside its package
      let folder = files(file).isEmpty ? file.deletingLastPathComponent() : file
      let sources = files(folder) + files(folder.appending(path: "tadoru_sql"))
      for source in sources.sorted(by: { $0.path < $1.path }) where source.pathExtension == "py" {
        // why: a missing script shows when the translator is started
        parts.append((try? String(contentsOf: source, encoding: .utf8)) ?? "")
      }
    }
    if let python = translator.first {
      let root = URL(filePath: python).deletingLastPathComponent().deletingLastPathComponent()
      for version in files(root.appending(path: "lib")) {
        let packages = files(version.appending(path: "site-packages")).map(\.lastPathComponent)
        parts += packages.filter { $0.hasPrefix("sqlglot-") }.sorted()
      }
    }
    return String(hash(parts.joined(separator: "\0")), radix: 16)
  }

  private static func files(_ folder: URL) -> [URL] {
    // why: a folder that does not exist has no files
    (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []
  }

  /// FNV-1a in 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
