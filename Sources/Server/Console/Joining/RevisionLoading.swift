import Projects

/// Loads the pages of revisions and their files.
struct RevisionLoading: Sendable {
  private static let mostFiles = 10_000
  /// Of a file that is shown.
  private static let mostBytes = 1 << 20
  private static let mostLines = 20_000

  let rooms: Rooms

  func revision(_ request: ConsoleRequest) throws -> RevisionPage {
    let (entry, revision) = try find(request)
    return RevisionPage(
      project: ProjectReference(id: entry.id, name: entry.name),
      id: revision.id,
      name: revision.name,
      hash: revision.hash,
      sizeInBytes: revision.sizeInBytes,
      createdAt: revision.createdAt,
      pushedBy: try AccountNames(rooms)[revision.account],
      workflows: revision.workflows,
      files: try FolderListing(rooms.projects.files(revision), most: Self.mostFiles).files.map {
        RevisionPage.File(path: $0.path, sizeInBytes: $0.sizeInBytes)
      },
      previous: try previous(of: revision)?.name
    )
  }

  func file(_ request: ConsoleRequest) throws -> FilePage {
    let (entry, revision) = try find(request)
    let path = request.path["path"] ?? ""
    let file = try ServedFile(below: rooms.projects.files(revision), path)
    return FilePage(
      project: ProjectReference(id: entry.id, name: entry.name),
      revision: revision.id,
      revisionName: revision.name,
      path: path,
      sizeInBytes: file.size,
      text: Self.content(of: try file.beginning(Self.mostBytes), size: file.size)
    )
  }

  /// The text as far as it is shown: bytes and lines have their limits.
  static func content(of bytes: [UInt8], size: Int64) -> FilePage.Content {
    guard !bytes.contains(0) else { return .binary }
    let isPart = Int64(bytes.count) < size
    // A character may have been cut in two: it has up to four bytes.
    let lengths = isPart ? (0...3).map { bytes.count - $0 } : [bytes.count]
    for length in lengths where length >= 0 {
      guard let text = String(validating: bytes[..<length], as: UTF8.self) else { continue }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count > mostLines else { return .text(text, isCut: isPart) }
      return .text(lines.prefix(mostLines).joined(separator: "\n"), isCut: true)
    }
    return .binary
  }

  func diff(_ request: ConsoleRequest) async throws -> DiffPage {
    let (entry, revision) = try find(request)
    guard let previous = try previous(of: revision) else {
      throw Missing.object("revision before", revision.name)
    }
    let changes = try await rooms.projects.diff(previous, revision).map { change in
      let kind: DiffPage.Change.Kind =
        switch change.kind {
        case .added: .added
        case .removed: .removed
        case .changed: .changed
        }
      return DiffPage.Change(path: change.path, kind: kind, diff: change.diff)
    }
    return DiffPage(
      project: ProjectReference(id: entry.id, name: entry.name),
      revision: revision.id,
      revisionName: revision.name,
      previousName: previous.name,
      changes: changes
    )
  }

  /// A revision of another project is not found here.
  private func find(
    _ request: ConsoleRequest
  ) throws -> (ProjectControl.Entry, Revision) {
    let entry = try rooms.project(request.id)
    let text = request.path["revision"] ?? ""
    guard let id = ObjectNumber.parse(text), let revision = try rooms.projects.revision(id),
      revision.project == entry.id
    else { throw Missing.object("revision", text) }
    return (entry, revision)
  }

  private func previous(of revision: Revision) throws -> Revision? {
    try rooms.projects.revisions(revision.project, revision.id, 1).first
  }
}
