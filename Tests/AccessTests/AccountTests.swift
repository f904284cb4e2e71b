import Access
import Storage
import Testing
import Values

@Suite struct AccountTests {
  @Test
  func `an account is found by its name, whatever its capital letters, and by its number`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada", .admin)
    #expect(try fixture.store.account(named: "Ada") == ada)
    #expect(try fixture.store.account(ada.number) == ada)
    #expect(ada.email == "ada@example.com" && ada.serverRole == .admin && !ada.isDisabled)
    #expect(try fixture.store.account(named: "bob") == nil)
    #expect(try fixture.store.account(named: "a\u{0}da") == nil)
    #expect(refusal { try fixture.store.account(99) }?.code == .unknown)
    _ = try fixture.add("Bob".lowercased())
    #expect(try fixture.store.accounts().map(\.name) == ["ada", "bob"])
  }

  @Test(arguments: [
    "", "Ada", "a b", "a/b", "-a", ".a", "ä", "a\u{0}", "a\n", "#1",
    String(repeating: "a", count: 65),
  ])
  func `a name that is no name is refused`(name: String) throws {
    let fixture = try AccessFixture()
    let error = refusal {
      try fixture.store.addAccount(NewAccount(name: name, password: AccessFixture.password))
    }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("small letters") == true)
  }

  @Test(arguments: ["a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "a@b,c@d"])
  func `an e-mail address that is none is refused`(email: String) throws {
    let fixture = try AccessFixture()
    let new = NewAccount(name: "a", email: email, password: AccessFixture.password)
    #expect(refusal { try fixture.store.addAccount(new) }?.code == .invalid)
  }

  @Test
  func `a name is there once, and free again when its account is deleted`() throws {
    let fixture = try AccessFixture()
    let first = try fixture.add("ada")
    #expect(refusal { try fixture.add("ada") }?.code == .conflict)
    try fixture.store.deleteAccount(first.number)
    #expect(try fixture.store.accounts().isEmpty)
    let second = try fixture.add("ada")
    #expect(second.number > first.number)
    #expect(try fixture.store.name(ofAccount: first.number) == "ada")
    #expect(refusal { try fixture.store.principal(of: first.number) }?.code == .unknown)
  }

  @Test
  func `nothing of a password is in the database`() throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let rows = try fixture.database.read { try $0.rows("SELECT * FROM accounts") }
    #expect(!JSON.encode(.object(rows[0])).contains("horse"))
  }

  @Test
  func `roles are given and taken, in a project and in the server`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    #expect(try fixture.store.principal(of: ada).role(in: 1) == nil)
    try fixture.store.grant(.viewer, to: ada, in: 1)
    try fixture.store.grant(.editor, to: ada, in: 1)
    try fixture.store.grant(.viewer, to: ada, in: nil)
    let person = try fixture.store.principal(of: ada)
    #expect(person.role(in: 1) == .editor && person.role(in: 2) == .viewer)
    #expect(try fixture.store.members(of: 1).map(\.accountName) == ["ada"])
    try fixture.store.withdrawRole(of: ada, in: nil)
    #expect(try fixture.store.principal(of: ada).role(in: 2) == nil)
    try fixture.store.withdrawRole(of: ada, in: 1)
    #expect(try fixture.store.roles(of: ada).isEmpty)
    #expect(refusal { try fixture.store.grant(.viewer, to: 77, in: 1) }?.code == .unknown)
  }

  @Test
  func `the last enabled server admin can be neither disabled, deleted nor given a lower role`()
    throws
  {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada", .admin).number
    let bob = try fixture.add("bob", .admin).number
    try fixture.store.setDisabled(true, of: bob)
    let store = fixture.store
    #expect(refusal { try store.setDisabled(true, of: ada) }?.code == .conflict)
    #expect(refusal { try store.deleteAccount(ada) }?.code == .conflict)
    #expect(refusal { try store.grant(.editor, to: ada, in: nil) }?.code == .conflict)
    #expect(refusal { try store.withdrawRole(of: ada, in: nil) }?.code == .conflict)
    try store.grant(.admin, to: ada, in: nil)
    try store.deleteAccount(bob)
    let cy = try fixture.add("cy", .admin).number
    try store.withdrawRole(of: ada, in: nil)
    #expect(refusal { try store.deleteAccount(cy) }?.code == .conflict)
  }

  @Test
  func `two admins who remove each other at the same time leave one`() async throws {
    for _ in 0..<10 {
      let fixture = try AccessFixture()
      let admins = [try fixture.add("ada", .admin), try fixture.add("bob", .admin)]
      await withTaskGroup(of: Void.self) { group in
        for admin in admins {
          group.addTask { try? fixture.store.deleteAccount(admin.number) }
        }
      }
      #expect(try fixture.store.accounts().count == 1)
    }
  }

  @Test
  func `a project that is gone leaves no role and no token for it`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    try fixture.store.grant(.admin, to: ada, in: 1)
    let token = try fixture.store.makeToken("ci", for: ada, scope: TokenScope(project: 1))
    try fixture.store.forgetProject(1)
    #expect(try fixture.store.principal(of: ada).role(in: 1) == nil)
    #expect(refusal { try fixture.store.principal(token: token.secret) }?.code == .unauthenticated)
  }
}
