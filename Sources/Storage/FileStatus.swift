import Glibc

/// What the kernel knows of a file, without following a link.
///
/// Here and not where it is needed: in a target that also imports networking, which C module `stat` belongs to depends on
/// the order of the build.
public struct FileStatus: Sendable, Hashable {
  /// What it is.
  public enum Kind: Sendable, Hashable { case file, folder, link, other }

  public let kind: Kind
  /// The rights of owner, group and others.
  public let rights: UInt32
  public let sizeInBytes: Int64
  /// Unix seconds.
  public let changedAt: Double

  /// nil when there is none, or it cannot be looked at: `errno` tells.
  public init?(path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Of an open file.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    rights = status.st_mode & 0o777
    sizeInBytes = Int64(status.st_size)
    changedAt = Double(status.st_mtim.tv_sec)
  }
}
