import Values

/// One statement in the engine's own SQL, and what it does.
struct Translation: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case query
    case insert(TableName, columns: [String]?, overwrite: Bool)
    case createTable(TableName, replace: Bool, ifNotExists: Bool)
    case dropTable(TableName, ifExists: Bool)
    case delete(TableName)
    case createDatabase(String)
    case dropDatabase(String, ifExists: Bool)
  }

  /// A table that the statement reads, and its place in the text that was translated.
  struct Reference: Sendable, Hashable {
    let table: TableName
    let line: Int?
    let column: Int?
  }

  let kind: Kind
  /// The query, or the rows to write; empty where the kind says all.
  let sql: String
  let tables: [Reference]

  var writes: Bool { kind != .query }
}

extension Translation {
  /// Reads what the translator wrote; nil when it is something else.
  init?(_ value: Value) {
    guard let fields = value.object, let word = fields["kind"]?.string,
      let sql = fields["sql"]?.string, let kind = Self.kind(word, fields)
    else { return nil }
    self.kind = kind
    self.sql = sql
    tables = (fields["tables"]?.array ?? []).compactMap { entry in
      guard let fields = entry.object, let table = Self.table(entry) else { return nil }
      return Reference(
        table: table,
        line: fields["line"]?.int.map(Int.init),
        column: fields["column"]?.int.map(Int.init)
      )
    }
  }

  private static func kind(_ word: String, _ fields: ObjectValue) -> Kind? {
    let table = fields["table"].flatMap(table)
    let database = fields["database"]?.string
    let flag = { (name: String) in fields[name]?.bool ?? false }
    switch (word, table, database) {
    case ("query", _, _): return .query
    case ("insert", let table?, _):
      let columns = fields["columns"]?.array?.compactMap(\.string)
      return .insert(table, columns: columns, overwrite: flag("overwrite"))
    case ("createTable", let table?, _):
      return .createTable(table, replace: flag("replace"), ifNotExists: flag("ifNotExists"))
    case ("dropTable", let table?, _): return .dropTable(table, ifExists: flag("ifExists"))
    case ("delete", let table?, _): return .delete(table)
    case ("createDatabase", _, let name?): return .createDatabase(name)
    case ("dropDatabase", _, let name?): return .dropDatabase(name, ifExists: flag("ifExists"))
    default: return nil
    }
  }

  private static func table(_ value: Value) -> TableName? {
    guard let fields = value.object, let database = fields["database"]?.string,
      let table = fields["table"]?.string
    else { return nil }
    return TableName(database: database, table: table)
  }
}
