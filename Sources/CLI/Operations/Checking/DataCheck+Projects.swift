import Access
import Foundation
import Projects
import Storage
import Values
import WorkflowLanguage

/// What is kept of projects and of people.
extension DataCheck {
  func audit(_ database: SQLDatabase) throws -> [DataFinding] {
    switch try AuditLog(database: database, clock: { 0 }).verify() {
    case .intact: return []
    case .broken(let position, let why):
      return [
        .damaged(
          "audit",
          "the audit log is not what was written, from entry \(position) on: \(why)",
          "find out who could write to `tadoru.db`; a backup of before has the true entries"
        )
      ]
    }
  }

  func secrets(_ database: SQLDatabase) throws -> [DataFinding] {
    let rows = try database.read { try $0.row("SELECT count(*) AS n FROM secrets") }
    guard let count = rows?["n"]?.int, count > 0 else { return [] }
    do {
      guard let key = try key.existing() else {
        return [
          .damaged(
            "secrets",
            "there is no key for \(count) secrets: `\(self.key.file)` is missing",
            "put `secret.key` back, or give TADORU_SECRET_KEY; without it set every secret again"
          )
        ]
      }
      return try SecretVault(reading: database, key: key).damaged().map {
        .damaged("secrets", $0.message, "set it again: `tadoru secrets`")
      }
    } catch let error as AccessError {
      return [
        .damaged(
          "secrets",
          error.message,
          error.hint ?? "put the key back that the server had; without it set every secret again"
        )
      ]
    }
  }

  func archives(_ database: SQLDatabase) throws -> [DataFinding] {
    try ofEachArchive(database) { revision in
      progress.tick("archives: at revision \(revision.id)")
      let path = data.path + "/archives/\(revision.hash).tar.gz"
      let digest = try FileDigest(of: path)
      guard digest?.sha256 != revision.hash else { return nil }
      return .damaged(
        "archives",
        "`\(path)` of project `\(revision.projectName)`, revision `\(revision.name)`, is "
          + (digest == nil ? "missing" : "not what was pushed"),
        "put it back from a backup, or push the same files again"
      )
    }
  }

  /// What is unpacked can be made again from the archives, so what is missing there is no damage.
  func revisions(_ database: SQLDatabase) throws -> [DataFinding] {
    try ofEachArchive(database) { revision in
      progress.tick("revisions: at revision \(revision.id)")
      let folder = data.path + "/revisions/\(revision.hash)"
      guard FileManager.default.fileExists(atPath: folder),
        let why = fault(of: ProjectLoader.load(directory: folder), revision)
      else { return nil }
      return .damaged(
        "revisions",
        "`\(folder)` of project `\(revision.projectName)`, revision `\(revision.name)`, does not "
          + "load: \(why)",
        "remove the folder: it is unpacked again from its archive"
      )
    }
  }

  private func fault(of loaded: LoadedProject, _ revision: Revision) -> String? {
    if loaded.isRefused { return loaded.errors.first.map { "\($0)" } ?? "it is refused" }
    let (found, expected) = (loaded.workflows.map(\.name).sorted(), revision.workflows.sorted())
    return found == expected ? nil : "its workflows are \(found), expected \(expected)"
  }

  /// Looks at one revision of each archive; what `tadoru gc` removes meanwhile is no damage.
  private func ofEachArchive(
    _ database: SQLDatabase,
    _ look: (Revision) throws -> DataFinding?
  ) throws -> [DataFinding] {
    let store = try RevisionStore(reading: database, of: data)
    var found: [DataFinding] = []
    var seen: Set<String> = []
    var last: Int64 = 0
    while true {
      let page = try store.allRevisions(after: last)
      guard let end = page.last else { return found }
      last = end.id
      for revision in page where seen.insert(revision.hash).inserted {
        if let finding = try look(revision), try store.revision(revision.id) != nil {
          found.append(finding)
        }
      }
    }
  }
}
