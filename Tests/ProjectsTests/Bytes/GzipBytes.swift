@testable import Projects

/// gzip without compression: its frame around stored blocks (RFC 1951, section 3.2.4; RFC 1952).
enum GzipBytes {
  static func pack(_ bytes: [UInt8], checksum: UInt32? = nil) -> [UInt8] {
    var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(0xffff)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      packed += [rest.isEmpty ? 1 : 0]
      packed += little(UInt32(length), 2) + little(UInt32(~length), 2) + block
    } while !rest.isEmpty
    return packed + little(checksum ?? crc(bytes), 4) + little(UInt32(bytes.count), 4)
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32()
    bytes.withUnsafeBytes { crc.update($0) }
    return crc.value
  }

  static func little(_ number: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
  }
}

/// A zip of stored files, written byte by byte (APPNOTE of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16).
struct ZipBytes {
  private var local: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt32 = 0

  /// The mode is that of Unix with the type of the file; `0o120777` is a link whose target is the content.
  func entry(
    _ name: String,
    _ text: String = "x",
    mode: UInt32 = 0o100644,
    checksum: UInt32? = nil
  ) -> ZipBytes {
    raw(Array(name.utf8), Array(text.utf8), mode: mode, checksum: checksum)
  }

  func raw(
    _ name: [UInt8],
    _ content: [UInt8] = [0x78],
    mode: UInt32 = 0o100644,
    checksum: UInt32? = nil
  ) -> ZipBytes {
    let little = GzipBytes.little
    let size = little(UInt32(content.count), 4)
    // Flag 0x800: the name is UTF-8. Method, time and date are 0.
    var common = little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 4)
    common += little(checksum ?? GzipBytes.crc(content), 4) + size + size
    common += little(UInt32(name.count), 2) + little(0, 2)
    var copy = self
    copy.directory += little(0x0201_4b50, 4) + little(0x0314, 2) + common
    copy.directory += little(0, 2) + little(0, 2) + little(0, 2) + little(mode << 16, 4)
    copy.directory += little(UInt32(local.count), 4) + name
    copy.local += little(0x0403_4b50, 4) + common + name + content
    copy.count += 1
    return copy
  }

  var ended: [UInt8] {
    let little = GzipBytes.little
    return local + directory + little(0x0605_4b50, 4) + little(0, 4) + little(count, 2)
      + little(count, 2) + little(UInt32(directory.count), 4) + little(UInt32(local.count), 4)
      + little(0, 2)
  }
}
