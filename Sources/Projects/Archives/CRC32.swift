/// The checksum of gzip (RFC 1952, section 8) of bytes that arrive in pieces.
///
/// Here because libarchive reads past it without looking.
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1
    }
  }

  private var state: UInt32 = 0xffff_ffff

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    state = Self.table.withUnsafeBufferPointer { table in
      var state = state
      for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xff)] ^ (state >> 8) }
      return state
    }
  }

  var value: UInt32 { ~state }
}
