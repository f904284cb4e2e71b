import Foundation
import Storage
import Synchronization
import TestKit

@testable import Projects

/// A data folder with a store on it, and projects to push.
final class DataFolder: Sendable {
  let folder: TemporaryFolder
  let database: SQLDatabase
  let store: RevisionStore

  init() throws {
    folder = try TemporaryFolder()
    database = try SQLDatabase(path: folder.path + "/tadoru.db", durability: .process)
    // As the engine's first migration makes it.
    try database.write { connection in
      try connection.execute(
        "CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
      )
    }
    let names = Mutex(0)
    store = try RevisionStore(
      database: database,
      folder: folder.path,
      now: { 1_000 },
      newName: {
        names.withLock { number in
          number += 1
          return "name-\(number)"
        }
      }
    )
  }

  /// Files of revisions may not be written, which the folder's own removal does not expect.
  deinit { FolderTree.discard(folder.path) }

  /// Packs files as an archive to push and gives its path.
  func archive(_ files: [String: String]) throws -> String {
    let name = "project-\(files.keys.sorted().joined())-\(files.values.sorted().joined())"
    let source = "sources/\(abs(name.hashValue))"
    for (file, text) in files { try folder.write(text, to: "\(source)/\(file)") }
    let archive = folder.path + "/" + source + ".tar.gz"
    try ProjectArchive.pack(folder.path + "/" + source, to: archive)
    return archive
  }

  func push(
    _ project: String,
    _ revision: String,
    _ files: [String: String]
  ) throws -> Revision {
    try store.push(project: project, revision: revision, archive: try archive(files))
  }

  func push(_ project: String, _ files: [String: String]) throws -> Revision {
    try store.push(project: project, archive: try archive(files))
  }

  var archives: [String] { get throws { try FolderTree.names(in: folder.path + "/archives") } }
  var unpacked: [String] { get throws { try FolderTree.names(in: folder.path + "/revisions") } }
}
