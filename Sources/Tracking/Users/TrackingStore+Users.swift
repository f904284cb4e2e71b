import Storage
import Values

extension TrackingStore {
  /// The user of a name, made at the first call; an email that is given replaces the stored one.
  ///
  /// - Throws: ``TrackingError`` `invalid` for a name that is empty or has a `/`.
  public func user(named name: String, email: String? = nil) throws -> User {
    try RecordName.checkLength(name, of: "user")
    guard !name.contains("/") else {
      throw TrackingError(
        .invalid,
        "the user name `\(name)` may not have a `/`: it begins `owner/name` of a model"
      )
    }
    // Nearly every call finds what it wants, and a read waits for no other writer.
    let stored = try read("user `\(name)`") { try Self.user(named: name, $0) }
    if let stored, email == nil || stored.email == email { return stored }
    return try write("user `\(name)`") { connection in
      let row = try connection.row(
        """
        INSERT INTO users (id, name, email, created_at)
        VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM users), $1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET email = COALESCE(excluded.email, users.email)
        RETURNING id, name, email
        """,
        [.string(name), Value(email), .int(clock().milliseconds)]
      )
      guard let row else { throw TrackingError(.storage, "user `\(name)` not saved") }
      return try User(row)
    }
  }

  /// Everyone who has a record, by name.
  public func users() throws -> [User] {
    try read("users") {
      try $0.rows("SELECT id, name, email FROM users ORDER BY name").map(User.init)
    }
  }

  static func user(named name: String, _ connection: SQLConnection) throws -> User? {
    try connection.row("SELECT id, name, email FROM users WHERE name = $1", [.string(name)])
      .map(User.init)
  }
}

extension User {
  init(_ row: ObjectValue) throws {
    let record = Record(row)
    self.init(
      id: UserID(try record.integer("id")),
      name: try record.text("name"),
      email: try record.optionalText("email")
    )
  }
}
