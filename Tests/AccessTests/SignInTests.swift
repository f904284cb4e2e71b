import Storage
import Testing
import Values

@testable import Access

@Suite struct SignInTests {
  private static let wrong = Secret("wrong horse battery")

  private func fail(
    _ signIn: SignIn,
    _ name: String,
    from address: String,
    times: Int = 1
  ) async -> [AccessError.Code?] {
    var codes: [AccessError.Code?] = []
    for _ in 0..<times {
      let error = await refusal {
        try await signIn.account(name: name, password: Self.wrong, address: address)
      }
      codes.append(error?.code)
    }
    return codes
  }

  private func succeed(_ signIn: SignIn, _ name: String, from address: String) async throws {
    _ = try await signIn.account(
      name: name,
      password: AccessFixture.password,
      address: address
    )
  }

  @Test
  func `an unknown name, a wrong password and a disabled account are told apart by nothing`()
    async throws
  {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let bob = try fixture.add("bob")
    try fixture.store.setDisabled(true, of: bob.number)
    let signIn = SignIn(store: fixture.store)
    var messages: Set<String> = []
    for (name, password) in [
      ("ada", Self.wrong), ("nobody", AccessFixture.password), ("bob", AccessFixture.password),
      ("#2", Secret("")), ("a\u{0}", Secret("\u{0}")), ("", Secret("")),
      (String(repeating: "x", count: 5_000), Secret(String(repeating: "y", count: 5_000))),
    ] {
      let error = await refusal {
        try await signIn.account(name: name, password: password, address: AccessFixture.home)
      }
      #expect(error?.code == .unauthenticated)
      messages.insert(error?.description ?? "")
    }
    #expect(messages == ["the name or the password is wrong"])
  }

  @Test
  func `the right password is taken, also with capital letters in the name, and noted`()
    async throws
  {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    try await succeed(signIn, "Ada", from: AccessFixture.home)
    #expect(try fixture.store.account(ada.number).lastSignInAt == fixture.clock.now)
  }

  @Test
  func `after five wrong passwords the delay doubles up to 15 minutes`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    _ = await fail(signIn, "ada", from: AccessFixture.home, times: 5)
    var delays: [Int64] = []
    for _ in 0..<13 {
      let error = await refusal {
        try await signIn.account(
          name: "ada",
          password: AccessFixture.password,
          address: AccessFixture.home
        )
      }
      #expect(error?.code == .throttled)
      let seconds = try #require(error?.retryAfterSeconds)
      #expect(error?.message.contains("again in \(seconds) second") == true)
      delays.append(seconds)
      fixture.advance(seconds: seconds)
      _ = await fail(signIn, "ada", from: AccessFixture.home)
    }
    #expect(delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  }

  @Test
  func `a try during a delay makes it no longer`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    _ = await fail(signIn, "ada", from: AccessFixture.home, times: 5)
    #expect(
      await fail(signIn, "ada", from: AccessFixture.home, times: 30)
        == Array(repeating: .throttled, count: 30)
    )
    fixture.advance(seconds: 1)
    try await succeed(signIn, "ada", from: AccessFixture.home)
  }

  @Test
  func `success forgets the account's failures`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    for _ in 0..<4 {
      let codes = await fail(signIn, "ada", from: AccessFixture.home, times: 4)
      #expect(codes == Array(repeating: .unauthenticated, count: 4))
      try await succeed(signIn, "ada", from: AccessFixture.home)
    }
  }

  @Test
  func `one address that tries many names is stopped, and signing in as oneself does not help`()
    async throws
  {
    let fixture = try AccessFixture()
    _ = try fixture.add("eve")
    let signIn = SignIn(store: fixture.store)
    var codes: [AccessError.Code?] = []
    for number in 0..<25 {
      codes += await fail(signIn, "name\(number)", from: "2001:db8:1:2::\(number + 1)")
      if number == 10 { try await succeed(signIn, "eve", from: "2001:db8:1:2:ffff::1") }
    }
    #expect(codes.count { $0 == .unauthenticated } == 20)
    #expect(codes.suffix(5).allSatisfy { $0 == .throttled })
    #expect(await fail(signIn, "x", from: "2001:db8:1:3::1") == [.unauthenticated])
  }

  @Test
  func `nobody shuts the owner out from another address`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    try await succeed(signIn, "ada", from: AccessFixture.home)
    fixture.advance(seconds: 3_600)
    for number in 0..<300 {
      _ = await fail(signIn, "ada", from: "198.51.\(number / 200).\(number % 200)")
      fixture.advance(seconds: 31)
    }
    _ = await fail(signIn, "ada", from: "203.0.113.1")
    // From where she signed in before: at once. From elsewhere: after half a minute at most.
    try await succeed(signIn, "ada", from: AccessFixture.home)
    for number in 0..<60 { _ = await fail(signIn, "ada", from: "203.0.113.\(number + 2)") }
    let error = await refusal {
      try await signIn.account(
        name: "ada",
        password: AccessFixture.password,
        address: "192.0.2.99"
      )
    }
    #expect(error?.code == .throttled)
    #expect(try #require(error?.retryAfterSeconds) <= 30)
    fixture.advance(seconds: 30)
    _ = try await signIn.session(
      name: "ada",
      password: AccessFixture.password,
      address: "192.0.2.99"
    )
  }

  @Test
  func `guesses sent at the same time are counted one by one`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    let codes = await withTaskGroup(of: AccessError.Code?.self) { group in
      for _ in 0..<40 {
        group.addTask { await self.fail(signIn, "ada", from: AccessFixture.home)[0] }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes.count { $0 == .unauthenticated } == 5)
  }

  @Test
  func `the table of failures has a limit, and those who must wait keep their rows`() throws {
    let fixture = try AccessFixture()
    let now = fixture.clock.now
    try fixture.database.write { connection in
      let target = SignInThrottle(name: "ada", account: nil, address: AccessFixture.home)
      for _ in 0..<8 { try target.failed(at: now, connection) }
      for number in 0..<4_000 {
        let guess = SignInThrottle(name: "n\(number)", account: nil, address: "a\(number)")
        try guess.failed(at: now + Int64(number), connection)
      }
      let count = try connection.row("SELECT COUNT(*) AS n FROM sign_in_failures")?["n"]?.int
      #expect(count == SignInThrottle.mostRows)
      #expect(refusal { try target.check(at: now, connection) }?.code == .throttled)
      try SignInThrottle(name: "x", account: nil, address: "y")
        .failed(at: now + 2 * 86_400_000, connection)
      let rest = try connection.row("SELECT COUNT(*) AS n FROM sign_in_failures")?["n"]?.int
      #expect(rest == 3)
    }
  }

  @Test
  func `a hash that was cheaper is made again at a sign-in`() async throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada")
    let dearer = try AccessFixture(
      database: fixture.database,
      cost: PasswordCost(exponent: 5, blockSize: 2, parallelism: 1)
    )
    let signIn = SignIn(store: dearer.store)
    try await succeed(signIn, "ada", from: AccessFixture.home)
    let stored = try dearer.store.credential(named: "ada")?.hash
    #expect(stored?.hasPrefix("$scrypt$ln=5,r=2,p=1$") == true)
    try await succeed(SignIn(store: dearer.store), "ada", from: AccessFixture.home)
    #expect(try dearer.store.credential(named: "ada")?.hash == stored)
    #expect(ada.number == 1)
  }

  @Test
  func `a password that was right a moment ago is worth nothing after a change or when disabled`()
    async throws
  {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let signIn = SignIn(store: fixture.store)
    try await succeed(signIn, "ada", from: AccessFixture.home)
    try fixture.store.setPassword(Secret("another password"), of: ada)
    let changed = await refusal {
      try await succeed(signIn, "ada", from: AccessFixture.home)
    }
    #expect(changed?.code == .unauthenticated)
    let password = Secret("another password")
    _ = try await signIn.account(name: "ada", password: password, address: "192.0.2.1")
    try fixture.store.setDisabled(true, of: ada)
    let disabled = await refusal {
      try await signIn.account(name: "ada", password: password, address: "192.0.2.1")
    }
    #expect(disabled?.code == .unauthenticated)
  }

  @Test
  func `during a delay nobody finds out what someone else just proved`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    try await succeed(signIn, "ada", from: AccessFixture.home)
    _ = await fail(signIn, "ada", from: "198.51.100.1", times: 5)
    for address in ["198.51.100.1", "::ffff:198.51.100.1"] {
      let error = await refusal { try await succeed(signIn, "ada", from: address) }
      #expect(error?.code == .throttled)
    }
    try await succeed(signIn, "ada", from: AccessFixture.home)
  }

  @Test
  func `more than the queue takes are sent away`() async throws {
    let fixture = try AccessFixture()
    _ = try fixture.add("ada")
    let signIn = SignIn(store: fixture.store)
    @Sendable func occupy(_ places: Int) async throws {
      try await signIn.inTurn {
        guard places == 1 else { return try await occupy(places - 1) }
        let error = await refusal { try await succeed(signIn, "ada", from: AccessFixture.home) }
        #expect(error?.code == .throttled && error?.retryAfterSeconds == 5)
      }
    }
    try await occupy(SignIn.longestQueue)
    let error = await refusal { try await occupy(SignIn.longestQueue + 1) }
    #expect(error?.retryAfterSeconds == 5)
    try await succeed(signIn, "ada", from: AccessFixture.home)
  }

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
    ("unix\u{0}", "unix"), ("", ""),
  ])
  func `an address is counted with its neighbours`(address: String, counted: String) {
    #expect(ClientAddress.counted(address) == counted)
  }
}
