/// How much an archive may unpack to.
struct ArchiveLimits: Sendable {
  var entries = 20_000
  var unpackedBytes: Int64 = 1 << 30
  /// How many bytes one byte of the archive may become, once there are more than `freeBytes`.
  ///
  /// Text packs to a tenth; gzip ends near a thousand, which only a bomb reaches.
  var ratio: Int64 = 200
  /// So much may be unpacked at any ratio.
  var freeBytes: Int64 = 16 << 20

  static let standard = ArchiveLimits()

  /// What is wrong with having unpacked so much; nil when it is allowed.
  func problem(unpacked: Int64, packed: Int64) -> String? {
    if unpacked > unpackedBytes { return "unpacks to more than \(unpackedBytes >> 20) MB" }
    if unpacked > freeBytes, unpacked / ratio > packed {
      return "unpacks to more than \(ratio) times its size"
    }
    return nil
  }
}
