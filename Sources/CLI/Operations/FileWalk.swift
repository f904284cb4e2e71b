import Foundation
import Storage

/// Everything below a folder, one after another, links not followed.
struct FileWalk {
  /// Something that is there.
  struct Item {
    enum Kind {
      case file
      case folder
      case link
      /// A pipe, a socket, a device, or a name that is not UTF-8.
      case other
    }

    /// Relative to the folder, with `/` between the parts.
    let path: String
    let kind: Kind
    let sizeInBytes: Int64
    /// Unix seconds of the last change.
    let changedAt: Double
  }

  let root: String

  /// Hands over what is there in the order of names, a folder before what is in it; nothing when there is no folder.
  ///
  /// - Parameter body: answers whether to look into a folder.
  /// - Throws: ``CommandFailure`` `failed`, and what the body throws.
  func forEach(_ body: (Item) throws -> Bool) throws { try visit("", body) }

  private func visit(_ folder: String, _ body: (Item) throws -> Bool) throws {
    for name in try names(in: folder) {
      guard let name else {
        _ = try body(Item(path: folder, kind: .other, sizeInBytes: 0, changedAt: 0))
        continue
      }
      let path = folder.isEmpty ? name : folder + "/" + name
      guard let status = FileStatus(path: root + "/" + path) else {
        if errno == ENOENT { continue }
        throw FileDigest.failure(root + "/" + path, "read")
      }
      let kind: Item.Kind =
        switch status.kind {
        case .file: .file
        case .folder: .folder
        case .link: .link
        case .other: .other
        }
      let item = Item(
        path: path,
        kind: kind,
        sizeInBytes: kind == .file ? status.sizeInBytes : 0,
        changedAt: status.changedAt
      )
      if try body(item), kind == .folder { try visit(path, body) }
    }
  }

  /// nil stands for a name that is not UTF-8.
  private func names(in folder: String) throws(CommandFailure) -> [String?] {
    let path = folder.isEmpty ? root : root + "/" + folder
    guard let handle = opendir(path) else {
      if errno == ENOENT { return [] }
      throw FileDigest.failure(path, "listed")
    }
    defer { closedir(handle) }
    var names: [String?] = []
    while let entry = readdir(handle) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        Array(name.prefix { $0 != 0 })
      }
      if bytes.elementsEqual(".".utf8) || bytes.elementsEqual("..".utf8) { continue }
      names.append(String(validating: bytes, as: UTF8.self))
    }
    return names.sorted { ($0 ?? "").utf8.lexicographicallyPrecedes(($1 ?? "").utf8) }
  }
}

extension FileWalk {
  /// The files and bytes of a file or folder.
  static func content(of path: String) throws -> (files: Int, bytes: Int64) {
    guard let status = FileStatus(path: path) else { return (0, 0) }
    guard status.kind == .folder else { return (1, status.sizeInBytes) }
    var (files, bytes) = (0, Int64(0))
    try FileWalk(root: path).forEach { item in
      if item.kind != .folder { files += 1 }
      bytes += item.sizeInBytes
      return true
    }
    return (files, bytes)
  }
}
