import Crypto
import Foundation
public import Storage
public import Values

/// Secrets of projects, and defaults for all projects, encrypted in the database.
///
/// AES-256 in Galois/counter mode (NIST SP 800-38D) with a random nonce of 96 bits for each value. The project's
/// number and the key's name are bound to it, so a value that is moved to another row does not open.
public struct SecretVault: Sendable {
  public static let mostBytes = 16 * 1_024

  private let database: SQLDatabase
  private let key: VaultKey
  private let clock: @Sendable () -> Int64
  private let random: @Sendable (Int) -> [UInt8]

  /// Opens the vault.
  ///
  /// - Throws: ``AccessError`` `wrongKey` when it was written with another key.
  public init(
    database: SQLDatabase,
    key: VaultKey,
    clock: @escaping @Sendable () -> Int64,
    random: @escaping @Sendable (Int) -> [UInt8]
  ) throws {
    self.database = database
    self.key = key
    self.clock = clock
    self.random = random
    try database.migrate(AccessMigrations.all, room: AccessMigrations.room)
    try database.write { connection in
      try connection.execute(
        "INSERT INTO secret_key (id, fingerprint) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
        [.string(key.fingerprint)]
      )
      try check(connection)
    }
  }

  /// Opens the vault for looking at it only: nothing is written, as in a database that is opened for reading.
  ///
  /// - Throws: ``AccessError`` `wrongKey`, or `damaged` when it was never opened for writing.
  public init(reading database: SQLDatabase, key: VaultKey) throws {
    self.database = database
    self.key = key
    clock = { 0 }
    random = Randomness.system
    try database.read(check)
  }

  /// Why secrets cannot be read, one for each: they were changed, or encrypted with another key.
  public func damaged() throws -> [AccessError] {
    let rows = try database.read { try $0.rows("SELECT * FROM secrets").map(SealedRow.init) }
    return rows.compactMap { row -> AccessError? in
      do {
        _ = try open(row)
        return nil
      } catch {
        return error as? AccessError ?? AccessError(.damaged, "\(error)")
      }
    }
  }

  /// Keeps a value, in the place of an earlier one; without a project among the defaults of all.
  ///
  /// - Throws: ``AccessError`` `invalid` for more than 16 KiB, `wrongKey`.
  public func set(_ value: Secret, for name: SecretKey, in project: Int64?) throws {
    let count = value.reveal().utf8.count
    guard count <= Self.mostBytes else {
      throw AccessError(
        .invalid,
        "the value of a secret may have at most \(Self.mostBytes) bytes, found \(count)"
      )
    }
    let place = Place(project: project, name: name.text)
    let sealed = try seal(value, at: place)
    try database.write { connection in
      try check(connection)
      try connection.execute(
        """
        INSERT INTO secrets (project_id, name, key_fingerprint, sealed, updated_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, name) DO UPDATE SET
          key_fingerprint = excluded.key_fingerprint, sealed = excluded.sealed,
          updated_at = excluded.updated_at
        """,
        [
          .int(place.project), .string(name.text), .string(key.fingerprint), .string(sealed),
          .int(clock()),
        ]
      )
    }
  }

  /// What there is in a project, or among the defaults, by name.
  public func secrets(in project: Int64?) throws -> [SecretEntry] {
    try database.read {
      try $0.rows(
        "SELECT name, updated_at FROM secrets WHERE project_id = $1 ORDER BY name",
        [.int(Place.number(project))]
      ).map { row in
        let row = AccessRow(row)
        return SecretEntry(
          key: try SecretKey(try row.text("name")),
          updatedAt: try row.integer("updated_at")
        )
      }
    }
  }

  /// Forgets a value.
  ///
  /// - Throws: ``AccessError`` `unknown` when there is none.
  public func delete(_ name: SecretKey, in project: Int64?) throws {
    try database.write { connection in
      let deleted = try connection.execute(
        "DELETE FROM secrets WHERE project_id = $1 AND name = $2",
        [.int(Place.number(project)), .string(name.text)]
      )
      guard deleted > 0 else { throw AccessError(.unknown, "there is no secret `\(name)`") }
    }
  }

  /// Forgets all values of a project that was deleted.
  public func forgetProject(_ project: Int64) throws {
    try database.write {
      try $0.execute("DELETE FROM secrets WHERE project_id = $1", [.int(project)])
    }
  }

  /// The value for a project: its own, or else the default; nil when there is neither.
  ///
  /// - Throws: ``AccessError`` `wrongKey`, or `damaged` when the row was changed.
  public func value(of name: SecretKey, in project: Int64?) throws -> Secret? {
    try rows(of: project, named: name).last.map { try open($0) }
  }

  /// All values for a project by their names: its own and the defaults it does not have; also what must be masked.
  ///
  /// - Throws: ``AccessError`` `wrongKey`, or `damaged` when a row was changed.
  public func values(in project: Int64?) throws -> [String: Secret] {
    var values: [String: Secret] = [:]
    for row in try rows(of: project, named: nil) { values[row.place.name] = try open(row) }
    return values
  }

  /// Encrypts every value anew under another key, all or none, and gives the vault of that key.
  ///
  /// - Throws: ``AccessError`` `wrongKey`, or `damaged` when a row was changed.
  public func rotated(to other: VaultKey) throws -> SecretVault {
    try database.write { connection in
      try check(connection)
      let next = SecretVault(from: self, key: other)
      for row in try connection.rows("SELECT * FROM secrets").map(SealedRow.init) {
        try connection.execute(
          """
          UPDATE secrets SET key_fingerprint = $3, sealed = $4 WHERE project_id = $1 AND name = $2
          """,
          [
            .int(row.place.project), .string(row.place.name), .string(other.fingerprint),
            .string(try next.seal(try open(row), at: row.place)),
          ]
        )
      }
      try connection.execute(
        "UPDATE secret_key SET fingerprint = $1 WHERE id = 1",
        [.string(other.fingerprint)]
      )
      return next
    }
  }

  private init(from vault: SecretVault, key: VaultKey) {
    database = vault.database
    clock = vault.clock
    random = vault.random
    self.key = key
  }

  /// The defaults first, so that a project's own come last and win.
  private func rows(of project: Int64?, named name: SecretKey?) throws -> [SealedRow] {
    try database.read { connection in
      try check(connection)
      return try connection.rows(
        """
        SELECT * FROM secrets
        WHERE project_id IN ($1, $2) AND (name = $3 OR $3 IS NULL) ORDER BY project_id, name
        """,
        [.int(Place.number(nil)), .int(Place.number(project)), Value(name?.text)]
      ).map(SealedRow.init)
    }
  }

  private func check(_ connection: SQLConnection) throws {
    let row = try connection.row("SELECT fingerprint FROM secret_key WHERE id = 1")
    guard let kept = row?["fingerprint"]?.string else {
      throw AccessError(.damaged, "the record of the key for secrets is gone")
    }
    guard kept == key.fingerprint else { throw wrongKey(kept) }
  }

  private func wrongKey(_ expected: String) -> AccessError {
    AccessError(
      .wrongKey,
      "the secrets were encrypted with the key \(expected), found the key \(key.fingerprint)",
      hint: "give the server the key file or `TADORU_SECRET_KEY` that it had before"
    )
  }

  private func seal(_ value: Secret, at place: Place) throws -> String {
    let box = try AES.GCM.seal(
      Array(value.reveal().utf8),
      using: key.key,
      nonce: AES.GCM.Nonce(data: random(12)),
      authenticating: place.bound
    )
    return (Data(box.nonce) + box.ciphertext + box.tag).base64EncodedString()
  }

  private func open(_ row: SealedRow) throws -> Secret {
    guard row.fingerprint == key.fingerprint else { throw wrongKey(row.fingerprint) }
    // Whatever went wrong, its text stays here: it must not carry parts of a value.
    do {
      guard let combined = Data(base64Encoded: row.sealed) else {
        throw CryptoKitError.authenticationFailure
      }
      let box = try AES.GCM.SealedBox(combined: combined)
      let bytes = try AES.GCM.open(box, using: key.key, authenticating: row.place.bound)
      return Secret(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw AccessError(
        .damaged,
        "the secret `\(row.place.name)` is not what was written",
        hint: "set it again"
      )
    }
  }
}

/// Where a value belongs, which is bound to it.
private struct Place {
  let project: Int64
  let name: String

  init(project: Int64?, name: String) {
    self.project = Self.number(project)
    self.name = name
  }

  /// Projects are counted from 1.
  static func number(_ project: Int64?) -> Int64 { project ?? 0 }

  var bound: [UInt8] { Array("tadoru secret 1\n\(project)\n\(name)".utf8) }
}

private struct SealedRow {
  let place: Place
  let fingerprint: String
  let sealed: String

  init(_ row: ObjectValue) throws {
    let row = AccessRow(row)
    place = Place(project: try row.integer("project_id"), name: try row.text("name"))
    fingerprint = try row.text("key_fingerprint")
    sealed = try row.text("sealed")
  }
}
