import Values

/// A row of our own tables read by column; what does not fit means that the database was damaged.
struct AccessRow {
  let row: ObjectValue

  init(_ row: ObjectValue) { self.row = row }

  func integer(_ column: String) throws -> Int64 {
    guard let number = row[column]?.int else { throw mismatch(column, "integer") }
    return number
  }

  func text(_ column: String) throws -> String {
    guard let text = row[column]?.string else { throw mismatch(column, "string") }
    return text
  }

  func optionalInteger(_ column: String) throws -> Int64? {
    row[column]?.isNull == true ? nil : try integer(column)
  }

  func optionalText(_ column: String) throws -> String? {
    row[column]?.isNull == true ? nil : try text(column)
  }

  func role(_ column: String) throws -> Role {
    guard let role = Role(rawValue: try text(column)) else { throw mismatch(column, "role") }
    return role
  }

  func optionalRole(_ column: String) throws -> Role? {
    row[column]?.isNull == true ? nil : try role(column)
  }

  private func mismatch(_ column: String, _ expected: String) -> AccessError {
    AccessError(
      .damaged,
      "column `\(column)` of the server's database: expected \(expected), found "
        + (row[column]?.kind ?? "no such column")
    )
  }
}

extension Value {
  init(_ text: String?) { self = text.map(Value.string) ?? .null }
  init(_ number: Int64?) { self = number.map(Value.int) ?? .null }
  init(_ role: Role?) { self = role.map { .string($0.rawValue) } ?? .null }
}
