import Foundation
import Storage
import Values

/// Looks whether a data folder is whole; changes nothing, also while a server uses it.
struct DataCheck {
  /// What to do where nothing but an earlier state helps.
  static let restore = "restore the last good backup into another folder: `tadoru restore`"

  let data: DataPlace
  let key: SecretKeySource
  let progress: OperationProgress

  private typealias Part = (name: String, look: (SQLDatabase) throws -> [DataFinding])

  /// Every part is looked at, whatever the others are like.
  func findings() async throws -> [DataFinding] {
    var found: [DataFinding] = []
    let database: SQLDatabase
    do {
      database = try SQLDatabase.reading(path: data.databaseFile)
    } catch {
      return [.damaged("database", "\(error)", Self.restore)]
    }
    let schema = look((name: "schema", look: self.schema), at: database)
    found += schema
    found += look((name: "database", look: integrity), at: database)
    // The stores of this version cannot read the tables of another one.
    if schema.isEmpty {
      let parts: [Part] = [
        ("audit", audit), ("secrets", secrets), ("archives", archives), ("revisions", revisions),
        ("attempts", attempts), ("artifacts", artifacts),
      ]
      for part in parts { found += look(part, at: database) }
    }
    progress.note("looking at the warehouse")
    found += await warehouse()
    found += try leftovers()
    return found
  }

  private func look(_ part: Part, at database: SQLDatabase) -> [DataFinding] {
    progress.note("looking at the \(part.name)")
    do {
      return try part.look(database)
    } catch {
      return [.damaged(part.name, "cannot be read: \(error)", Self.restore)]
    }
  }

  private func schema(_ database: SQLDatabase) -> [DataFinding] {
    switch DataSchema.state(of: database, in: data) {
    case .current: []
    case .older:
      [
        .note(
          "schema",
          "the tables are of an older version; most was not looked at",
          "start the server of this version once, which brings them up to date, and check again"
        )
      ]
    case .newer(let message):
      [.damaged("schema", message, "use the newer version of tadoru, or restore an older backup")]
    }
  }

  private func integrity(_ database: SQLDatabase) throws -> [DataFinding] {
    let problems = try database.read { try $0.rows("PRAGMA integrity_check") }
      .compactMap { $0.values.first?.string }.filter { $0 != "ok" }
    let orphans = try database.read { try $0.rows("PRAGMA foreign_key_check") }
    let tables = Set(orphans.compactMap { $0["table"]?.string }).sorted()
    return problems.prefix(20).map { .damaged("database", $0, Self.restore) }
      + tables.map { table in
        let count = orphans.count { $0["table"]?.string == table }
        return .damaged(
          "database",
          "\(count) rows of the table `\(table)` refer to rows that are not there",
          Self.restore
        )
      }
  }
}
