/// Digits, capital and small letters: text that survives every shell, URL and double click.
enum Base62 {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
  )

  /// The bytes as one large number, in at least so many digits.
  static func text(_ bytes: [UInt8], digits count: Int) -> String {
    var number = bytes
    var text: [UInt8] = []
    while text.count < count || number.contains(where: { $0 != 0 }) {
      var rest = 0
      for index in number.indices {
        let part = rest << 8 | Int(number[index])
        number[index] = UInt8(part / 62)
        rest = part % 62
      }
      text.append(digits[rest])
    }
    return String(decoding: text.reversed(), as: UTF8.self)
  }
}

/// The checksum of ISO 3309, as zlib and PNG have it: reflected, polynomial 0x04C11DB7.
enum CRC32 {
  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    var register = ~UInt32(0)
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
    }
    return ~register
  }
}
