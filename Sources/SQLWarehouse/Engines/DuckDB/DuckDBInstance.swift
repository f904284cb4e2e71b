import CDuckDB
import Foundation
import Synchronization

/// The opened engine with the database attached as `warehouse`, and its idle connections.
///
/// The engine itself is in memory: functions and macros live there, and the file holds the user's tables only.
///
/// why: unchecked, because the handle is set in init and freed by the gate when no statement runs.
final class DuckDBInstance: @unchecked Sendable {  // why: see above
  private var database: duckdb_database?
  private let idle = Mutex<[DuckDBConnection]>([])

  init(_ settings: WarehouseSettings) throws {
    try DuckDBLibrary.bind(folder: settings.libraryFolder)
    var config: duckdb_config?
    duckdb_create_config(&config)
    defer { duckdb_destroy_config(&config) }
    for (name, value) in Self.options(settings) { duckdb_set_config(config, name, value) }
    var message: UnsafeMutablePointer<CChar>?
    guard duckdb_open_ext(nil, &database, config, &message) == DuckDBSuccess else {
      defer { duckdb_free(message) }
      throw WarehouseError(
        .database,
        "the SQL engine does not start: \(message.map { String(cString: $0) } ?? "")"
      )
    }
    do throws(DuckDBFailure) {
      let connection = try borrow()
      try AUCAggregate.register(on: connection)
      try RowNumberFunction.register(on: connection)
      for macro in DialectMacros.statements { try connection.execute(macro) }
      try connection.execute("SET GLOBAL TimeZone = 'UTC'")
      let file = SQLText.quoted(text: settings.databaseFile)
      try connection.execute("ATTACH \(file) AS warehouse")
      try connection.execute("ATTACH ':memory:' AS system_tables")
      try connection.execute("CREATE SCHEMA system_tables.\(SystemTables.database)")
      if let folders = settings.fileFolders { try Self.close(connection, but: folders) }
      giveBack(connection)
    } catch {
      close()
      throw Self.error(error, settings.databaseFile)
    }
  }

  deinit { close() }

  /// Lends a connection to one statement.
  func borrow() throws(DuckDBFailure) -> DuckDBConnection {
    if let connection = idle.withLock({ $0.popLast() }) { return connection }
    guard let database else { throw DuckDBFailure(kind: 0, message: "the warehouse is closed") }
    return try DuckDBConnection(database)
  }

  /// Takes a connection back; one that was interrupted may be in the middle of a transaction and is ended.
  func giveBack(_ connection: DuckDBConnection, isSound: Bool = true) {
    if isSound {
      idle.withLock { $0.append(connection) }
    } else {
      connection.disconnect()
    }
  }

  /// Closes the database file; called when every connection has been given back.
  func close() {
    idle.withLock { connections in
      for connection in connections { connection.disconnect() }
      connections = []
    }
    duckdb_close(&database)
  }

  /// Cannot be taken back as long as the engine is open.
  private static func close(
    _ connection: DuckDBConnection,
    but folders: [String]
  ) throws(DuckDBFailure) {
    let list = folders.map { SQLText.quoted(text: $0.hasSuffix("/") ? $0 : $0 + "/") }
      .joined(separator: ", ")
    try connection.execute("SET allowed_directories = [\(list)]")
    try connection.execute("SET enable_external_access = false")
    try connection.execute("SET lock_configuration = true")
  }

  private static func options(_ settings: WarehouseSettings) -> [(String, String)] {
    let memory =
      settings.memoryLimitInBytes
      ?? Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))) / 2
    var options = [
      ("memory_limit", "\(memory / 1024)KiB"),
      ("temp_directory", settings.databaseFile + ".tmp"),
      // nothing is fetched from anywhere while a query runs
      ("autoinstall_known_extensions", "false"),
      ("autoload_known_extensions", "false"),
    ]
    if let threads = settings.threads { options.append(("threads", "\(max(1, threads))")) }
    return options
  }

  private static func error(_ failure: DuckDBFailure, _ file: String) -> WarehouseError {
    let text = failure.message
    if text.contains("Could not set lock") {
      let holder =
        failure.text(between: "Conflicting lock is held in ", and: ". See") ?? "another program"
      return WarehouseError(
        .locked,
        "the database `\(file)` is open in \(holder)",
        hint: "close it there and try again"
      )
    }
    return FailureReader.resource(failure)
      ?? WarehouseError(.database, "the database `\(file)` cannot be opened: \(failure.summary)")
  }
}
