import Access
import Foundation
import Projects
import Storage
import Tracking
import Values
import WorkflowEngine

/// Removes from a data folder what is too old to be kept, also while a server uses it.
struct Retention {
  /// How long things are kept, in seconds.
  struct Ages: Sendable {
    let logs: Double
    let notebooks: Double
    let revisions: Double
  }

  /// What was removed of one kind, or would be.
  struct Freed: Sendable {
    let kind: String
    var count = 0
    var bytes: Int64 = 0

    var value: ObjectValue {
      ["kind": .string(kind), "count": .int(Int64(count)), "bytes": .int(bytes)]
    }
  }

  /// What is on its way in is left alone for so long, in seconds.
  private static let grace = 86_400.0

  let data: DataPlace
  let ages: Ages
  let isDry: Bool
  let progress: OperationProgress
  private let database: SQLDatabase
  private let now = Wiring.now()

  /// - Throws: ``CommandFailure`` `failed` when the tables are those of another version.
  init(
    _ data: DataPlace,
    ages: Ages,
    isDry: Bool,
    progress: OperationProgress
  ) throws {
    self.data = data
    self.ages = ages
    self.isDry = isDry
    self.progress = progress
    let reading = try SQLDatabase.reading(path: data.databaseFile)
    switch DataSchema.state(of: reading, in: data) {
    case .current: break
    case .newer(let message): throw CommandFailure(.failed, message)
    case .older:
      throw CommandFailure(
        .failed,
        "the tables of `\(data.path)` are of an older version",
        hint: "start the server of this version once, which brings them up to date"
      )
    }
    database = try isDry ? reading : SQLDatabase(path: data.databaseFile, durability: .machine)
  }

  /// Removes everything that is due, and says in the audit log that it did.
  func run() throws -> [Freed] {
    let lock = try data.reserved()
    defer { withExtendedLifetime(lock) {} }
    let steps: [() throws -> [Freed]] = [
      attempts, notebooks, revisions, entrances, keptValues, jobs, incoming,
    ]
    var freed: [Freed] = []
    for step in steps { freed += try step() }
    if !isDry, freed.contains(where: { $0.count > 0 }) { try note(freed) }
    return freed
  }

  private func note(_ freed: [Freed]) throws {
    let words = freed.filter { $0.count > 0 }.map { "\($0.count) \($0.kind)" }
    let milliseconds = Int64(now * 1000)
    try AuditLog(database: database, clock: { milliseconds }).append(
      AuditEvent(
        by: AuditActor(account: nil, name: "tadoru gc", token: nil, address: ""),
        action: "data.gc",
        target: "data folder",
        change: AuditChange(before: words.joined(separator: ", "))
      )
    )
  }

  /// Logs and files of attempts that have ended; their rows stay.
  private func attempts() throws -> [Freed] {
    let history = AttemptHistory(database: database)
    let limit = now - ages.logs
    var freed = Freed(kind: "attempt logs")
    var strays = Freed(kind: "folders without an attempt")
    if !isDry { try RetentionMark.logs.move(to: limit, in: database) }
    // The list comes first: what is begun afterwards is not in it.
    for id in try data.attemptFolders() {
      let folder = data.project.attempt(id)
      guard let attempt = try history.attempt(id) else {
        try remove(folder, &strays)
        continue
      }
      guard attempt.status != .running, let end = attempt.finishedAt, end < limit else { continue }
      try remove(folder, &freed)
      progress.tick("attempts: at \(id), \(OperationProgress.size(freed.bytes))")
    }
    return [freed, strays]
  }

  private func notebooks() throws -> [Freed] {
    guard try DataSchema.hasTracking(database) else { return [] }
    let store = try Wiring.tracking(of: data.project, database: database)
    let limit = UnixTime(milliseconds: Int64((now - ages.notebooks) * 1000))
    if !isDry { try store.removeLeftovers() }
    let found = try isDry ? store.notebooks(before: limit) : store.removeNotebooks(before: limit)
    return [Freed(kind: "notebooks", count: found.files, bytes: found.sizeInBytes)]
  }

  private func revisions() throws -> [Freed] {
    let store = try RevisionStore(
      database: database,
      folder: data.path,
      now: Wiring.now,
      newName: { "" }
    )
    let limit = now - ages.revisions
    let outdated = try store.outdated(before: limit)
    if !isDry { try store.forgetOutdated(before: limit) }
    let unused = try isDry ? store.unused() : store.removeUnused()
    return [
      Freed(kind: "revisions", count: outdated.count),
      Freed(
        kind: "archives and unpacked files",
        count: unused.paths.count,
        bytes: unused.sizeInBytes
      ),
    ]
  }

  private func entrances() throws -> [Freed] {
    let milliseconds = Int64(now * 1000)
    let store = try AccessStore(
      database: database,
      clock: { milliseconds },
      random: Randomness.system
    )
    let found = try isDry ? store.expired() : store.removeExpired()
    return [
      Freed(kind: "expired tokens", count: found.tokens),
      Freed(kind: "browser sessions", count: found.browserSessions),
    ]
  }

  private func keptValues() throws -> [Freed] {
    let database = database
    let kept = KeptParameters(now: Wiring.now, database: { database })
    let table = try database.read {
      try $0.row(
        "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'kept_parameters'"
      )
    }
    guard table != nil else { return [] }
    return [
      Freed(kind: "kept values", count: try isDry ? kept.outdated() : kept.forgetOutdated())
    ]
  }

  /// Results of queries that `td_result_export>` could ask for.
  private func jobs() throws -> [Freed] {
    [try files(of: data.jobs, "job results", before: now - ages.logs)]
  }

  /// Uploads that were cut off.
  private func incoming() throws -> [Freed] {
    [try files(of: data.incoming, "unfinished uploads", before: now - Self.grace)]
  }

  private func files(of folder: String, _ kind: String, before limit: Double) throws -> Freed {
    var freed = Freed(kind: kind)
    var old: [String] = []
    try FileWalk(root: folder).forEach { item in
      if item.kind == .file, item.changedAt < limit { old.append(folder + "/" + item.path) }
      return false
    }
    for path in old { try remove(path, &freed) }
    return freed
  }

  private func remove(_ path: String, _ freed: inout Freed) throws {
    let (_, bytes) = try FileWalk.content(of: path)
    if !isDry {
      do { try FileManager.default.removeItem(atPath: path) } catch {
        // What somebody else has removed is gone all the same.
        if FileManager.default.fileExists(atPath: path) { throw error }
      }
    }
    freed.count += 1
    freed.bytes += bytes
  }
}
