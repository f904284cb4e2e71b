import Storage
import TestKit
import Testing
import Values

@testable import Access

/// Tidying up what lets nobody in any more.
@Suite struct ExpiryTests {
  @Test func `expired tokens leave the lists and keep their numbers, ended sessions go`()
    async throws
  {
    let fixture = try AccessFixture()
    let store = fixture.store
    let ada = try fixture.add("ada", .admin).number
    _ = try store.makeToken("brief", for: ada, expiresAt: fixture.clock.now + 1_000)
    _ = try store.makeToken("lasting", for: ada)
    _ = try await SignIn(store: store).session(
      name: "ada",
      password: AccessFixture.password,
      address: AccessFixture.home
    )
    #expect(try store.expired() == ExpiredEntrances(tokens: 0, browserSessions: 0))
    fixture.advance(seconds: 13 * 3_600)
    let found = ExpiredEntrances(tokens: 1, browserSessions: 1)
    #expect(try store.expired() == found)
    #expect(try store.removeExpired() == found)
    #expect(try store.expired() == ExpiredEntrances(tokens: 0, browserSessions: 0))
    #expect(try store.tokens(of: ada).map(\.name) == ["lasting"])
    #expect(try store.makeToken("brief", for: ada).token.number == 3)
  }

  @Test func `a vault opened for reading finds the secrets that were changed and writes nothing`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder.path + "/tadoru.db"
    let key = VaultKey(bytes: Array(0..<32))
    let database = try SQLDatabase(path: path, durability: .process)
    let vault = try SecretVault(
      database: database,
      key: key,
      clock: { 0 },
      random: Randomness.system
    )
    for name in ["a", "b"] { try vault.set(Secret(name), for: SecretKey(name), in: 1) }
    let reading = try SecretVault(reading: .reading(path: path), key: key)
    #expect(try reading.damaged().isEmpty)
    try database.write { try $0.execute("UPDATE secrets SET project_id = 2 WHERE name = 'b'") }
    let damage = try reading.damaged()
    #expect(damage.map(\.code) == [.damaged])
    #expect(damage.first?.message.contains("`b`") == true)
    let other = refusal {
      try SecretVault(reading: .reading(path: path), key: VaultKey(bytes: Array(1..<33)))
    }
    #expect(other?.code == .wrongKey)
  }
}
