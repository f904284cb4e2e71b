import Access
import Storage
import Testing
import Values

@Suite struct AuditTests {
  private func event(_ number: Int) -> AuditEvent {
    AuditEvent(
      by: AuditActor(
        account: number % 3 == 0 ? nil : Int64(number),
        name: "person\(number)",
        token: number % 4 == 0 ? 9 : nil,
        address: "192.0.2.\(number)"
      ),
      action: "secret.set",
      target: "project \(number), secret mail.password",
      outcome: AuditEvent.Outcome.allCases[number % 3],
      change: AuditChange(before: number % 2 == 0 ? "abc" : nil, after: "def")
    )
  }

  private func filled(_ count: Int) throws -> (AccessFixture, AuditLog) {
    let fixture = try AccessFixture()
    let log = try fixture.log()
    for number in 1...count {
      fixture.advance(seconds: 1)
      try log.append(event(number))
    }
    return (fixture, log)
  }

  @Test
  func `an entry says who, when, from where, what and how it went, newest first`() throws {
    let (fixture, log) = try filled(25)
    let entries = try log.entries(limit: 10)
    #expect(entries.map(\.position) == Array((16...25).reversed()))
    #expect(entries[0].event == event(25) && entries[0].at == fixture.clock.now)
    #expect(try log.entries(before: 16, limit: 100).map(\.position) == Array((1...15).reversed()))
    #expect(try log.entries(limit: -1).isEmpty)
    #expect(entries[0].previousHash == entries[1].hash)
  }

  @Test
  func `an untouched log is intact, also an empty one`() throws {
    let empty = try AccessFixture().log()
    #expect(try empty.verify() == .intact(empty.head()))
    let (_, log) = try filled(2_050)
    #expect(try log.verify() == .intact(log.head()))
    #expect(try log.head().position == 2_050)
  }

  @Test
  func `hostile text is kept, shortened and without what a database refuses`() throws {
    let fixture = try AccessFixture()
    let log = try fixture.log()
    let long =
      "\u{0}\u{202e}\n'; DROP TABLE audit_entries; --" + String(repeating: "é", count: 100_000)
    let actor = AuditActor(account: nil, name: long, token: nil, address: long)
    let entry = try log.append(
      AuditEvent(
        by: actor,
        action: long,
        target: long,
        outcome: .refused,
        change: AuditChange(before: long, after: long)
      )
    )
    #expect(entry.event.target.unicodeScalars.count == 2_000)
    #expect(try log.entries() == [entry])
    #expect(try log.verify() == .intact(log.head()))
  }

  @Test
  func `fields do not run into one another`() throws {
    func hash(_ action: String, _ target: String, before: String?) throws -> String {
      let log = try AccessFixture().log()
      let actor = AuditActor(account: nil, name: "a", token: nil, address: "")
      let change = AuditChange(before: before)
      return try log.append(
        AuditEvent(by: actor, action: action, target: target, change: change)
      ).hash
    }
    let hashes = try [
      hash("ab", "c", before: nil), hash("a", "bc", before: nil), hash("ab", "c", before: ""),
      hash("ab", "c", before: "-"), hash("a1:b", "c", before: nil),
    ]
    #expect(Set(hashes).count == 5)
  }

  @Test
  func `entries added at the same time make one chain`() async throws {
    let fixture = try AccessFixture()
    let log = try fixture.log()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask { _ = try? log.append(self.event(number)) }
      }
    }
    #expect(try log.head().position == 100)
    #expect(try log.verify() == .intact(log.head()))
  }

  private static let columns = [
    "at", "account_id", "account_name", "token_id", "address", "action", "target", "outcome",
    "before_change", "after_change", "previous_hash", "hash",
  ]

  /// 120 edits, 30 removals, 20 swaps, 15 insertions, 15 cuts at the end: 200.
  private static let tampers: [Tamper] =
    (0..<120).map { Tamper(kind: .edit, number: $0) }
    + (0..<30).map { Tamper(kind: .remove, number: $0) }
    + (0..<20).map { Tamper(kind: .swap, number: $0) }
    + (0..<15).map { Tamper(kind: .insert, number: $0) }
    + (0..<15).map { Tamper(kind: .cut, number: $0) }

  struct Tamper: Sendable {
    enum Kind: Sendable { case edit, remove, swap, insert, cut }
    let kind: Kind
    let number: Int
  }

  @Test
  func `each of 200 changes of the rows is found, at the first row that it concerns`() throws {
    let (fixture, log) = try filled(30)
    let intact = AuditVerification.intact(try log.head())
    for tamper in Self.tampers {
      let rows = try fixture.database.read { try $0.rows("SELECT * FROM audit_entries") }
      let head = try log.head()
      let first = try fixture.database.write { try apply(tamper, $0) }
      if case .broken(let at, _) = try log.verify() {
        #expect(at == first, "\(tamper)")
      } else {
        Issue.record("\(tamper) was not found")
      }
      try restore(rows, head, fixture.database)
      #expect(try log.verify() == intact)
    }
  }

  /// Changes rows and gives the first position that is wrong after it.
  private func apply(_ tamper: Tamper, _ connection: SQLConnection) throws -> Int64 {
    let number = tamper.number
    let at = Int64(number * 7 % 29 + 1)
    switch tamper.kind {
    case .edit:
      let column = Self.columns[number % Self.columns.count]
      let values: [Value] = ["forged", .int(Int64(number + 5)), "", .string("\(number)")]
      let isNumber = ["at", "account_id", "token_id"].contains(column)
      let value = isNumber ? .int(Int64(number + 1_000)) : values[number / 12 % 4]
      try connection.execute(
        "UPDATE audit_entries SET \(column) = $2 WHERE position = $1",
        [.int(at), value]
      )
      return at
    case .remove:
      try connection.execute(
        "DELETE FROM audit_entries WHERE position = $1",
        [.int(Int64(number + 1))]
      )
      return Int64(number + 1)
    case .swap:
      for (from, to) in [(at, Int64(-1)), (at + 1, at), (-1, at + 1)] {
        try connection.execute(
          "UPDATE audit_entries SET position = $2 WHERE position = $1",
          [.int(from), .int(to)]
        )
      }
      return at
    case .insert: return try insert(number, at: at, connection)
    case .cut:
      try connection.execute(
        "DELETE FROM audit_entries WHERE position > $1",
        [.int(Int64(number * 2))]
      )
      return Int64(number * 2 + 1)
    }
  }

  /// A copy of another row, in the middle (those above move up) or behind the end.
  private func insert(_ number: Int, at: Int64, _ connection: SQLConnection) throws -> Int64 {
    let place = number % 3 == 0 ? Int64(31) : at
    if place == at {
      for position in stride(from: Int64(30), through: at, by: -1) {
        try connection.execute(
          "UPDATE audit_entries SET position = $2 WHERE position = $1",
          [.int(position), .int(position + 1)]
        )
      }
    }
    let columns = Self.columns.joined(separator: ", ")
    try connection.execute(
      "INSERT INTO audit_entries (position, \(columns)) SELECT $1, \(columns) FROM audit_entries "
        + "WHERE position = $2",
      [.int(place), .int(place == 31 ? 30 : at == 1 ? 2 : 1)]
    )
    return place
  }

  private func restore(_ rows: [ObjectValue], _ head: AuditHead, _ database: SQLDatabase) throws {
    try database.write { connection in
      try connection.execute("DELETE FROM audit_entries")
      for row in rows {
        let places = row.keys.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let names = row.keys.joined(separator: ", ")
        try connection.execute(
          "INSERT INTO audit_entries (\(names)) VALUES (\(places))",
          row.values
        )
      }
      try connection.execute(
        "UPDATE audit_head SET position = $1, hash = $2 WHERE id = 1",
        [.int(head.position), .string(head.hash)]
      )
    }
  }

  @Test(arguments: [
    "DELETE FROM audit_head", "UPDATE audit_head SET position = 4",
    "UPDATE audit_head SET position = 6", "UPDATE audit_head SET position = 0",
    "UPDATE audit_head SET hash = 'x'", "UPDATE audit_head SET position = 'many'",
    "INSERT INTO audit_head (id, position, hash) VALUES (2, 9, 'x')",
  ])
  func `a record of the end that was changed is found too`(statement: String) throws {
    let (fixture, log) = try filled(5)
    _ = try fixture.database.write { try $0.execute(statement) }
    guard case .broken = try log.verify() else {
      Issue.record("not found")
      return
    }
  }

  @Test(arguments: [.int(0), .int(-7), "x", 1.5, .int(.max)] as [Value])
  func `a row put where no entry is looked for is found`(position: Value) throws {
    let (fixture, log) = try filled(5)
    let columns = Self.columns.joined(separator: ", ")
    _ = try fixture.database.write {
      try $0.execute(
        "INSERT INTO audit_entries (position, \(columns)) SELECT $1, \(columns) FROM audit_entries "
          + "WHERE position = 5",
        [position]
      )
    }
    guard case .broken = try log.verify() else {
      Issue.record("not found")
      return
    }
  }

  @Test
  func `a chain that was made anew as a whole is found by a head that was noted`() throws {
    let (_, log) = try filled(5)
    let noted = try log.head()
    try log.append(event(6))
    #expect(try log.verify(against: noted) == .intact(log.head()))
    // Another history of the same length, flawless in itself.
    let forged = try AccessFixture().log()
    for number in 11...18 { try forged.append(event(number)) }
    #expect(try forged.verify() == .intact(forged.head()))
    guard case .broken(let at, let why) = try forged.verify(against: noted) else {
      Issue.record("not found")
      return
    }
    #expect(at == 5 && why.contains("noted"))
  }
}
