import Values

/// One text of statements, translated, on one connection.
struct StatementRun {
  let connection: DuckDBConnection
  let statement: RewrittenStatement
  let dialect: SQLDialect
  let session: QuerySession

  /// Starts a single query.
  func rows(_ query: Translation) throws -> DuckDBRows {
    try explain(query) {
      try prepareSession()
      return try connection.query(query.sql)
    }
  }

  /// Runs a query to its end.
  func collect(_ query: Translation, rowLimit: Int) throws -> QueryResult {
    let rows = try rows(query)
    var kept: [[Value]] = []
    var count = 0
    while let chunk = try explain(query, { try rows.next(keep: rowLimit - kept.count) }) {
      count += chunk.count
      kept += chunk.rows
    }
    return Self.shown(QueryResult(columns: rows.columns, rows: kept, rowCount: count))
  }

  /// Runs all statements as one transaction; the last result counts.
  func transaction(_ translations: [Translation], rowLimit: Int) throws -> QueryResult {
    try connection.atomically {
      var result = QueryResult()
      for translation in translations {
        result =
          translation.writes
          ? try write(translation) : try collect(translation, rowLimit: rowLimit)
      }
      return result
    }
  }

  private func write(_ translation: Translation) throws -> QueryResult {
    try explain(translation) { try prepareSession() }
    let writer = TableWriter(connection: connection, lenient: dialect == .hive)
    var count = 0
    switch translation.kind {
    case .query: return try collect(translation, rowLimit: 0)
    case .insert(let table, let columns, let overwrite):
      count = try explain(translation) {
        overwrite
          ? try writer.replace(table, with: translation.sql)
          : try writer.append(translation.sql, to: table, named: columns)
      }
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
        count = try explain(translation) { try writer.replace(table, with: translation.sql) }
      }
    case .dropTable(let table, let ifExists):
      if !ifExists, let error = try TableCatalog(connection).missing(table) { throw error }
      try writer.apply(.dropTable(table))
    case .delete:
      count = try explain(translation) { try connection.execute(translation.sql) }
    case .createDatabase(let name): try writer.apply(.createDatabase(name))
    case .dropDatabase(let name, let ifExists):
      if !ifExists, let error = try TableCatalog(connection).missing(database: name) { throw error }
      try writer.apply(.dropDatabase(name))
    }
    return QueryResult(rowCount: count)
  }

  private func prepareSession() throws(DuckDBFailure) {
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
