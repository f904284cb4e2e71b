import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// A table of a PostgreSQL server; all rows arrive in one transaction.
///
/// Settings: those of a server as for `pg>` (`host`, `port`, `database`, `user`, `ssl`…), `password`, `schema`, `table`, `mode`: append (the table is made when
/// it is missing), replace (it is made anew), truncate (it is emptied first), update (rows with the same `unique` columns are
/// overwritten, others added); `unique`: a list of columns, or their names with commas.
struct PostgreSQLDestination: ResultDestination {
  enum Mode: Sendable, Hashable {
    case append, replace, truncate
    case update([String])
  }

  let server: PostgreSQLServer
  let table: PostgreSQLTable
  let mode: Mode

  init(_ settings: Parameters, _ context: TaskContext) throws {
    let secrets = context.secrets
    let password = try settings.text("password").map { Secret($0) } ?? secrets["pg.password"]
    // Other secrets of pg> are about its own server.
    let own = SecretStore { $0 == "pg.password" ? password : nil }
    server = try PostgreSQLServer(settings, own).held(to: context)
    table = PostgreSQLTable(
      schema: try settings.text("schema"),
      name: try settings.requiredText("table")
    )
    mode = try Self.mode(settings)
  }

  private static func mode(_ settings: Parameters) throws -> Mode {
    let unique =
      try settings.value("unique")?.string.map { text in
        text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      } ?? settings.textList("unique") ?? []
    switch try settings.text("mode") ?? "append" {
    case "append": return .append
    case "replace": return .replace
    case "truncate": return .truncate
    case "update", "upsert":
      guard !unique.isEmpty else {
        throw TaskFailure(.config, "`mode: update` needs `unique`, the columns that name a row")
      }
      return .update(unique)
    case let other:
      throw TaskFailure(
        .config,
        "`mode` must be append, replace, truncate or update, found `\(other)`"
      )
    }
  }

  var shown: String {
    "the table `\(table)` of the database `\(server.database)` on \(server.place)"
  }

  func write(_ rows: ResultRows) async throws -> QueryResult {
    do {
      let connection = try await PostgreSQLConnection.open(server)
      return try await connection.transaction { try await write(rows, connection) }
    } catch let failure as PostgreSQLFailure {
      throw failure.taskFailure
    }
  }

  /// Rows are copied batch by batch: to the table itself, or for an update to one that ends with the transaction.
  private func write(
    _ rows: ResultRows,
    _ connection: PostgreSQLConnection
  ) async throws -> QueryResult {
    let staging = PostgreSQLTable(name: "tadoru_rows")
    var isPrepared = false
    let result = try await rows.forEachBatch { batch in
      if !isPrepared { try await prepare(staging, batch.columns, connection) }
      isPrepared = true
      let target = if case .update = mode { staging } else { table }
      try await connection.copy(into: target, columns: batch.columns.map(\.name)) { send in
        try await send(batch.rows.map { $0.map(Self.sent) })
      }
    }
    if case .update(let unique) = mode {
      try await merge(staging, result.columns, unique, connection)
    }
    return result
  }

  private func prepare(
    _ staging: PostgreSQLTable,
    _ columns: [TableColumn],
    _ connection: PostgreSQLConnection
  ) async throws {
    let fields = columns.map {
      "\(PostgreSQLText.quoted(name: $0.name)) \(PostgreSQLType.name(for: $0.type))"
    }.joined(separator: ", ")
    if mode == .replace { try await connection.execute("DROP TABLE IF EXISTS \(table.quoted)") }
    try await connection.execute("CREATE TABLE IF NOT EXISTS \(table.quoted) (\(fields))")
    switch mode {
    case .append, .replace: break
    case .truncate: try await connection.execute("TRUNCATE TABLE \(table.quoted)")
    case .update(let unique):
      let names = Set(columns.map(\.name))
      for column in unique where !names.contains(column) {
        throw TaskFailure(
          .config,
          "`unique` names `\(column)`, the result has the columns \(columns.map { "`\($0.name)`" }.joined(separator: ", "))"
        )
      }
      let list = columns.map { PostgreSQLText.quoted(name: $0.name) }.joined(separator: ", ")
      // why: the types of the table itself, so that keys compare as they do there
      try await connection.execute(
        """
        CREATE TEMPORARY TABLE \(staging.quoted) ON COMMIT DROP AS
        SELECT \(list) FROM \(table.quoted) WITH NO DATA;
        ALTER TABLE \(staging.quoted) ADD COLUMN tadoru_order bigserial
        """
      )
    }
  }

  /// Overwrites the rows whose keys are there and adds the others; of rows with one key the last counts.
  private func merge(
    _ staging: PostgreSQLTable,
    _ columns: [TableColumn],
    _ unique: [String],
    _ connection: PostgreSQLConnection
  ) async throws {
    let quoted = { (name: String) in PostgreSQLText.quoted(name: name) }
    let match = unique.map { "t.\(quoted($0)) = s.\(quoted($0))" }.joined(separator: " AND ")
    let others = columns.map(\.name).filter { !unique.contains($0) }
    let list = columns.map { quoted($0.name) }.joined(separator: ", ")
    let changes = others.map { "\(quoted($0)) = s.\(quoted($0))" }.joined(separator: ", ")
    // why: two exports at a time must not both add a row
    try await connection.execute("LOCK TABLE \(table.quoted) IN SHARE ROW EXCLUSIVE MODE")
    try await connection.execute(
      """
      DELETE FROM \(staging.quoted) AS s USING \(staging.quoted) AS t
      WHERE \(match) AND s.tadoru_order < t.tadoru_order
      """
    )
    if !changes.isEmpty {
      try await connection.execute(
        // why: names cannot be bound
        "UPDATE \(table.quoted) AS t SET \(changes) FROM \(staging.quoted) AS s WHERE \(match)"
      )
    }
    let fields = columns.map { "s.\(quoted($0.name))" }.joined(separator: ", ")
    try await connection.execute(
      """
      INSERT INTO \(table.quoted) (\(list))
      SELECT \(fields) FROM \(staging.quoted) AS s
      WHERE NOT EXISTS (SELECT 1 FROM \(table.quoted) AS t WHERE \(match))
      """
    )
  }

  /// JSON has no word for these numbers; the server has.
  private static func sent(_ value: Value) -> Value {
    guard case .double(let number) = value, !number.isFinite else { return value }
    return .string(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
  }
}

/// The types of the warehouse in PostgreSQL.
enum PostgreSQLType {
  /// The type of a column that keeps the values of one of the warehouse; lists and maps become JSON.
  static func name(for type: String) -> String {
    if type.hasSuffix("]") { return "jsonb" }
    let word = type.prefix { $0 != "(" }
    switch word {
    case "BOOLEAN": return "boolean"
    // As in tables of the warehouse, whose integers all have 64 bits.
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER":
      return "bigint"
    case "HUGEINT", "UBIGINT", "UHUGEINT", "BIGNUM": return "numeric"
    case "DECIMAL": return type.replacing("DECIMAL", with: "numeric")
    case "FLOAT", "DOUBLE": return "double precision"
    case "DATE": return "date"
    case "TIME": return "time"
    case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS": return "timestamp"
    case "TIMESTAMP WITH TIME ZONE": return "timestamptz"
    case "STRUCT", "MAP", "JSON", "UNION": return "jsonb"
    default: return "text"
    }
  }
}
