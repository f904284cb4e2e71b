import Foundation
import Values

extension DuckDBWarehouse {
  public func apply(_ changes: [SchemaChange], once key: WriteKey?) async throws -> WriteRecord? {
    try await onTables(writing: true) { connection in
      try WriteLedger(connection: connection).once(key, rowCount: { _ in 0 }, earlier: { $0 }) {
        let writer = TableWriter(connection: connection, lenient: false)
        for change in changes { try writer.apply(change) }
        return nil
      }
    }
  }

  public func written(_ key: WriteKey) async throws -> WriteRecord? {
    try await onTables { connection in try WriteLedger(connection: connection).find(key) }
  }

  public func databases() async throws -> [String] {
    try await onTables { connection in try TableCatalog(connection).databases.map(\.name) }
  }

  public func tables(in database: String) async throws -> [String] {
    try await onTables { connection in
      let catalog = try TableCatalog(connection)
      if let error = catalog.missing(database: database) { throw error }
      return catalog.tables(in: database) ?? []
    }
  }

  public func columns(of table: TableName) async throws -> [TableColumn] {
    try await onTables { connection in
      if let error = try TableCatalog(connection).missing(table) { throw error }
      return try TableCatalog.columns(of: table, connection)
    }
  }

  public func exportParquet(_ table: TableName, to file: String) async throws -> Int {
    try await onTables { connection in
      if let error = try TableCatalog(connection).missing(table) { throw error }
      guard try !TableCatalog.columns(of: table, connection).isEmpty else {
        throw WarehouseError(
          .columnMismatch,
          "`\(table)` cannot be exported: nothing has been inserted into it yet"
        )
      }
      let part = file + ".part"
      let count = try Self.readingFile(file) {
        try connection.execute(
          "COPY \(SQLText.quoted(table)) TO \(SQLText.quoted(text: part)) (FORMAT parquet)"
        )
      }
      guard rename(part, file) == 0 else {
        throw WarehouseError(
          .file,
          "`\(file)` cannot be written: \(String(cString: strerror(errno)))"
        )
      }
      return count
    }
  }

  public func load(
    _ source: TableSource,
    into table: TableName,
    mode: ImportMode,
    once key: WriteKey?
  ) async throws -> ImportReport {
    try await onTables(writing: true) { connection in
      let load = try SourceLoad(source, connection)
      return try WriteLedger(connection: connection).once(
        key,
        rowCount: \.rowCount,
        earlier: { ImportReport(earlier: $0) }
      ) {
        let writer = TableWriter(connection: connection, lenient: false)
        return try load.run { query in
          switch mode {
          case .overwrite: return try writer.replace(table, with: query)
          case .append:
            try writer.apply(.createTable(table))
            return try writer.append(query, to: table)
          }
        }
      }
    }
  }

  public func columns(of source: TableSource) async throws -> [TableColumn] {
    try await onTables { connection in try SourceLoad(source, connection).columns() }
  }

  private func onTables<Result: Sendable>(
    writing: Bool = false,
    _ work: @escaping @Sendable (DuckDBConnection) throws -> Result
  ) async throws -> Result {
    try await blocking { [self] cancellation in
      try turn(writing: writing, cancellation, work)
    }
  }

  private static func readingFile<Result>(
    _ file: String,
    _ work: () throws -> Result
  ) throws -> Result {
    do {
      return try work()
    } catch let failure as DuckDBFailure {
      throw FailureReader.resource(failure)
        ?? WarehouseError(.file, "`\(file)`: \(failure.summary)")
    }
  }
}
