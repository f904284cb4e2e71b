import CArchive
import Foundation

/// libarchive, opened when the first project is packed or unpacked.
public enum ArchiveLibrary {
  private static let failure: String? =
    tadoru_lazy_open_archive("libarchive.so.13") == 0
    ? nil : String(cString: tadoru_lazy_error_archive())

  /// Opens the library once.
  ///
  /// - Throws: ``ProjectError`` `io` with the command that installs it.
  static func open() throws(ProjectError) {
    if let failure {
      throw ProjectError(
        .io,
        "archives need the library `libarchive.so.13` (\(failure))",
        hint: "install it with `apt-get install libarchive13`"
      )
    }
  }

  /// The version of libarchive, as `3.6.2`.
  ///
  /// - Throws: ``ProjectError`` `io` with the command that installs it.
  public static func version() throws(ProjectError) -> String {
    try open()
    return String(cString: archive_version_string()).split(separator: " ").last.map(String.init)
      ?? "unknown"
  }

  /// Runs a closure in which libarchive takes and gives names as UTF-8, whatever the locale of the process.
  fileprivate static func inUTF8<T>(_ body: () throws -> T) throws -> T {
    try open()
    guard let locale = tadoru_utf8_locale() else { return try body() }
    let former = uselocale(locale)
    defer {
      uselocale(former)
      freelocale(locale)
    }
    return try body()
  }
}

/// Reads an archive from its beginning to its end; it must not leave the closure it is handed to.
final class ArchiveReader {
  /// What the bytes are, told by how they begin.
  enum Format { case tar, gzipTar, zip }

  private let archive: OpaquePointer

  private init(_ archive: OpaquePointer) { self.archive = archive }

  deinit { archive_read_free(archive) }

  /// The entries of an archive.
  static func entries<T>(
    of file: String,
    format: Format,
    _ body: (ArchiveReader) throws -> T
  ) throws -> T {
    try reading(file, isCompressed: format == .gzipTar, body) { archive in
      format == .zip
        ? archive_read_support_format_zip(archive) : archive_read_support_format_tar(archive)
    }
  }

  /// The bytes below the compression, as one stream.
  static func bytes<T>(
    of file: String,
    format: Format,
    _ body: (ArchiveReader) throws -> T
  ) throws -> T {
    try reading(file, isCompressed: format == .gzipTar, body) { archive in
      archive_read_support_format_raw(archive)
    }
  }

  private static func reading<T>(
    _ file: String,
    isCompressed: Bool,
    _ body: (ArchiveReader) throws -> T,
    format: (OpaquePointer) -> Int32
  ) throws -> T {
    try ArchiveLibrary.inUTF8 {
      guard let archive = archive_read_new() else { throw ProjectError(.io, "no memory") }
      let reader = ArchiveReader(archive)
      try reader.check(format(archive))
      if isCompressed { try reader.check(archive_read_support_filter_gzip(archive)) }
      try reader.check(archive_read_open_filename(archive, file, 1 << 16))
      return try body(reader)
    }
  }

  /// The next entry; nil at the end.
  ///
  /// A mere warning of the library is an error too: what it warns of are names and headers it cannot read.
  func next() throws -> ArchiveEntry? {
    var entry: OpaquePointer?
    let code = archive_read_next_header(archive, &entry)
    if code == ARCHIVE_EOF { return nil }
    try check(code)
    guard let entry else { return nil }
    let path = try Self.text(archive_entry_pathname(entry), "a name")
    return ArchiveEntry(
      path: path,
      kind: try kind(of: entry, path),
      sizeInBytes: archive_entry_size(entry),
      isExecutable: archive_entry_perm(entry) & 0o100 != 0
    )
  }

  private func kind(of entry: OpaquePointer, _ path: String) throws -> ArchiveEntry.Kind {
    if let target = archive_entry_hardlink(entry) {
      return .hardLink(to: try Self.text(target, "the target of the link \(path.quotedName)"))
    }
    guard archive_entry_is_encrypted(entry) == 0 else { return .special("an encrypted file") }
    switch archive_entry_filetype(entry) {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK:
      let target = archive_entry_symlink(entry)
      return .symbolicLink(to: try Self.text(target, "the target of the link \(path.quotedName)"))
    case S_IFCHR, S_IFBLK: return .special("a device")
    case S_IFIFO: return .special("a pipe")
    case S_IFSOCK: return .special("a socket")
    default: return .special("of an unknown type")
    }
  }

  private static func text(_ bytes: UnsafePointer<CChar>?, _ what: String) throws -> String {
    guard let bytes, let text = String(validatingCString: bytes) else {
      let shown = bytes.map { ": " + String(cString: $0).quotedName } ?? ""
      throw ProjectError(.badArchive, "\(what) is not UTF-8\(shown)")
    }
    return text
  }

  /// Reads content of the current entry; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failure }
    return count
  }

  private func check(_ code: Int32) throws {
    guard code == ARCHIVE_OK else { throw failure }
  }

  private var failure: ProjectError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "unknown format"
    return ProjectError(.badArchive, "the archive is damaged: \(reason)")
  }
}

/// Writes a gzip tar that depends on names and contents only; it must not leave the closure it is handed to.
final class ArchiveWriter {
  private let archive: OpaquePointer

  private init(_ archive: OpaquePointer) { self.archive = archive }

  deinit { archive_write_free(archive) }

  /// Hands a writer to a closure and ends the archive after it.
  ///
  /// The descriptor is of a file open for writing, and stays open.
  static func write(to descriptor: Int32, _ body: (ArchiveWriter) throws -> Void) throws {
    try ArchiveLibrary.inUTF8 {
      guard let archive = archive_write_new() else { throw ProjectError(.io, "no memory") }
      let writer = ArchiveWriter(archive)
      try writer.check(archive_write_set_format_pax_restricted(archive))
      try writer.check(archive_write_add_filter_gzip(archive))
      // Without it the header has the time of day.
      try writer.check(archive_write_set_filter_option(archive, "gzip", "timestamp", nil))
      try writer.check(archive_write_set_filter_option(archive, "gzip", "compression-level", "6"))
      try writer.check(archive_write_open_fd(archive, descriptor))
      try body(writer)
      try writer.check(archive_write_close(archive))
    }
  }

  /// Begins an entry; exactly its size in bytes must follow.
  func begin(_ entry: ArchiveEntry) throws {
    guard let header = archive_entry_new() else { throw ProjectError(.io, "no memory") }
    defer { archive_entry_free(header) }
    archive_entry_set_pathname(header, entry.path)
    archive_entry_set_mtime(header, 0, 0)
    archive_entry_set_uid(header, 0)
    archive_entry_set_gid(header, 0)
    archive_entry_set_size(header, entry.sizeInBytes)
    archive_entry_set_perm(header, entry.isExecutable || entry.kind == .folder ? 0o755 : 0o644)
    switch entry.kind {
    case .file: archive_entry_set_filetype(header, S_IFREG)
    case .folder: archive_entry_set_filetype(header, S_IFDIR)
    case .symbolicLink(let target):
      archive_entry_set_filetype(header, S_IFLNK)
      archive_entry_set_symlink(header, target)
    case .hardLink, .special:
      throw ProjectError(.refused, "\(entry.path.quotedName) is no file, folder or link")
    }
    try check(archive_write_header(archive, header))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard archive_write_data(archive, bytes.baseAddress, bytes.count) == bytes.count else {
      throw failure
    }
  }

  private func check(_ code: Int32) throws {
    guard code == ARCHIVE_OK else { throw failure }
  }

  private var failure: ProjectError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "unknown reason"
    return ProjectError(.io, "the archive cannot be written: \(reason)")
  }
}
