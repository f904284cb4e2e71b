import Storage
public import Values

extension TrackingStore {
  /// Logs parameters, which are written once: the same value again is fine, another one is refused.
  ///
  /// - Throws: ``TrackingError`` `notFound`, `invalid`, `conflict`; then nothing is logged.
  public func logParams(_ params: ObjectValue, on id: RunID) throws {
    try write("params of run `\(id)`") { connection in
      try Self.logParams(params, number: Self.number(of: id, connection), id, connection)
    }
  }

  /// Sets tags; a tag that exists is replaced.
  ///
  /// - Throws: ``TrackingError`` `notFound`, `invalid`; then nothing is set.
  public func setTags(_ tags: ObjectValue, on id: RunID) throws {
    try write("tags of run `\(id)`") { connection in
      try Self.setTags(tags, number: Self.number(of: id, connection), connection)
    }
  }

  /// The parameters of a run as text, by name.
  public func params(of id: RunID) throws -> ObjectValue {
    try entries("SELECT name, value FROM params WHERE run_id = $1 ORDER BY name", of: id)
  }

  /// The tags of a run as text, by name.
  public func tags(of id: RunID) throws -> ObjectValue {
    try entries("SELECT name, value FROM tags WHERE run_id = $1 ORDER BY name", of: id)
  }

  private func entries(_ query: String, of id: RunID) throws -> ObjectValue {
    try read("run `\(id)`") { connection in
      let rows = try connection.rows(query, [.int(Self.number(of: id, connection))])
      return ObjectValue(
        try rows.map(Record.init).map { (try $0.text("name"), .string(try $0.text("value"))) }
      )
    }
  }

  static func logParams(
    _ params: ObjectValue,
    number: Int64,
    _ id: RunID,
    _ connection: SQLConnection
  ) throws {
    for (name, value) in params {
      try RecordName.check(name, of: "param")
      let inserted = try connection.execute(
        """
        INSERT INTO params (run_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (run_id, name) DO NOTHING
        """,
        [.int(number), .string(name), .string(value.text)]
      )
      guard inserted == 0 else { continue }
      let stored = try connection.row(
        "SELECT value FROM params WHERE run_id = $1 AND name = $2",
        [.int(number), .string(name)]
      )
      guard let old = stored?["value"]?.string, old != value.text else { continue }
      throw TrackingError(
        .conflict,
        "param `\(name)` of run `\(id)` was already logged as `\(old.prefix(200))` and may not "
          + "change, found `\(value.text.prefix(200))`"
      )
    }
  }

  static func setTags(_ tags: ObjectValue, number: Int64, _ connection: SQLConnection) throws {
    for (name, value) in tags {
      try RecordName.check(name, of: "tag")
      try connection.execute(
        """
        INSERT INTO tags (run_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (run_id, name) DO UPDATE SET value = excluded.value
        """,
        [.int(number), .string(name), .string(value.text)]
      )
    }
  }
}
