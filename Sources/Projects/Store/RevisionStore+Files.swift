import Foundation
import Storage
import Values
public import WorkflowLanguage

extension RevisionStore {
  /// The archive of a revision, a gzip tar.
  ///
  /// - Throws: ``ProjectError`` `io` when it is missing.
  public func archive(of revision: Revision) throws -> String {
    let path = layout.archive(revision.hash)
    guard FolderTree.exists(path) else {
      throw ProjectError(.io, "the archive of the revision \(revision.name.quotedName) is missing")
    }
    return path
  }

  /// The folder with the files of a revision, which may be read and not written.
  ///
  /// Unpacked again where it is missing.
  /// - Throws: ``ProjectError`` `io` when the archive is missing or damaged.
  public func files(of revision: Revision) throws -> String {
    try RevisionFiles(layout: layout, hash: revision.hash).folder()
  }

  /// The workflows of a revision in the order of their names; those asked for last are kept in memory.
  ///
  /// - Throws: ``ProjectError`` `io` as `files`; `refused` when this version finds mistakes another one did not.
  public func workflows(of revision: Revision) throws -> [WorkflowDefinition] {
    try cache.workflows(of: revision.hash) {
      let loaded = ProjectLoader.load(directory: try files(of: revision))
      guard !loaded.isRefused else {
        throw ProjectError(
          .refused,
          "the revision \(revision.name.quotedName) has mistakes that were none when it was pushed",
          diagnostics: loaded.diagnostics
        )
      }
      return loaded.workflows
    }
  }

  /// Archives and folders in the data folder that no revision names.
  public struct Unused: Sendable, Hashable {
    public let paths: [String]
    /// Of the archives.
    public let sizeInBytes: Int64
  }

  /// What may be removed: no revision names it, and it is not so young that a push may be about to.
  ///
  /// - Parameters:
  ///   - keeping: hashes to leave alone whatever the rows say.
  ///   - age: in seconds.
  public func unused(keeping: Set<String> = [], age: Double = 3_600) throws -> Unused {
    let rows = try database.read { try $0.rows("SELECT DISTINCT hash FROM revisions") }
    let used = keeping.union(rows.compactMap { $0["hash"]?.string })
    var paths: [String] = []
    var size: Int64 = 0
    for folder in [layout.archives, layout.revisions] {
      for name in try FolderTree.names(in: folder) {
        let hash = name.hasSuffix(StoreLayout.suffix) ? String(name.dropLast(7)) : name
        var status = stat()
        guard !used.contains(hash), lstat(folder + "/" + name, &status) == 0,
          now() - Double(status.st_mtim.tv_sec) > age
        else { continue }
        paths.append(folder + "/" + name)
        if status.st_mode & S_IFMT == S_IFREG { size += Int64(status.st_size) }
      }
    }
    return Unused(paths: paths, sizeInBytes: size)
  }

  /// Removes what ``unused(keeping:age:)`` found.
  ///
  /// - Throws: ``ProjectError`` `io`; the rest is still there then.
  public func remove(_ unused: Unused) throws {
    for path in unused.paths { try FolderTree.remove(path) }
  }
}
