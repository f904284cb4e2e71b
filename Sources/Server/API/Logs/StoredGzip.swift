/// A gzip file whose contents are stored as they are (RFC 1952 and 1951 §3.2.4): every client reads it, and it takes no memory.
struct StoredGzip {
  static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  private static let longest = 65_535

  private var checksum: UInt32 = 0xFFFF_FFFF
  private var length: UInt32 = 0

  /// The blocks of some bytes.
  mutating func blocks(of bytes: [UInt8]) -> [UInt8] {
    var blocks: [UInt8] = []
    blocks.reserveCapacity(bytes.count + 5 * (bytes.count / Self.longest + 1))
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Self.longest)
      rest = rest.dropFirst(piece.count)
      Self.append(head: UInt16(piece.count), isLast: false, to: &blocks)
      blocks.append(contentsOf: piece)
    }
    for byte in bytes {
      checksum = Self.table[Int((checksum ^ UInt32(byte)) & 0xFF)] ^ (checksum >> 8)
    }
    length &+= UInt32(truncatingIfNeeded: bytes.count)
    return blocks
  }

  /// What ends the file.
  func end() -> [UInt8] {
    var bytes: [UInt8] = []
    Self.append(head: 0, isLast: true, to: &bytes)
    for word in [~checksum, length] {
      for shift in stride(from: UInt32(0), through: 24, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }

  private static func append(head count: UInt16, isLast: Bool, to bytes: inout [UInt8]) {
    bytes.append(isLast ? 1 : 0)
    for word in [count, ~count] {
      bytes.append(UInt8(truncatingIfNeeded: word))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
    }
  }

  /// CRC-32 of each byte (RFC 1952 §8).
  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
  }
}
