import Foundation

/// Files of runs and models in a local folder; whatever is visible in it is whole.
///
/// A folder or file is copied beside its place, brought to the disk, and renamed into place at once.
/// What a killed process left half copied lies in `.incoming` and is removed by the next writer.
public struct ArtifactStore: Sendable {
  /// The folder that holds everything.
  public let root: String

  /// Nothing is made before the first file is stored.
  public init(root: String) {
    self.root = root
  }

  /// The absolute path of a place in the store; whether something is there is not checked.
  ///
  /// - Throws: ``TrackingError`` `invalid` for a place with `..`, empty parts or a leading `/`.
  public func path(of place: String) throws -> String {
    let parts = place.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0)
    }
    guard isPlain, parts.first?.hasPrefix(".") == false else {
      throw TrackingError(
        .invalid,
        "`\(place)` is no place in the artifact store: expected a relative path without `.` or `..`"
      )
    }
    return root + "/" + place
  }

  /// Copies a folder to a new place in the store, whole or not at all.
  ///
  /// - Parameters:
  ///   - folder: holds at least one file; links and devices in it are refused.
  ///   - place: nothing may be there yet; its last part but one is `m-` and the token.
  ///   - token: unique to this call.
  ///   - commit: records the files; when it throws, the folder is taken away again.
  /// - Returns: what `commit` gave.
  /// - Throws: ``TrackingError`` `artifact`, and what `commit` throws.
  func store<T>(
    folder: String,
    at place: String,
    token: String,
    commit: ([ArtifactFile]) throws -> T
  ) throws -> T {
    let target = try path(of: place)
    return try incoming(token, place: place) { copy in
      let files = try FolderCopy(from: folder, to: copy).run()
      guard !files.isEmpty else {
        throw TrackingError(.artifact, "the folder `\(folder)` has no file to store")
      }
      let parent = (target as NSString).deletingLastPathComponent
      try makeFolders(parent)
      try Disk.rename(copy, to: target)
      do {
        try Disk.synchronize(folder: parent)
        return try commit(files)
      } catch {
        try removePlace(place)
        throw error
      }
    }
  }

  /// Copies a file to a place in the store, replacing what is there.
  func store<T>(
    file: String,
    at place: String,
    named path: String,
    token: String,
    commit: (ArtifactFile) throws -> T
  ) throws -> T {
    let target = try self.path(of: place + "/" + path)
    return try incoming(token, place: nil) { copy in
      let written = try FolderCopy.copy(file: file, to: copy)
      let parent = (target as NSString).deletingLastPathComponent
      try makeFolders(parent)
      try Disk.rename(copy, to: target)
      try Disk.synchronize(folder: parent)
      return try commit(
        ArtifactFile(path: path, sizeInBytes: written.size, sha256: written.sha256)
      )
    }
  }

  /// Reads every file again and compares it with what was stored.
  ///
  /// - Returns: the absolute path of the folder.
  /// - Throws: ``TrackingError`` `artifact`, naming the first file that differs.
  func verified(_ files: [ArtifactFile], at place: String) throws -> String {
    let folder = try path(of: place)
    for file in files {
      let path = folder + "/" + file.path
      guard let size = Disk.size(ofFile: path) else {
        throw TrackingError(.artifact, "the stored file `\(path)` is missing; store it again")
      }
      guard size == file.sizeInBytes else {
        throw TrackingError(
          .artifact,
          "the stored file `\(path)` is damaged: expected \(file.sizeInBytes) bytes, found \(size); "
            + "store it again"
        )
      }
      guard try FolderCopy.copy(file: path, to: nil).sha256 == file.sha256 else {
        throw TrackingError(
          .artifact,
          "the stored file `\(path)` is damaged: its contents are not those that were stored (its "
            + "SHA-256 differs from `\(file.sha256)`); store it again"
        )
      }
    }
    return folder
  }

  func makeFolders(_ path: String) throws {
    guard access(path, F_OK) != 0 else { return }
    let parent = (path as NSString).deletingLastPathComponent
    try makeFolders(parent)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Disk.failure("the folder `\(path)` could not be made")
    }
    try Disk.synchronize(folder: parent)
  }

  /// Removes what is at a place, and the folder that was made for it alone.
  func removePlace(_ place: String) throws {
    let target = try path(of: place)
    try remove(target)
    let parent = (target as NSString).deletingLastPathComponent
    guard rmdir(parent) == 0 || errno == ENOTEMPTY || errno == ENOENT else {
      throw Disk.failure("`\(parent)` could not be removed")
    }
  }

  func remove(_ path: String) throws {
    guard access(path, F_OK) == 0 else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw TrackingError(.artifact, "`\(path)` could not be removed", cause: error)
    }
  }
}
