public import Foundation

/// A file of the checkout that the tests were built from.
public enum RepositoryFile {
  /// The folder with `Package.swift`.
  public static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Compares a generated text with the file that holds it; with the environment variable `RECORD` set, writes the file instead.
  ///
  /// - Returns: true when they are the same.
  public static func matches(_ text: String, _ path: String) throws -> Bool {
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try text.write(to: root.appending(path: path), atomically: true, encoding: .utf8)
      return false
    }
    return try self.text(path) == text
  }
}
