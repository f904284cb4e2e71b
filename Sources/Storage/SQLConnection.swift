import Foundation
import GRDB
import GRDBSQLite
public import Values

/// The open transaction that ``SQLDatabase`` hands to a closure; it must not leave the closure.
///
/// Placeholders are `$1`, `$2`…, in any order and as often as wanted. A truth is bound as 1 or 0,
/// an array or object as its JSON text. A float that is not a number reads back as null.
/// Every call takes one statement; its prepared form is kept for the next call with the same text.
public struct SQLConnection {
  private let database: Database
  /// The file's path, for messages.
  let place: String

  init(_ database: Database, place: String) {
    self.database = database
    self.place = place
  }

  /// Executes a statement and gives the number of rows it inserted, changed or deleted.
  @discardableResult
  public func execute(_ sql: String, _ arguments: [Value] = []) throws -> Int {
    try translated {
      let before = database.totalChangesCount
      try prepared(sql, arguments).execute()
      // `changesCount` keeps the number of an earlier statement when this one changes no rows.
      return database.totalChangesCount == before ? 0 : database.changesCount
    }
  }

  /// Every row of a query, or of a statement with `RETURNING`, with its columns in order.
  public func rows(_ sql: String, _ arguments: [Value] = []) throws -> [ObjectValue] {
    try translated {
      let statement = try prepared(sql, arguments)
      let names = statement.columnNames
      let cursor = try Row.fetchCursor(statement)
      var rows: [ObjectValue] = []
      while let row = try cursor.next() {
        rows.append(ObjectValue(names.indices.map { (names[$0], Value(row[$0] as DatabaseValue)) }))
      }
      return rows
    }
  }

  /// The first row of a query; nil when there is none.
  public func row(_ sql: String, _ arguments: [Value] = []) throws -> ObjectValue? {
    try rows(sql, arguments).first
  }

  private func translated<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as DatabaseError {
      throw StorageError(error, place: place)
    }
  }

  private func prepared(_ sql: String, _ arguments: [Value]) throws -> Statement {
    let statement = try database.cachedStatement(sql: sql)
    // SQLite takes `$1` for a name and numbers names by first use, hence the way back to the number.
    var ordered: [DatabaseValue] = []
    var highest = 0
    for index in 0..<sqlite3_bind_parameter_count(statement.sqliteStatement) {
      let name = sqlite3_bind_parameter_name(statement.sqliteStatement, index + 1)
      guard let name, let number = Int(String(cString: name).dropFirst()), number > 0 else {
        throw StorageError(.statement, "expected the placeholders `$1`, `$2`… in `\(sql)`")
      }
      guard number <= arguments.count else { throw wrongCount(number, arguments, sql) }
      highest = max(highest, number)
      ordered.append(try databaseValue(arguments[number - 1], number: number, sql))
    }
    guard highest == arguments.count else { throw wrongCount(highest, arguments, sql) }
    statement.setUncheckedArguments(StatementArguments(ordered))
    return statement
  }

  private func wrongCount(_ expected: Int, _ arguments: [Value], _ sql: String) -> StorageError {
    StorageError(
      .statement,
      "expected \(expected) arguments, found \(arguments.count), for `\(sql)`"
    )
  }

  private func databaseValue(_ value: Value, number: Int, _ sql: String) throws -> DatabaseValue {
    switch value {
    case .null: return .null
    case .bool(let truth): return (truth ? 1 : 0).databaseValue
    case .int(let integer): return integer.databaseValue
    case .double(let float): return float.databaseValue
    case .string(let text):
      // SQLite would cut the text there without a word, and PostgreSQL refuses it.
      guard !text.utf8.contains(0) else {
        throw StorageError(.statement, "argument $\(number) has a NUL character, for `\(sql)`")
      }
      return text.databaseValue
    case .array, .object: return JSON.encode(value).databaseValue
    }
  }
}

extension Value {
  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let integer): self = .int(integer)
    case .double(let float): self = .double(float)
    case .string(let text): self = .string(text)
    case .blob(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
    }
  }
}
