import Storage
public import Values

/// A table of our own that queries may read, as `tadoru.runs`.
public struct SystemTable: Sendable {
  /// What a column holds; any of its values may be null.
  public enum Kind: String, Sendable {
    case integer = "BIGINT"
    case float = "DOUBLE"
    case text = "VARCHAR"
  }

  /// A column and its type.
  public struct Column: Sendable, Hashable {
    public let name: String
    public let kind: Kind
  }

  /// Without the database's name.
  public let name: String
  public let columns: [Column]
  /// As many values a row as columns, in their order.
  public let rows: [[Value]]
}

/// The tracked runs and models as tables for `td>` queries.
///
/// Times are whole seconds since 1970 UTC, which the `TD_` functions take.
public enum TrackingSnapshot {
  /// The database that the tables appear in.
  public static let database = "tadoru"

  /// The tables `runs`, `params`, `metrics` and `model_versions`, all of one moment.
  ///
  /// - Parameters:
  ///   - store: where the runs are.
  ///   - names: the tables that are wanted, nil for all; the others cost nothing.
  /// - Returns: the wanted tables that exist here, in the order of ``columns``.
  /// - Throws: ``TrackingError`` `storage`.
  public static func tables(
    _ store: TrackingStore,
    named names: [String]? = nil
  ) throws -> [SystemTable] {
    try store.read("system tables") { connection in
      let wanted = definitions.filter { names?.contains($0.name) ?? true }
      return try wanted.map { definition in
        SystemTable(
          name: definition.name,
          columns: definition.columns,
          rows: try connection.rows(definition.query).map(\.values)
        )
      }
    }
  }

  /// Each table's columns, for listings that need no rows.
  public static var columns: [(name: String, columns: [SystemTable.Column])] {
    definitions.map { ($0.name, $0.columns) }
  }
}
