import Foundation

/// Reads an archive once from end to end before anything of it is unpacked.
///
/// This finds bombs while they cost nothing but time, and damage that unpacking would find too late or never.
struct ArchiveCheck {
  let file: String
  let limits: ArchiveLimits

  /// - Returns: the format and the size of the file in bytes.
  /// - Throws: ``ProjectError`` `badArchive`, or `io` when the file cannot be read.
  func run() throws -> (format: ArchiveReader.Format, size: Int64) {
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw ProjectError(.io, "the archive cannot be read: \(file)")
    }
    defer { closeQuietly(handle) }
    let size = Int64(try handle.seekToEnd())
    guard size > 0 else { throw ProjectError(.badArchive, "the archive is empty") }
    let format = try Self.format(of: file)
    if format == .zip {
      try ZipScan.check(handle)
      return (format, size)
    }
    let found = try scan(format, size)
    guard format == .gzipTar else { return (format, size) }
    guard size >= 18 else { throw damaged("it is cut off") }
    try handle.seek(toOffset: UInt64(size - 8))
    let trailer = Array(try handle.read(upToCount: 8) ?? Data())
    guard Self.number(trailer.prefix(4)) == found.checksum,
      Self.number(trailer.suffix(4)) == UInt32(truncatingIfNeeded: found.length)
    else { throw damaged("its checksum is wrong, or something follows it") }
    return (.gzipTar, size)
  }

  /// The format by the first bytes; whatever is neither gzip nor zip is taken for a tar.
  static func format(of file: String) throws -> ArchiveReader.Format {
    let input = try OpenFile(reading: file)
    let start = try withBuffer { buffer in
      Array(buffer[..<(try input.read(into: buffer))].prefix(2))
    }
    switch start {
    case [0x1f, 0x8b]: return .gzipTar
    case Array("PK".utf8): return .zip
    default: return .tar
    }
  }

  private func scan(
    _ format: ArchiveReader.Format,
    _ size: Int64
  ) throws -> (checksum: UInt32, length: Int64) {
    try ArchiveReader.bytes(of: file, format: format) { reader in
      var checksum = CRC32()
      var scan = TarScan()
      var length: Int64 = 0
      // Headers and padding count too: at most three blocks for an entry.
      let overhead = Int64(limits.entries) * 1_536
      _ = try reader.next()
      try withBuffer { buffer in
        while true {
          let count = try reader.read(into: buffer)
          guard count > 0 else { break }
          let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
          length += Int64(count)
          if format == .gzipTar { checksum.update(bytes) }
          if let problem = limits.problem(unpacked: length - overhead, packed: size) {
            throw ProjectError(.badArchive, "the archive \(problem)")
          }
          try scan.update(bytes)
        }
      }
      guard scan.isComplete else { throw damaged("it is cut off, or no tar") }
      return (checksum.value, length)
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func damaged(_ how: String) -> ProjectError {
    ProjectError(.badArchive, "the archive is damaged: \(how)")
  }
}

/// A buffer for copying, of a size that makes system calls cheap.
func withBuffer<T>(_ body: (UnsafeMutableRawBufferPointer) throws -> T) rethrows -> T {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  defer { buffer.deallocate() }
  return try body(buffer)
}

func closeQuietly(_ handle: FileHandle) {
  try? handle.close()  // why: it was only read from
}
