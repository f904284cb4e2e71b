import Foundation
import Synchronization
import Values

/// The embedded warehouse: one DuckDB file, in process, opened on first use.
///
/// Several processes may use one file: each has it for the time of its statements, see `OwnerLock`. Within a process
/// queries run side by side and writing statements one after the other.
public final class DuckDBWarehouse: Warehouse {
  public let settings: WarehouseSettings
  let gate: WarehouseGate
  private let translator: SQLTranslator
  let systemTables: SystemTables
  /// When keys of writes that are too old were last removed.
  private let lastForgot = Mutex<ContinuousClock.Instant?>(nil)
  private let threads = DispatchQueue(label: "tadoru.warehouse", attributes: .concurrent)

  /// - Parameters:
  ///   - settings: where the database is and what it may use.
  ///   - systemTables: what queries find in the database `tadoru`.
  public init(
    settings: WarehouseSettings,
    systemTables: SystemTables = SystemTables(names: []) { _ in [] }
  ) {
    self.settings = settings
    self.systemTables = systemTables
    gate = WarehouseGate(settings: settings)
    translator = SQLTranslator(command: settings.translator, cacheFolder: settings.cacheFolder)
  }

  deinit { gate.closeIfIdle() }

  public func run(_ statement: SQLStatement, rowLimit: Int) async throws -> QueryResult {
    try await blocking { [self] cancellation in
      let text = StatementRewriter(dialect: statement.dialect).plain(statement)
      let translations = try translate(text, statement)
      return try turn(writing: translations.contains(where: \.writes), cancellation) { connection in
        try systemTables.fill(for: translations, text, on: connection)
        let run = StatementRun(connection, text, statement)
        return translations.count == 1 && !translations[0].writes
          ? try run.collect(translations[0], rowLimit: rowLimit)
          : try run.transaction(translations, rowLimit: rowLimit, once: statement.once)
      }
    }
  }

  public func insert(_ statement: SQLStatement, into table: TableName) async throws -> QueryResult {
    try await write(statement, .insert(table)) { connection in
      try TableWriter(connection: connection, lenient: false).apply(.createTable(table))
    }
  }

  public func createTable(
    _ table: TableName,
    as statement: SQLStatement
  ) async throws -> QueryResult {
    try await write(statement, .create(table)) { connection in
      if let error = try TableCatalog(connection).missing(database: table.database) { throw error }
    }
  }

  private func write(
    _ statement: SQLStatement,
    _ target: StatementRewriter.Target,
    before: @escaping @Sendable (DuckDBConnection) throws -> Void
  ) async throws -> QueryResult {
    try await blocking { [self] cancellation in
      let text = try StatementRewriter(dialect: statement.dialect).rewrite(statement, for: target)
      let translations = Self.replacing(try translate(text, statement))
      return try turn(writing: true, cancellation) { connection in
        try systemTables.fill(for: translations, text, on: connection)
        return try StatementRun(connection, text, statement).transaction(
          translations,
          rowLimit: 0,
          once: statement.once,
          before: { try connection.atomically { try before(connection) } }
        )
      }
    }
  }

  /// `DROP TABLE t; CREATE TABLE t` as one replacement, so that the query may read the old table.
  private static func replacing(_ translations: [Translation]) -> [Translation] {
    guard case .dropTable(let dropped, _)? = translations.first?.kind, translations.count > 1,
      case .createTable(let created, _, _) = translations[1].kind, created == dropped
    else { return translations }
    let create = Translation(
      kind: .createTable(created, replace: true, ifNotExists: false),
      sql: translations[1].sql,
      tables: translations[1].tables
    )
    return [create] + translations[2...]
  }

  func translate(
    _ text: RewrittenStatement,
    _ statement: SQLStatement
  ) throws -> [Translation] {
    let translations = try translator.translate(
      text,
      dialect: statement.dialect,
      database: statement.database
    )
    try TableCatalog.check(translations, text)
    return translations
  }

  public func forEachBatch(
    of statement: SQLStatement,
    _ body: (RowBatch) async throws -> Void
  ) async throws -> QueryResult {
    let open = try await blocking { [self] cancellation in
      let text = StatementRewriter(dialect: statement.dialect).plain(statement)
      let translations = try translate(text, statement)
      guard translations.count == 1, !translations[0].writes else {
        throw WarehouseError(.unsupported, "rows can be read from a single query only")
      }
      return try OpenQuery(gate, systemTables, text, statement, translations[0], cancellation)
    }
    do {
      var total = QueryResult()
      repeat {
        let batch = try await blocking { try open.next($0) }
        guard let batch else { break }
        total.columns = batch.columns
        total.rowCount += batch.rows.count
        try await body(batch)
      } while true
      try await blocking { _ in open.close() }
      return total
    } catch {
      open.close()
      throw error
    }
  }

  /// Runs work on a connection, in its turn.
  func turn<Result>(
    writing: Bool,
    _ cancellation: StatementCancellation,
    _ work: (DuckDBConnection) throws -> Result
  ) throws -> Result {
    let instance = try gate.enter(writing: writing, cancellation)
    defer { gate.leave(wrote: writing) }
    do {
      let connection = try instance.borrow()
      defer { instance.giveBack(connection, isSound: !cancellation.isCancelled) }
      try cancellation.watch(connection)
      defer { cancellation.letGo() }
      let result = try work(connection)
      if writing { forgetOldKeys(connection) }
      return result
    } catch {
      if cancellation.isCancelled { throw CancellationError() }
      guard let failure = error as? DuckDBFailure else { throw error }
      throw FailureReader.resource(failure) ?? WarehouseError(.execution, failure.summary)
    }
  }

  /// Once an hour; in the turn of a writing statement, after it.
  private func forgetOldKeys(_ connection: DuckDBConnection) {
    let now = ContinuousClock.now
    let isDue = lastForgot.withLock { last in
      if let last, now - last < .seconds(3600) { return false }
      last = now
      return true
    }
    guard isDue else { return }
    // why: the statement is committed, and what is not removed now is removed in an hour
    try? WriteLedger(connection: connection).forget(after: settings.keyRetention)
  }

  /// Runs blocking work on a thread of its own; cancelling the task interrupts the statement.
  func blocking<Result: Sendable>(
    _ work: @escaping @Sendable (StatementCancellation) throws -> Result
  ) async throws -> Result {
    let cancellation = StatementCancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        threads.async {
          continuation.resume(with: Swift.Result { try work(cancellation) })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}

extension StatementRun {
  init(_ connection: DuckDBConnection, _ text: RewrittenStatement, _ statement: SQLStatement) {
    self.init(
      connection: connection,
      statement: text,
      dialect: statement.dialect,
      session: statement.session
    )
  }
}
