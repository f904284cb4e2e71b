import Foundation

/// The files and links of an unpacked project, for comparing.
struct ProjectFiles {
  struct Item: Equatable {
    let sizeInBytes: Int64
    let isExecutable: Bool
    let isLink: Bool
  }

  /// Larger files are compared but not shown line by line.
  static let longestText: Int64 = 256 << 10

  let folder: String
  let items: [EntryPath: Item]

  init(folder: String) throws {
    self.folder = folder
    var items: [EntryPath: Item] = [:]
    try Self.walk(folder, .root, &items)
    self.items = items
  }

  private static func walk(
    _ folder: String,
    _ path: EntryPath,
    _ items: inout [EntryPath: Item]
  ) throws {
    for name in try FolderTree.names(in: folder) {
      let place = folder + "/" + name
      let inner = path.appending(Array(name.utf8))
      var status = stat()
      guard lstat(place, &status) == 0 else {
        throw ProjectError.system("\(inner.text.quotedName) cannot be read")
      }
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR {
        try walk(place, inner, &items)
      } else {
        items[inner] = Item(
          sizeInBytes: Int64(status.st_size),
          isExecutable: kind != S_IFLNK && status.st_mode & 0o100 != 0,
          isLink: kind == S_IFLNK
        )
      }
    }
  }

  /// The bytes of a small file, or the target of a link; nil for a file that is too large to be shown.
  func content(_ path: EntryPath) throws -> [UInt8]? {
    guard let item = items[path], item.sizeInBytes <= Self.longestText else { return nil }
    let place = folder + "/" + path.text
    if item.isLink {
      return Array(try FileManager.default.destinationOfSymbolicLink(atPath: place).utf8)
    }
    let file = try OpenFile(reading: place)
    var bytes: [UInt8] = []
    try withBuffer { buffer in
      while true {
        let count = try file.read(into: buffer)
        guard count > 0 else { break }
        bytes += buffer[..<count]
      }
    }
    return bytes
  }

  /// Whether a file has the same bytes here and there.
  func hasSameContent(_ path: EntryPath, as other: ProjectFiles) throws -> Bool {
    let sizes = (items[path]?.sizeInBytes, other.items[path]?.sizeInBytes)
    guard sizes.0 == sizes.1 else { return false }
    if let here = try content(path) { return here == (try other.content(path)) }
    let place = "/" + path.text
    return try ProjectArchive.hash(of: folder + place).hash
      == ProjectArchive.hash(of: other.folder + place).hash
  }
}
