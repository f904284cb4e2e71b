import SQLWarehouse
import Values
import WorkflowEngine

/// What a table has in the column that is to be learned.
struct LabelColumn {
  let table: TableName
  let column: String
  let rows: Int
  let nulls: Int
  let distinctValues: Int
  /// One of the values, as text.
  let example: String?

  /// The fewest rows that can be parted into some to learn from and some to validate with.
  static let fewestRows = 10

  /// Counts in the warehouse; one pass over one column.
  ///
  /// - Throws: ``WarehouseError``.
  static func count(_ column: String, of input: InputTable) async throws -> LabelColumn {
    let name = quoted(column)
    let table = "\(quoted(input.name.database)).\(quoted(input.name.table))"
    // why: names cannot be bound; each is quoted, with the quotes in it doubled
    let statement = SQLStatement(
      text: """
        SELECT
          count(*) AS all_rows,
          count(\(name)) AS labelled_rows,
          count(DISTINCT \(name)) AS distinct_values,
          CAST(max(\(name)) AS varchar) AS example
        FROM \(table)
        """,
      dialect: .presto,
      database: input.name.database
    )
    let counts = try await input.warehouse.run(statement, rowLimit: 1).object(at: 0)
    let rows = Int(counts["all_rows"]?.int ?? 0)
    return LabelColumn(
      table: input.name,
      column: column,
      rows: rows,
      nulls: rows - Int(counts["labelled_rows"]?.int ?? 0),
      distinctValues: Int(counts["distinct_values"]?.int ?? 0),
      example: counts["example"]?.string
    )
  }

  /// Refuses what no model can be trained on.
  ///
  /// - Throws: ``TaskFailure`` `config` that names table, column and rows.
  func requireLearnable() throws {
    guard rows > 0 else {
      throw TaskFailure(.config, "the table `\(table)` has no rows to learn from")
    }
    guard nulls < rows else {
      throw TaskFailure(
        .config,
        "`target_column`: `\(column)` of `\(table)` is null in all of its \(rows) rows: there is nothing to learn"
      )
    }
    guard nulls == 0 else {
      throw TaskFailure(
        .config,
        "`target_column`: `\(column)` of `\(table)` is null in \(nulls) of \(rows) rows: "
          + "leave these rows out, as with `WHERE \(Self.quoted(column)) IS NOT NULL`"
      )
    }
    guard distinctValues > 1 else {
      let value = example.map { ", `\($0)`," } ?? ""
      throw TaskFailure(
        .config,
        "`target_column`: `\(column)` of `\(table)` has only one value\(value) in all of its \(rows) rows: "
          + "there is nothing to tell apart"
      )
    }
    guard rows >= Self.fewestRows else {
      throw TaskFailure(
        .config,
        "the table `\(table)` has \(rows) rows; at least \(Self.fewestRows) are needed to train and to validate"
      )
    }
  }

  private static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}
