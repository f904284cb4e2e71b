import Access
import Storage
import TestKit
import Testing
import Values

@Suite struct BootstrapTests {
  private func new(_ name: String) -> NewAccount {
    NewAccount(name: name, password: AccessFixture.password)
  }

  @Test
  func `the secret that was printed makes the first admin, once`() throws {
    let fixture = try AccessFixture()
    #expect(try fixture.store.needsFirstAdmin())
    let secret = try #require(try fixture.store.offerBootstrap())
    let kept = try fixture.database.read { try $0.rows("SELECT * FROM bootstrap_secret") }
    #expect(!JSON.encode(.object(kept[0])).contains(secret.reveal()))
    #expect(try fixture.store.bootstrap(new("ada"), secret: secret).serverRole == .admin)
    #expect(try !fixture.store.needsFirstAdmin())
    #expect(refusal { try fixture.store.bootstrap(new("eve"), secret: secret) }?.code == .conflict)
    #expect(refusal { try fixture.store.bootstrapOnDataFolder(new("eve")) }?.code == .conflict)
    #expect(try fixture.store.offerBootstrap() == nil)
    #expect(try fixture.store.accounts().map(\.name) == ["ada"])
  }

  @Test
  func `a wrong secret, an old one and none at all are refused`() throws {
    let fixture = try AccessFixture()
    let store = fixture.store
    let wrong = Secret("tdr-setup-0")
    #expect(refusal { try store.bootstrap(new("eve"), secret: wrong) }?.code == .unauthenticated)
    let first = try #require(try store.offerBootstrap())
    let second = try #require(try store.offerBootstrap())
    for secret in [first, wrong, Secret("")] {
      let error = refusal { try store.bootstrap(new("eve"), secret: secret) }
      #expect(error?.code == .unauthenticated)
    }
    #expect(try store.bootstrap(new("ada"), secret: second).name == "ada")
  }

  @Test
  func `a password that is refused does not use the secret up`() throws {
    let fixture = try AccessFixture()
    let secret = try #require(try fixture.store.offerBootstrap())
    let bad = NewAccount(name: "ada", password: Secret("short"))
    #expect(refusal { try fixture.store.bootstrap(bad, secret: secret) }?.code == .invalid)
    #expect(try fixture.store.bootstrap(new("ada"), secret: secret).name == "ada")
  }

  @Test
  func `of many at the same time, through two connections and both doors, exactly one wins`()
    async throws
  {
    for _ in 0..<5 {
      let folder = try TemporaryFolder()
      let stores = try (0..<2).map { _ in
        try AccessFixture(
          database: SQLDatabase(path: folder.path + "/a.db", durability: .process)
        ).store
      }
      let secret = try #require(try stores[0].offerBootstrap())
      let codes = await withTaskGroup(of: AccessError.Code?.self) { group in
        for caller in 0..<16 {
          group.addTask {
            let store = stores[caller % 2]
            do {
              let account = new("admin\(caller)")
              _ =
                caller % 3 == 0
                ? try store.bootstrapOnDataFolder(account)
                : try store.bootstrap(account, secret: secret)
              return nil
            } catch { return (error as? AccessError)?.code ?? .damaged }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes.count { $0 == nil } == 1)
      #expect(codes.count { $0 == .conflict } == 15)
      #expect(try stores[1].accounts().count == 1)
    }
  }
}
