import Foundation

/// Splits what a task prints into lines, chunk by chunk; a line may end in a later chunk.
///
/// Only a newline ends a line, so other bytes survive as they are. A line longer than ``longest`` comes in pieces.
struct PrintedLines {
  /// Bytes of a line that are handed over at once.
  static let longest = 64 << 10

  /// The beginning of a line whose end has not come yet.
  private(set) var rest: [UInt8] = []

  /// Hands over the lines that are complete, without their newline: pieces, and true when the line ends behind one.
  mutating func take(
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer, _ isEnd: Bool) -> Void
  ) {
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while let found = memchr(base + start, 10, bytes.count - start) {
      let end = UnsafeRawPointer(found) - base
      finish(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), body)
      start = end + 1
    }
    keep(UnsafeRawBufferPointer(rebasing: bytes[start...]), body)
  }

  /// Hands over a line without its end, if there is one.
  mutating func flush(_ body: (UnsafeRawBufferPointer, _ isEnd: Bool) -> Void) {
    guard !rest.isEmpty else { return }
    rest.withUnsafeBytes { body($0, false) }
    rest.removeAll(keepingCapacity: true)
  }

  private mutating func finish(
    _ tail: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer, Bool) -> Void
  ) {
    if rest.isEmpty, tail.count <= Self.longest { return body(tail, true) }
    keep(tail, body)
    rest.withUnsafeBytes { body($0, true) }
    rest.removeAll(keepingCapacity: true)
  }

  /// Keeps the beginning of a line; hands over what is too long to be kept.
  private mutating func keep(
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer, Bool) -> Void
  ) {
    var bytes = bytes
    while rest.count + bytes.count > Self.longest {
      let room = Self.longest - rest.count
      rest.append(contentsOf: bytes[..<room])
      rest.withUnsafeBytes { body($0, false) }
      rest.removeAll(keepingCapacity: true)
      bytes = UnsafeRawBufferPointer(rebasing: bytes[room...])
    }
    rest.append(contentsOf: bytes)
  }
}
