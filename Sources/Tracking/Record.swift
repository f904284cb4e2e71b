import Values

/// A row of our own tables read by column; what does not fit means that the database was damaged.
struct Record {
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

  func optionalText(_ column: String) throws -> String? {
    row[column]?.isNull == true ? nil : try text(column)
  }

  func optionalInteger(_ column: String) throws -> Int64? {
    row[column]?.isNull == true ? nil : try integer(column)
  }

  func time(_ column: String) throws -> UnixTime {
    UnixTime(milliseconds: try integer(column))
  }

  /// A float column in which null stands for "not a number", which SQL databases treat unalike.
  func number(_ column: String) throws -> Double {
    guard let value = row[column] else { throw mismatch(column, "float") }
    if value.isNull { return .nan }
    guard let number = value.double else { throw mismatch(column, "float") }
    return number
  }

  func object(_ column: String) throws -> ObjectValue {
    do {
      guard let object = try JSON.decode(text(column)).object else {
        throw mismatch(column, "JSON object")
      }
      return object
    } catch let error as JSONError {
      throw TrackingError(
        .storage,
        "column `\(column)` of the tracking database holds no JSON",
        cause: error
      )
    }
  }

  func mismatch(_ column: String, _ expected: String) -> TrackingError {
    TrackingError(
      .storage,
      "column `\(column)` of the tracking database: expected \(expected), found "
        + (row[column]?.kind ?? "no such column")
    )
  }
}

extension Value {
  init(_ text: String?) { self = text.map(Value.string) ?? .null }
  init(_ number: Int64?) { self = number.map(Value.int) ?? .null }
  init(_ time: UnixTime?) { self = time.map { .int($0.milliseconds) } ?? .null }

  /// What a float column keeps: null for "not a number".
  init(stored number: Double) { self = number.isNaN ? .null : .double(number) }
}
