import Foundation

/// Reads the log of an attempt from its beginning or from a line on, also while it grows.
public final class LogReader {
  private let handle: FileHandle
  /// The beginning of a line whose end is not in the file yet.
  private var rest: [UInt8] = []
  /// Bytes of the file before ``rest``.
  private var offset: UInt64

  /// A line and where the next one begins, in bytes.
  public struct Entry: Sendable {
    public let line: LogLine
    public let end: UInt64
  }

  /// Begins where a line begins, as ``Entry/end`` said; behind the end of the file nothing is read.
  ///
  /// - Throws: what the file system says.
  public init(file: String, from offset: UInt64 = 0) throws {
    handle = try FileHandle(forReadingFrom: URL(filePath: file))
    self.offset = offset
    if offset > 0 { try handle.seek(toOffset: offset) }
  }

  /// Hands over the whole lines that came since the last call; a line that is none of the log's is left out.
  ///
  /// - Throws: what the file system and the body say.
  public func read(_ body: (LogLine) throws -> Void) throws {
    while let entries = try next() {
      for entry in entries { try body(entry.line) }
    }
  }

  /// The lines of the next piece of the file, none when it ends no line; nil when nothing came since the last call.
  ///
  /// - Throws: what the file system says.
  public func next() throws -> [Entry]? {
    guard let chunk = try handle.read(upToCount: 256 << 10), !chunk.isEmpty else { return nil }
    var entries: [Entry] = []
    var start = 0
    let bytes = rest + chunk
    while let end = bytes[start...].firstIndex(of: 10) {
      if let line = LogLine(bytes[start..<end]) {
        entries.append(Entry(line: line, end: offset + UInt64(end + 1)))
      }
      start = end + 1
    }
    offset += UInt64(start)
    rest = Array(bytes[start...])
    return entries
  }
}
