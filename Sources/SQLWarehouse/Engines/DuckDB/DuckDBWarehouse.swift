/// The embedded warehouse: one DuckDB file, in process, opened on first use.
public final class DuckDBWarehouse: Warehouse {
  public let settings: WarehouseSettings

  public init(settings: WarehouseSettings) {
    self.settings = settings
  }

  public func run(_ statement: SQLStatement, rowLimit: Int) async throws -> QueryResult {
    throw unavailable
  }
  public func forEachBatch(
    of statement: SQLStatement, _ body: (RowBatch) async throws -> Void
  ) async throws -> QueryResult { throw unavailable }
  public func insert(_ statement: SQLStatement, into table: TableName) async throws -> QueryResult {
    throw unavailable
  }
  public func createTable(
    _ table: TableName, as statement: SQLStatement
  ) async throws -> QueryResult { throw unavailable }
  public func apply(_ change: SchemaChange) async throws { throw unavailable }
  public func databases() async throws -> [String] { throw unavailable }
  public func tables(in database: String) async throws -> [String] { throw unavailable }
  public func columns(of table: TableName) async throws -> [TableColumn] { throw unavailable }
  public func exportParquet(_ table: TableName, to file: String) async throws -> Int {
    throw unavailable
  }
  public func importFile(
    _ file: TableFile, into table: TableName, mode: ImportMode
  ) async throws -> Int { throw unavailable }

  private var unavailable: WarehouseError {
    WarehouseError(.unsupported, "this build only has the doors of the warehouse")
  }
}
