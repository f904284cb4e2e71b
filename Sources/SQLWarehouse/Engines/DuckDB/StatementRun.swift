import Values

/// One text of statements, translated, on one connection.
struct StatementRun {
  let connection: DuckDBConnection
  let statement: RewrittenStatement
  let dialect: SQLDialect
  let session: QuerySession

  /// Starts a single query.
  func rows(_ query: Translation) throws -> DuckDBRows {
    try explain(query) { try start(query) }
  }

  /// Runs a query to its end.
  func collect(_ query: Translation, rowLimit: Int) throws -> QueryResult {
    try explain(query) { try read(query, rowLimit) }
  }

  /// Runs all statements as one transaction; the last result counts.
  ///
  /// Where they were committed under the key before, only a query at the end runs again; else `before` goes first, in a
  /// transaction of its own if any.
  func transaction(
    _ translations: [Translation],
    rowLimit: Int,
    once key: WriteKey?,
    before: () throws -> Void = {}
  ) throws -> QueryResult {
    var current: Translation?
    let writes = translations.contains(where: \.writes)
    do {
      return try WriteLedger(connection: connection).once(
        writes ? key : nil,
        rowCount: \.rowCount,
        earlier: { try repeated(translations, $0, rowLimit) },
        before: before
      ) {
        var result = QueryResult()
        for translation in translations {
          current = translation
          result =
            translation.writes ? try write(translation) : try read(translation, rowLimit)
        }
        return result
      }
    } catch let failure as DuckDBFailure {
      // why: only here, as nothing can be looked up in a transaction that has failed
      guard let current else { throw failure }
      return try explain(current) { throw failure }
    }
  }

  private func repeated(
    _ translations: [Translation],
    _ record: WriteRecord,
    _ rowLimit: Int
  ) throws -> QueryResult {
    guard let last = translations.last, !last.writes else { return QueryResult(earlier: record) }
    var result = try collect(last, rowLimit: rowLimit)
    result.earlier = record
    return result
  }

  private func start(_ query: Translation) throws -> DuckDBRows {
    try prepareSession()
    return try connection.query(query.sql)
  }

  func read(_ query: Translation, _ rowLimit: Int) throws -> QueryResult {
    let rows = try start(query)
    var kept: [[Value]] = []
    var count = 0
    while let chunk = try rows.next(keep: rowLimit - kept.count) {
      count += chunk.count
      kept += chunk.rows
    }
    return Self.shown(QueryResult(columns: rows.columns, rows: kept, rowCount: count))
  }

  private func write(_ translation: Translation) throws -> QueryResult {
    try prepareSession()
    let writer = TableWriter(connection: connection, lenient: dialect == .hive)
    var count = 0
    switch translation.kind {
    case .query: return try read(translation, 0)
    case .insert(let table, let columns, let overwrite):
      count =
        overwrite
        ? try writer.replace(table, with: translation.sql)
        : try writer.append(translation.sql, to: table, named: columns)
    case .createTable(let table, let replace, let ifNotExists):
      if try !replace && writer.exists(table) {
        guard ifNotExists else {
          throw WarehouseError(
            .execution,
            "table `\(table)` exists already",
            place: statement.place(of: table.table)
          )
        }
      } else {
        count = try writer.replace(table, with: translation.sql)
      }
    case .dropTable(let table, let ifExists):
      if !ifExists, let error = try TableCatalog(connection).missing(table) { throw error }
      try writer.apply(.dropTable(table))
    case .delete: count = try connection.execute(translation.sql)
    case .createDatabase(let name): try writer.apply(.createDatabase(name))
    case .dropDatabase(let name, let ifExists):
      if !ifExists, let error = try TableCatalog(connection).missing(database: name) { throw error }
      try writer.apply(.dropDatabase(name))
    }
    return QueryResult(rowCount: count)
  }

  func prepareSession() throws(DuckDBFailure) {
    try connection.execute("SET VARIABLE td_scheduled_time = \(session.scheduledTime)")
  }

  /// Runs a part of a statement and says in the user's terms what went wrong.
  func explain<Result>(_ translation: Translation, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let failure as DuckDBFailure {
      throw FailureReader(statement: statement, translation: translation, connection: connection)
        .error(failure)
    }
  }

  /// A result without the marker of a table that has no columns yet.
  static func shown(_ result: QueryResult) -> QueryResult {
    guard let marker = result.columns.firstIndex(where: { $0.name == TableCatalog.marker }) else {
      return result
    }
    var shown = result
    shown.columns.remove(at: marker)
    shown.rows = result.rows.map { row in
      var row = row
      row.remove(at: marker)
      return row
    }
    return Self.shown(shown)
  }
}

extension DuckDBConnection {
  /// Runs work as a transaction that a thrown error undoes.
  func atomically<Result>(_ work: () throws -> Result) throws -> Result {
    try execute("BEGIN TRANSACTION")
    do {
      let result = try work()
      try execute("COMMIT")
      return result
    } catch {
      // why: the first error counts, and a transaction that the engine ended itself cannot be ended again
      _ = try? execute("ROLLBACK")
      throw error
    }
  }
}
