import Foundation

/// Steps on whole folders.
enum FolderTree {
  /// Makes a folder and those above it, for their owner alone.
  static func make(_ path: String) throws(ProjectError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let parent = parent(of: path)
    guard errno == ENOENT, parent != path else {
      throw ProjectError.system("\(path.quotedName) cannot be made")
    }
    try make(parent)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw ProjectError.system("\(path.quotedName) cannot be made")
    }
  }

  /// A new empty folder beside the given place, on the same file system, for what is renamed to the place at the end.
  static func makePrivate(beside place: String) throws(ProjectError) -> String {
    let parent = parent(of: place)
    try make(parent)
    var template = Array("\(parent)/\(leftoverPrefix)XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
    }
    guard made else { throw ProjectError.system("a folder in \(parent.quotedName) cannot be made") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// How the names of unfinished folders and files begin.
  static let leftoverPrefix = ".unfinished-"

  /// Removes a folder with all in it, also where its folders may not be written.
  static func remove(_ path: String) throws(ProjectError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw ProjectError.system("\(path.quotedName) cannot be removed")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      if unlink(path) == 0 || errno == ENOENT { return }
      throw ProjectError.system("\(path.quotedName) cannot be removed")
    }
    chmod(path, 0o700)
    for name in try names(in: path) { try remove(path + "/" + name) }
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw ProjectError.system("\(path.quotedName) cannot be removed")
    }
  }

  /// The same where it is only tidying up behind something that counts.
  static func discard(_ path: String) {
    try? remove(path)  // why: what is left over is found by `unused` later
  }

  /// The names in a folder in the order of their bytes.
  ///
  /// - Throws: ``ProjectError`` `io`, or `refused` for a name that is not UTF-8.
  static func names(in path: String) throws(ProjectError) -> [String] {
    guard let folder = opendir(path) else {
      throw ProjectError.system("\(path.quotedName) cannot be listed")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        Array(bytes.prefix { $0 != 0 })
      }
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
      guard let text = String(validating: name, as: UTF8.self) else {
        let shown = (path + "/" + String(decoding: name, as: UTF8.self)).quotedName
        throw ProjectError(.refused, "the name of \(shown) is not UTF-8", hint: "rename the file")
      }
      names.append(text)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func parent(of path: String) -> String {
    let parts = path.utf8.lastIndex(of: 0x2f).map { String(path[..<$0]) }
    return parts.map { $0.isEmpty ? "/" : $0 } ?? "."
  }

  /// Returns when the names in a folder have reached the disk.
  static func synchronize(_ path: String) throws(ProjectError) {
    try OpenFile(reading: path, followsLinks: true).synchronize()
  }
}
