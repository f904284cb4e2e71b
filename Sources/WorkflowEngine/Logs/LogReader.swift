import Foundation

/// Reads the log of an attempt from its beginning, also while it grows.
public final class LogReader {
  private let handle: FileHandle
  /// The beginning of a line whose end is not in the file yet.
  private var rest: [UInt8] = []

  /// - Throws: what the file system says.
  public init(file: String) throws {
    handle = try FileHandle(forReadingFrom: URL(filePath: file))
  }

  /// Hands over the whole lines that came since the last call; a line that is none of the log's is left out.
  ///
  /// - Throws: what the file system and the body say.
  public func read(_ body: (LogLine) throws -> Void) throws {
    while let chunk = try handle.read(upToCount: 256 << 10), !chunk.isEmpty {
      var start = 0
      let bytes = rest + chunk
      while let end = bytes[start...].firstIndex(of: 10) {
        if let line = LogLine(bytes[start..<end]) { try body(line) }
        start = end + 1
      }
      rest = Array(bytes[start...])
    }
  }
}
