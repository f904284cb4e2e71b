import Foundation
import Storage
import TestKit
import Testing
import Values

@testable import Access

@Suite struct VaultTests {
  private static let canary = Secret("canary-4711-\"quoted\"\nsecond line")

  private func vault(_ fixture: AccessFixture, key: VaultKey? = nil) throws -> SecretVault {
    let clock = fixture.clock
    return try SecretVault(
      database: fixture.database,
      key: key ?? VaultKey(bytes: Array(0..<32)),
      clock: { clock.now },
      random: Randomness.system
    )
  }

  private func value(_ vault: SecretVault, _ name: String, _ project: Int64?) throws -> String? {
    try vault.value(of: SecretKey(name), in: project)?.reveal()
  }

  @Test
  func `a project's own value wins over the default, and no other project has it`() throws {
    let fixture = try AccessFixture()
    let vault = try vault(fixture)
    let name = try SecretKey("mail.password")
    try vault.set(Secret("default"), for: name, in: nil)
    #expect(try value(vault, "mail.password", 1) == "default")
    try vault.set(Secret("own"), for: name, in: 1)
    try vault.set(Secret(""), for: SecretKey("empty"), in: 1)
    #expect(try value(vault, "mail.password", 1) == "own")
    #expect(try value(vault, "mail.password", 2) == "default")
    #expect(try value(vault, "mail.password", nil) == "default")
    #expect(try value(vault, "other", 1) == nil)
    #expect(try vault.values(in: 1) == ["mail.password": Secret("own"), "empty": Secret("")])
    #expect(try vault.values(in: 2) == ["mail.password": Secret("default")])
    #expect(
      try vault.secrets(in: 1).map { "\($0.key) \($0.updatedAt == fixture.clock.now)" } == [
        "empty true", "mail.password true",
      ]
    )
    try vault.delete(name, in: 1)
    #expect(try value(vault, "mail.password", 1) == "default")
    #expect(refusal { try vault.delete(name, in: 1) }?.code == .unknown)
    try vault.forgetProject(1)
    #expect(try vault.secrets(in: 1).isEmpty && vault.secrets(in: nil).count == 1)
  }

  @Test(arguments: [
    "", ".", "a.", ".a", "a..b", "a b", "a/b", "ä", "a\n", "a\u{0}",
    String(repeating: "a", count: 256),
  ])
  func `a key that is no key is refused`(text: String) {
    #expect(refusal { try SecretKey(text) }?.code == .invalid)
  }

  @Test(arguments: ["a", "A-1_b.c", "0", String(repeating: "a", count: 255)])
  func `letters, digits, underscores and dashes make keys`(text: String) throws {
    #expect(try SecretKey(text).text == text)
  }

  @Test
  func `a value may have 16 KiB and not one byte more, and the refusal does not show it`() throws {
    let vault = try vault(try AccessFixture())
    let name = try SecretKey("k")
    let longest = String(repeating: "x", count: 16_384)
    try vault.set(Secret(longest), for: name, in: 1)
    #expect(try value(vault, "k", 1) == longest)
    let error = refusal { try vault.set(Secret(longest + "x"), for: name, in: 1) }
    #expect(error?.code == .invalid && error?.description.contains("xxxx") == false)
  }

  @Test
  func `no plain value is in the file, its log or any description`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.db"
    let fixture = try AccessFixture(database: SQLDatabase(path: path, durability: .machine))
    let vault = try vault(fixture)
    try vault.set(Self.canary, for: SecretKey("k"), in: 1)
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes += try Data(contentsOf: URL(filePath: path + "-wal"))
    #expect(bytes.range(of: Data("canary".utf8)) == nil)
    #expect(bytes.range(of: Data("SECRETS".lowercased().utf8)) != nil)
    let shown = "\(vault) \(String(reflecting: vault)) \(try vault.values(in: 1))"
    #expect(!shown.contains("canary"))
  }

  @Test
  func `a byte changed anywhere in a stored value is found`() throws {
    let fixture = try AccessFixture()
    let vault = try vault(fixture)
    let name = try SecretKey("k")
    try vault.set(Self.canary, for: name, in: 1)
    let row = try fixture.database.read { try $0.row("SELECT sealed FROM secrets") }
    let sealed = try #require(Data(base64Encoded: row?["sealed"]?.string ?? ""))
    #expect(sealed.count == 12 + Self.canary.reveal().utf8.count + 16)
    func put(_ text: String) throws {
      try fixture.database.write {
        try $0.execute("UPDATE secrets SET sealed = $1", [.string(text)])
      }
    }
    for place in sealed.indices {
      for bit: UInt8 in [1, 0x80] {
        var other = sealed
        other[place] ^= bit
        try put(other.base64EncodedString())
        let error = refusal { try vault.value(of: name, in: 1) }
        #expect(error?.code == .damaged && error?.description.contains("canary") == false)
      }
    }
    for count in [0, 11, 27, sealed.count - 1] {
      try put(sealed.prefix(count).base64EncodedString())
      #expect(refusal { try vault.value(of: name, in: 1) }?.code == .damaged)
    }
    try put("no base64")
    #expect(refusal { try vault.value(of: name, in: 1) }?.code == .damaged)
    try put(sealed.base64EncodedString())
    #expect(try vault.value(of: name, in: 1) == Self.canary)
  }

  @Test(arguments: ["name = 'other'", "project_id = 2"])
  func `a value moved to another row does not open`(change: String) throws {
    let fixture = try AccessFixture()
    let vault = try vault(fixture)
    try vault.set(Self.canary, for: SecretKey("k"), in: 1)
    _ = try fixture.database.write { try $0.execute("UPDATE secrets SET " + change) }
    for (name, project) in [("other", Int64(1)), ("k", 2)] {
      do { #expect(try value(vault, name, project) == nil) } catch let error as AccessError {
        #expect(error.code == .damaged)
      }
    }
  }

  @Test
  func `the same value is never stored as the same text`() throws {
    let fixture = try AccessFixture()
    let vault = try vault(fixture)
    var texts: Set<String> = []
    for number in 0..<50 { try vault.set(Self.canary, for: SecretKey("k\(number)"), in: 1) }
    for row in try fixture.database.read({ try $0.rows("SELECT sealed FROM secrets") }) {
      texts.insert(row["sealed"]?.string.map { String($0.prefix(16)) } ?? "")
    }
    #expect(texts.count == 50)
  }

  @Test
  func `another key is told as such, at once and in a row`() throws {
    let fixture = try AccessFixture()
    let first = try vault(fixture)
    try first.set(Self.canary, for: SecretKey("k"), in: 1)
    let other = VaultKey(bytes: Array(1...32))
    let error = refusal { try vault(fixture, key: other) }
    #expect(error?.code == .wrongKey)
    #expect(error?.message.contains(other.fingerprint) == true)
    _ = try fixture.database.write {
      try $0.execute("UPDATE secrets SET key_fingerprint = 'x'")
    }
    #expect(refusal { try value(first, "k", 1) }?.code == .wrongKey)
  }

  @Test
  func `all values are encrypted anew under another key, or none`() throws {
    let fixture = try AccessFixture()
    let before = try vault(fixture)
    for number in 0..<20 {
      let name = try SecretKey("k\(number)")
      try before.set(Secret("value \(number)"), for: name, in: Int64(number % 3 + 1))
    }
    try before.set(Secret("default"), for: SecretKey("d"), in: nil)
    let key = VaultKey(bytes: Array(1...32))
    let after = try before.rotated(to: key)
    for number in 0..<20 {
      #expect(try value(after, "k\(number)", Int64(number % 3 + 1)) == "value \(number)")
    }
    #expect(try value(after, "d", 7) == "default")
    #expect(refusal { try value(before, "d", 7) }?.code == .wrongKey)
    #expect(refusal { try before.set(Secret("x"), for: SecretKey("d"), in: 1) }?.code == .wrongKey)
    _ = try fixture.database.write {
      try $0.execute("UPDATE secrets SET sealed = 'AAAA' WHERE name = 'k7'")
    }
    #expect(refusal { try after.rotated(to: VaultKey(bytes: Array(2...33))) }?.code == .damaged)
    #expect(try value(after, "k8", 3) == "value 8")
  }
}

@Suite struct VaultKeyTests {
  @Test
  func `a key of 32 bytes in base64 is taken, and never shown`() throws {
    let text = Data(repeating: 0x61, count: 32).base64EncodedString()
    let key = try VaultKey(base64: Secret(text + "\n"))
    #expect("\(key) \(String(reflecting: key)) \(String(describing: [key]))".contains("***"))
    #expect(key.bytes == [UInt8](repeating: 0x61, count: 32))
    for bad in ["", "x", "YWJj", Data(repeating: 0x61, count: 33).base64EncodedString()] {
      let error = refusal { try VaultKey(base64: Secret(bad)) }
      #expect(error?.code == .invalid)
    }
  }

  @Test
  func `the file is made for its owner only, and holds the same key the next time`() throws {
    let folder = try TemporaryFolder()
    let file = VaultKeyFile(path: folder.path + "/secret.key")
    #expect(try file.existingKey() == nil)
    let key = try file.keyMadeOnFirstUse(random: Randomness.system)
    #expect(try file.keyMadeOnFirstUse(random: Randomness.system).bytes == key.bytes)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(attributes[.size] as? Int == 32)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["secret.key"])
  }

  @Test
  func `of many that make it at the same time all have the same key`() async throws {
    let folder = try TemporaryFolder()
    let file = VaultKeyFile(path: folder.path + "/secret.key")
    let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<50 {
        group.addTask { try file.keyMadeOnFirstUse(random: Randomness.system).bytes }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(keys.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["secret.key"])
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o601])
  func `a file that others may read is refused`(mode: Int) throws {
    let folder = try TemporaryFolder()
    let file = VaultKeyFile(path: folder.path + "/secret.key")
    _ = try file.keyMadeOnFirstUse(random: Randomness.system)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    let error = refusal { try file.existingKey() }
    #expect(error?.code == .wrongKey)
    #expect(error?.description.contains("chmod 600") == true)
  }

  @Test(arguments: [
    "", "too short", String(repeating: "x", count: 31), String(repeating: "=", count: 99),
  ])
  func `a file that holds no key is refused and not shown`(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "secret.key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let error = refusal { try VaultKeyFile(path: path).existingKey() }
    #expect(error?.code == .wrongKey)
    #expect(text.isEmpty || error?.description.contains(text) == false)
    #expect(refusal { try VaultKeyFile(path: folder.path).existingKey() }?.code == .wrongKey)
  }

  @Test
  func `a change of the key that was cut off at any step goes on when the vault is opened`() throws
  {
    for step in 0..<3 {
      let folder = try TemporaryFolder()
      let fixture = try AccessFixture()
      let file = VaultKeyFile(path: folder.path + "/secret.key")
      func open() throws -> SecretVault {
        try SecretVault.open(
          file,
          database: fixture.database,
          clock: { 0 },
          random: Randomness.system
        )
      }
      let name = try SecretKey("k")
      try open().set(Secret("value"), for: name, in: 1)
      let next = VaultKey(random: Randomness.system)
      try VaultKeyFile(path: file.path + ".next").replace(with: next)
      if step >= 1 { _ = try open().rotated(to: next) }
      if step >= 2 { try file.replace(with: next) }
      #expect(try open().value(of: name, in: 1)?.reveal() == "value")
      let rotated = try open().rotateKey(in: file, random: Randomness.system)
      #expect(try rotated.value(of: name, in: 1)?.reveal() == "value")
      #expect(try open().value(of: name, in: 1)?.reveal() == "value")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["secret.key"])
    }
  }
}
