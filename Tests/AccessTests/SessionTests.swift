import Storage
import Testing
import Values

@testable import Access

@Suite struct SessionTests {
  private func begin(
    _ fixture: AccessFixture,
    _ name: String = "ada",
    previous: Secret? = nil
  ) async throws -> NewSession {
    try await SignIn(store: fixture.store).session(
      name: name,
      password: AccessFixture.password,
      address: AccessFixture.home,
      previous: previous
    )
  }

  @Test
  func `a cookie stands for who signed in, and only its hash is kept`() async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada", .runner).number
    let new = try await begin(fixture)
    let holder = try fixture.store.session(cookie: new.cookie)
    #expect(holder.principal.account == ada && holder.principal.role(in: nil) == .runner)
    #expect(holder.principal.token == nil && holder.session == new.session)
    let rows = try fixture.database.read { try $0.rows("SELECT * FROM browser_sessions") }
    #expect(!JSON.encode(.object(rows[0])).contains(new.cookie.reveal()))
    #expect(!"\(new)".contains(new.cookie.reveal()))
    for bad in ["", "x", new.cookie.reveal() + "x"] {
      let error = refusal { try fixture.store.session(cookie: Secret(bad)) }
      #expect(error?.code == .unauthenticated)
    }
  }

  @Test
  func `signing in gives a new secret and ends the one that the browser brought along`()
    async throws
  {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    _ = try fixture.add("eve")
    let planted = try await begin(fixture, "eve").cookie
    let new = try await begin(fixture, "ada", previous: planted)
    #expect(new.cookie != planted)
    #expect(refusal { try fixture.store.session(cookie: planted) }?.code == .unauthenticated)
    let foreign = Secret("chosen by an attacker")
    #expect(try await begin(fixture, "ada", previous: foreign).cookie != foreign)
    #expect(refusal { try fixture.store.session(cookie: foreign) }?.code == .unauthenticated)
  }

  @Test
  func `a session ends after 12 hours without use`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let cookie = try await begin(fixture).cookie
    for _ in 0..<3 {
      fixture.advance(seconds: 12 * 3_600 - 1)
      _ = try fixture.store.session(cookie: cookie)
    }
    fixture.advance(seconds: 12 * 3_600)
    #expect(refusal { try fixture.store.session(cookie: cookie) }?.code == .unauthenticated)
  }

  @Test
  func `a session ends after 14 days in any case`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let cookie = try await begin(fixture).cookie
    for _ in 0..<27 {
      fixture.advance(seconds: 12 * 3_600 - 1)
      _ = try fixture.store.session(cookie: cookie)
    }
    fixture.advance(seconds: 12 * 3_600 + 26)
    #expect(refusal { try fixture.store.session(cookie: cookie) }?.code == .unauthenticated)
  }

  @Test
  func `one session is ended, all but one, and all`() async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let bob = try fixture.add("bob").number
    var sessions: [NewSession] = []
    for _ in 0..<4 { sessions.append(try await begin(fixture)) }
    let others = try await begin(fixture, "bob")
    try fixture.store.endSession(cookie: sessions[0].cookie)
    let second = sessions[1].session.number
    #expect(refusal { try fixture.store.endSession(second, of: bob) }?.code == .unknown)
    try fixture.store.endSession(second, of: ada)
    #expect(try fixture.store.sessions(of: ada).count == 2)
    try fixture.store.endSessions(of: ada, keeping: sessions[3].session.number)
    #expect(try fixture.store.sessions(of: ada) == [sessions[3].session])
    try fixture.store.endSessions(of: ada)
    #expect(try fixture.store.sessions(of: ada).isEmpty)
    _ = try fixture.store.session(cookie: others.cookie)
  }

  @Test(arguments: ["password", "disabled", "deleted"])
  func `sessions end with the password, the account and its leave`(what: String) async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let first = try await begin(fixture)
    let second = try await begin(fixture)
    switch what {
    case "password":
      let password = Secret("another password")
      try fixture.store.setPassword(password, of: ada, keeping: second.session.number)
      _ = try fixture.store.session(cookie: second.cookie)
    case "disabled": try fixture.store.setDisabled(true, of: ada)
    default: try fixture.store.deleteAccount(ada)
    }
    #expect(refusal { try fixture.store.session(cookie: first.cookie) }?.code == .unauthenticated)
  }

  @Test
  func `a password that is changed while it is compared begins no session`() async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let credential = try #require(try fixture.store.credential(named: "ada"))
    try fixture.store.setPassword(Secret("another password"), of: ada)
    let error = refusal {
      try fixture.store.beginSession(credential, address: "", previous: nil)
    }
    #expect(error?.code == .unauthenticated)
  }

  @Test
  func `the token against foreign sites follows from the cookie and fits no other`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let first = try await begin(fixture)
    let second = try await begin(fixture)
    #expect(CSRFToken.isValid(first.csrfToken, cookie: first.cookie))
    #expect(try fixture.store.session(cookie: first.cookie).csrfToken == first.csrfToken)
    for wrong in [second.csrfToken, "", String(first.csrfToken.dropLast()), first.csrfToken + "0"] {
      #expect(!CSRFToken.isValid(wrong, cookie: first.cookie))
    }
    // HMAC-SHA256 by Python 3.11.7 (hmac.new).
    #expect(
      CSRFToken.token(of: Secret("cookie"))
        == "b05b06ff5938cf83715d14ccdd8cf35634a9f7632cf62836fd0fba2a344104b1"
    )
  }

  @Test
  func `an account has a limited number of sessions, the oldest go first`() async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let credential = try #require(try fixture.store.credential(named: "ada"))
    let cookies = try (0..<55).map { _ in
      fixture.advance(seconds: 1)
      return try fixture.store.beginSession(credential, address: "", previous: nil).cookie
    }
    #expect(try fixture.store.sessions(of: ada).count == 50)
    #expect(refusal { try fixture.store.session(cookie: cookies[4]) }?.code == .unauthenticated)
    _ = try fixture.store.session(cookie: cookies[5])
  }
}
