import Foundation

/// A copy of a project's files for one try of a task, which may change them.
public struct Workspace: Sendable {
  public let directory: String

  /// Copies a folder.
  ///
  /// - Parameters:
  ///   - files: the folder whose files are copied; what may not be written to in it may be in the copy.
  ///   - directory: the copy, which must not be there yet.
  /// - Throws: what the file system says; then nothing is left behind.
  public init(copying files: String, to directory: String) throws {
    self.directory = directory
    do {
      let manager = FileManager.default
      let parent = URL(filePath: directory).deletingLastPathComponent()
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      try Self.copy(files, to: directory)
    } catch {
      remove()
      throw error
    }
  }

  /// Removes the copy with all that was written to it; what cannot be removed is left for the next start.
  public func remove() { Self.remove(directory) }

  /// Removes a folder, also one with parts that may not be written to.
  public static func remove(_ directory: String) {
    // why: gone is what is wanted; what resists is unlocked and tried once more
    if (try? FileManager.default.removeItem(atPath: directory)) != nil { return }
    // why: a part that cannot be unlocked is a part that stays
    try? unlock(directory)
    try? FileManager.default.removeItem(atPath: directory)  // why: as above
  }

  /// Folder by folder, as a folder that may not be written to could not be filled.
  private static func copy(_ files: String, to directory: String) throws {
    let manager = FileManager.default
    var open = [(from: files, to: directory)]
    while let (from, to) = open.popLast() {
      guard try kind(of: from).isFolder else {
        try manager.copyItem(atPath: from, toPath: to)
        try unlockItem(to)
        continue
      }
      try manager.createDirectory(atPath: to, withIntermediateDirectories: false)
      open += try manager.contentsOfDirectory(atPath: from).map { ("\(from)/\($0)", "\(to)/\($0)") }
    }
  }

  /// Lets the owner read and write everything in a folder; links are not followed.
  private static func unlock(_ directory: String) throws {
    var open = [directory]
    while let path = open.popLast() {
      try unlockItem(path)
      guard try kind(of: path).isFolder else { continue }
      open += try FileManager.default.contentsOfDirectory(atPath: path).map { path + "/" + $0 }
    }
  }

  private static func unlockItem(_ path: String) throws {
    let (isFolder, isLink, mode) = try kind(of: path)
    let wanted = mode | (isFolder ? 0o700 : 0o600)
    guard !isLink, mode != wanted else { return }
    try FileManager.default.setAttributes([.posixPermissions: wanted], ofItemAtPath: path)
  }

  private static func kind(of path: String) throws -> (isFolder: Bool, isLink: Bool, mode: Int) {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let type = attributes[.type] as? FileAttributeType
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    return (type == .typeDirectory, type == .typeSymbolicLink, mode)
  }
}
