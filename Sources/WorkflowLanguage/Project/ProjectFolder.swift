import Foundation
import Values

/// The files of a project, by their paths relative to its root.
struct ProjectFolder: Sendable {
  /// Folders with more files are not searched for a name that may have been meant.
  static let mostCompared = 500
  /// Larger files are refused before anything of them is read.
  static let longestFile = 32 << 20

  let root: String

  /// The bytes of a file.
  ///
  /// - Throws: ``WorkflowError`` `fileNotFound` with the nearest names of its folder as hint.
  func read(_ path: String) throws(WorkflowError) -> [UInt8] {
    let kind = kind(of: path)
    guard kind == .file else {
      let found = kind == .folder ? ", `\(path)` is a folder" : ""
      throw WorkflowError(.fileNotFound, "File not found: \(path)\(found)", hint: hint(for: path))
    }
    try checkSize(of: path)
    do {
      return Array(try Data(contentsOf: URL(filePath: full(path))))
    } catch {
      let mayRead = FileManager.default.isReadableFile(atPath: full(path))
      throw WorkflowError(
        .fileNotFound,
        "`\(path)` cannot be read\(mayRead ? "" : ": permission denied")",
        hint: mayRead ? nil : "`ls -l` shows who may read it, `chmod` changes it",
        cause: error
      )
    }
  }

  private func checkSize(of path: String) throws(WorkflowError) {
    // why: a file whose size is not known is read, and what is wrong with it is told then
    let found = try? FileManager.default.attributesOfItem(atPath: full(path))
    guard let size = (found?[.size] as? NSNumber)?.intValue, size > Self.longestFile else { return }
    throw WorkflowError(
      .fileNotFound,
      "`\(path)` has \(size >> 20) MB, at most \(Self.longestFile >> 20) MB are read",
      at: SourceLocation(file: path, line: 1, column: 1)
    )
  }

  /// The names in a folder in the order of their bytes; empty for a folder that is not there.
  func names(in folder: String = "") -> [String] {
    // why: a folder that cannot be listed has no names to offer
    let names = try? FileManager.default.contentsOfDirectory(atPath: full(folder))
    return (names ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func isFile(_ path: String) -> Bool { kind(of: path) == .file }

  /// False where the root itself cannot be listed.
  var exists: Bool { kind(of: "") == .folder }

  private enum Kind { case file, folder, absent }

  private func kind(of path: String) -> Kind {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: full(path), isDirectory: &isFolder) else {
      return .absent
    }
    return isFolder ? .folder : .file
  }

  private func full(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

  private func hint(for path: String) -> String? {
    let (folder, name) = ProjectPath.split(path)
    let names = names(in: folder).filter { !$0.hasPrefix(".") }
    guard names.count <= Self.mostCompared else { return nil }
    let near = Suggestion.nearest(to: name, among: names)
    guard !near.isEmpty else { return nil }
    return
      "did you mean \(near.map { "`\(ProjectPath.join(folder, $0))`" }.joined(separator: ", "))"
  }
}

/// Paths inside a project, without touching the disk.
enum ProjectPath {
  /// The folder, empty for the root, and the last name.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : path.isEmpty ? folder : folder + "/" + path
  }

  /// A path without `.` and `..`; nil for an absolute one and for one that climbs out of where it starts.
  static func normalize(_ path: String) -> String? {
    guard !path.hasPrefix("/") else { return nil }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }
}
