import Foundation

/// The files of one archive in the folder `revisions`, which may be read and not written.
struct RevisionFiles {
  let layout: StoreLayout
  let hash: String

  /// The folder, unpacked from the archive where it is missing.
  ///
  /// - Throws: ``ProjectError`` `io` when the archive is missing or not the one that was pushed.
  func folder() throws -> String {
    let place = layout.files(hash)
    if FolderTree.exists(place) { return place }
    let archive = layout.archive(hash)
    guard FolderTree.exists(archive) else {
      throw ProjectError(.io, "the archive \(hash) is missing", hint: "push the revision again")
    }
    guard try ProjectArchive.hash(of: archive).hash == hash else {
      throw ProjectError(.io, "the archive \(hash) is damaged", hint: "push the revision again")
    }
    let draft = try ProjectArchive.draft(of: archive, beside: place)
    defer { FolderTree.discard(draft) }
    try Self.protect(draft)
    try put(draft)
    return place
  }

  /// Moves files that were unpacked beside the place to it; files that are there already stay.
  func put(_ draft: String) throws(ProjectError) {
    do {
      try ProjectArchive.move(draft, to: layout.files(hash))
    } catch  where error.code == .conflict {
      return  // why: another push of the same bytes was faster, and its files are the same
    }
  }

  /// Takes the right to write from everybody; links have no rights of their own.
  static func protect(_ path: String) throws(ProjectError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw ProjectError.system("\(path.quotedName) cannot be read")
    }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFLNK else { return }
    if kind == S_IFDIR {
      for name in try FolderTree.names(in: path) { try protect(path + "/" + name) }
    }
    guard chmod(path, status.st_mode & 0o555) == 0 else {
      throw ProjectError.system("the rights of \(path.quotedName) cannot be set")
    }
  }
}
