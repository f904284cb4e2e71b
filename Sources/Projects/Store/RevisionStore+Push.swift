import Foundation
import Storage
import Values
import WorkflowLanguage

extension RevisionStore {
  /// Takes an archive in as a revision of a project, which is made when it is new.
  ///
  /// The same bytes under the same name again are answered with the revision that is there.
  /// - Parameters:
  ///   - revision: nil for a new name.
  ///   - archive: a gzip tar, kept as it is, or a tar or zip, kept as a gzip tar; the file itself is left alone.
  ///   - account: who pushes; nil for the owner of a server without accounts.
  /// - Throws: ``ProjectError`` `invalidName`, `badArchive`, `refused` with all diagnostics, `conflict` when the
  ///   name is taken by other bytes, or `io`. Nothing is kept then.
  public func push(
    project: String,
    revision: String? = nil,
    archive: String,
    account: Int64? = nil
  ) throws -> Revision {
    try ProjectName.check(project: project)
    let name = revision ?? newName()
    try ProjectName.check(revision: name)
    let arrival = try Arrival(archive, layout)
    defer { arrival.discard() }
    let workflows = try check(arrival)
    try arrival.keep()
    return try database.write { connection in
      let id = try projectNumber(project, connection)
      if let former = try Self.revision(of: id, named: name, connection) {
        guard former.hash == arrival.hash else {
          throw ProjectError(
            .conflict,
            "the project \(project.quotedName) has a revision \(name.quotedName) with other files",
            hint: "push under another name"
          )
        }
        return former
      }
      try connection.execute(
        """
        INSERT INTO revisions (
          project_id, name, hash, size_in_bytes, workflows, created_at, account_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [
          .int(id), .string(name), .string(arrival.hash), .int(arrival.sizeInBytes),
          .array(workflows.map { .string($0.name) }), .double(now()),
          account.map { .int($0) } ?? .null,
        ]
      )
      guard let made = try Self.revision(of: id, named: name, connection) else {
        throw ProjectError(.io, "the revision was not kept")
      }
      return made
    }
  }

  private func check(_ arrival: Arrival) throws -> [WorkflowDefinition] {
    let loaded = ProjectLoader.load(directory: arrival.files)
    guard !loaded.isRefused else {
      let problems = loaded.diagnostics.map { diagnostic in
        // Where the files lie for the moment is of no use to anybody.
        Diagnostic(
          diagnostic.severity,
          diagnostic.message.replacing(arrival.files, with: "the archive"),
          at: diagnostic.location,
          hint: diagnostic.hint
        )
      }
      throw ProjectError(
        .refused,
        "the project is refused: \(loaded.errors.count) of its workflows' lines have mistakes",
        diagnostics: problems
      )
    }
    return loaded.workflows
  }

  private func projectNumber(_ name: String, _ connection: SQLConnection) throws -> Int64 {
    let known = try connection.row(
      "SELECT project_id FROM pushed_projects WHERE name = $1 AND deleted_at IS NULL",
      [.string(name)]
    )
    if let id = known?["project_id"]?.int { return id }
    // The engine may have made the row for a run before the first push.
    try connection.execute(
      "INSERT INTO projects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
      [.string(name)]
    )
    let row = try connection.row("SELECT id FROM projects WHERE name = $1", [.string(name)])
    guard let id = row?["id"]?.int else { throw ProjectError(.io, "the project was not kept") }
    try connection.execute(
      "INSERT INTO pushed_projects (project_id, name, created_at) VALUES ($1, $2, $3)",
      [.int(id), .string(name), .double(now())]
    )
    return id
  }
}

/// An archive on its way in: a copy beside the others and its files, neither of which counts yet.
private struct Arrival {
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
