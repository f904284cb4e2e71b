/// Cuts a stream of bytes into lines as they arrive.
///
/// Of a line that was overwritten with carriage returns, as progress bars do, the last state is kept.
struct LineSplitter {
  private var pending: [UInt8] = []
  private let limit: Int

  /// - Parameter limit: bytes of a line beyond this are dropped.
  init(limit: Int = 65_536) { self.limit = limit }

  mutating func feed(_ bytes: UnsafeRawBufferPointer, line: (String) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      append(rest[..<end])
      finish(line)
      rest = rest[(end + 1)...]
    }
    append(rest)
  }

  /// Gives out what follows the last line break.
  mutating func end(line: (String) -> Void) {
    if !pending.isEmpty { finish(line) }
  }

  private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) {
    pending.append(contentsOf: bytes.prefix(max(0, limit - pending.count)))
  }

  private mutating func finish(_ line: (String) -> Void) {
    while pending.last == 0x0D { pending.removeLast() }
    let shown = pending.lastIndex(of: 0x0D).map { pending[($0 + 1)...] } ?? pending[...]
    line(String(decoding: shown, as: UTF8.self))
    pending.removeAll(keepingCapacity: true)
  }
}
