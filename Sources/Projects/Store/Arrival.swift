import Foundation

/// An archive on its way in: a copy beside the others and its files, neither of which counts yet.
struct Arrival {
  let hash: String
  let sizeInBytes: Int64
  /// The folder with its files.
  let files: String
  private let draft: String
  private let layout: StoreLayout

  init(_ source: String, _ layout: StoreLayout) throws {
    self.layout = layout
    draft = try FolderTree.makePrivate(beside: layout.archive("new"))
    do {
      let copy = draft + "/archive"
      try Self.copy(source, to: copy)
      files = try ProjectArchive.draft(of: copy, beside: layout.files("new"))
    } catch {
      FolderTree.discard(draft)
      throw error
    }
    do {
      (hash, sizeInBytes) = try Self.asGzip(draft + "/archive", files)
      try RevisionFiles.protect(files)
    } catch {
      FolderTree.discard(draft)
      FolderTree.discard(files)
      throw error
    }
  }

  /// The copy is what is hashed, unpacked and kept, whatever happens to the file meanwhile.
  private static func copy(_ source: String, to place: String) throws {
    let input = try OpenFile(reading: source, followsLinks: true)
    let output = try OpenFile(making: place)
    try withBuffer { buffer in
      while true {
        let count = try input.read(into: buffer)
        guard count > 0 else { break }
        try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    try output.synchronize()
  }

  private static func asGzip(_ archive: String, _ files: String) throws -> (String, Int64) {
    if try ArchiveCheck.format(of: archive) != .gzipTar {
      let packed = try ProjectArchive.repack(files, to: archive)
      return (packed.hash, packed.sizeInBytes)
    }
    return try ProjectArchive.hash(of: archive)
  }

  /// Moves both to their places; an archive that is there already stays and becomes young again.
  func keep() throws {
    let place = layout.archive(hash)
    guard rename(draft + "/archive", place) == 0 else {
      throw ProjectError.system("the archive cannot be kept")
    }
    utimes(place, nil)
    try FolderTree.synchronize(layout.archives)
    try RevisionFiles(layout: layout, hash: hash).put(files)
  }

  func discard() {
    FolderTree.discard(draft)
    FolderTree.discard(files)
  }
}
