import Foundation

/// The regular files below a folder, in order of their paths; no symbolic link is followed.
struct FolderListing: Sendable {
  struct File: Sendable {
    /// Relative to the folder, parts separated by `/`.
    let path: String
    let sizeInBytes: Int64
    /// Unix seconds.
    let modifiedAt: Double
  }

  let files: [File]
  /// False when there are more than were asked for.
  let isComplete: Bool

  /// - Parameters:
  ///   - folder: has no files when it is not there.
  ///   - most: so many files are listed.
  /// - Throws: what the file system says.
  init(_ folder: String, most: Int) throws {
    let keys: Set<URLResourceKey> = [
      .isRegularFileKey, .isSymbolicLinkKey, .fileSizeKey, .contentModificationDateKey,
    ]
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: Array(keys))
    var found: [File] = []
    var isComplete = true
    while let url = walk?.nextObject() as? URL {
      let values = try url.resourceValues(forKeys: keys)
      guard values.isRegularFile == true, values.isSymbolicLink != true else { continue }
      guard found.count < most else {
        isComplete = false
        break
      }
      found.append(
        File(
          path: url.pathComponents.dropFirst(root.pathComponents.count).joined(separator: "/"),
          sizeInBytes: Int64(values.fileSize ?? 0),
          modifiedAt: values.contentModificationDate?.timeIntervalSince1970 ?? 0
        )
      )
    }
    files = found.sorted { $0.path < $1.path }
    self.isComplete = isComplete
  }
}
