public import Foundation

/// A folder of its own for one test, removed when the test lets go of it.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tadoru-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)  // why: a test's leftovers must not fail it
  }

  public var path: String { url.path(percentEncoded: false) }

  /// Writes a text file, making its folders, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path(percentEncoded: false)
  }
}

extension TemporaryFolder {
  /// True when a file or folder of this name exists.
  public func contains(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path(percentEncoded: false))
  }
}
