import Foundation
import Storage
import Values

/// Archives and folders in the data folder that no revision names.
public struct UnusedFiles: Sendable, Hashable {
  public let paths: [String]
  /// Of the archives.
  public let sizeInBytes: Int64
}

extension RevisionStore {
  /// What may be removed: no revision names it, and it is not so young that a push may be about to.
  ///
  /// Hashes in `keeping` are left alone whatever the rows say; `age` is in seconds.
  public func unused(keeping: Set<String> = [], age: Double = 3_600) throws -> UnusedFiles {
    try database.read { try unused(keeping, age, $0) }
  }

  /// Removes what ``unused(keeping:age:)`` would find now, and tells what that was.
  ///
  /// - Throws: ``ProjectError`` `io`; what could not be removed is found again the next time.
  @discardableResult
  public func removeUnused(
    keeping: Set<String> = [],
    age: Double = 3_600
  ) throws -> UnusedFiles {
    let grave = try FolderTree.makePrivate(beside: layout.revisions + "/gone")
    defer { FolderTree.discard(grave) }
    // A folder cannot be moved into itself, however old a clock that jumped makes it.
    let keeping = keeping.union([(grave as NSString).lastPathComponent])
    // Pushes move archives in within a transaction too, so none comes between looking and moving away.
    let (found, moved) = try database.write { connection in
      let found = try unused(keeping, age, connection)
      let moved = try found.paths.enumerated().map { number, path in
        let place = "\(grave)/\(number)"
        // A folder that may not be written cannot change the folder it is in.
        guard chmod(path, 0o700) == 0, rename(path, place) == 0 else {
          throw ProjectError.system("\(path.quotedName) cannot be removed")
        }
        return place
      }
      return (found, moved)
    }
    for path in moved { try FolderTree.remove(path) }
    return found
  }

  private func unused(
    _ keeping: Set<String>,
    _ age: Double,
    _ connection: SQLConnection
  ) throws -> UnusedFiles {
    let rows = try connection.rows("SELECT DISTINCT hash FROM revisions")
    let used = keeping.union(rows.compactMap { $0["hash"]?.string })
    var paths: [String] = []
    var size: Int64 = 0
    for folder in [layout.archives, layout.revisions] {
      for name in try FolderTree.names(in: folder) {
        let path = folder + "/" + name
        var status = stat()
        guard !used.contains(StoreLayout.hash(of: name)), lstat(path, &status) == 0,
          now() - Double(status.st_mtim.tv_sec) > age
        else { continue }
        paths.append(path)
        if status.st_mode & S_IFMT == S_IFREG { size += Int64(status.st_size) }
      }
    }
    return UnusedFiles(paths: paths, sizeInBytes: size)
  }
}
