import Foundation

/// Where test files lie, and which project each belongs to.
enum TestFiles {
  private static let endings = [".test.yml", ".test.yaml"]
  private static let deepest = 8

  /// The test files of what was named: a file as it is, a folder with everything below.
  ///
  /// - Throws: ``CommandFailure`` `usage` for what is not there.
  static func find(_ places: [String]) throws(CommandFailure) -> [String] {
    var files: [String] = []
    for place in places {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
        throw CommandFailure(.usage, "there is no file or folder `\(place)`")
      }
      files += isFolder.boolValue ? below(place) : [place]
    }
    return files
  }

  private static func below(_ folder: String) -> [String] {
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    let all = FileManager.default.enumerator(
      at: root,
      includingPropertiesForKeys: nil,
      options: [.skipsHiddenFiles]
    )
    var files: [String] = []
    let start = root.path(percentEncoded: false)
    while let url = all?.nextObject() as? URL {
      if (all?.level ?? 0) > deepest || url.lastPathComponent == "node_modules" {
        all?.skipDescendants()
      }
      let path = url.path(percentEncoded: false)
      guard endings.contains(where: path.hasSuffix) else { continue }
      let relative = path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
      files.append(folder == "." ? relative : start + relative)
    }
    return files.sorted()
  }

  /// The nearest folder at or above a file that holds workflows.
  ///
  /// - Throws: ``CommandFailure`` `usage` when there is none.
  static func project(of file: String) throws(CommandFailure) -> LocalProject {
    var folder = URL(filePath: file).standardizedFileURL.deletingLastPathComponent()
    for _ in 0..<deepest {
      let path = folder.path(percentEncoded: false)
      // why: a folder that cannot be listed holds no workflows for us
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      if names.contains(where: { $0.hasSuffix(".dig") }) { return LocalProject(path) }
      guard folder.pathComponents.count > 1 else { break }
      folder.deleteLastPathComponent()
    }
    throw CommandFailure(
      .usage,
      "`\(file)` belongs to no project: no folder above it has a .dig file",
      hint: "put it into the project, for example as `tests/NAME.test.yml`"
    )
  }
}
