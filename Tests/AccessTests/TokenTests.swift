import Storage
import Testing
import Values

@testable import Access

@Suite struct TokenTests {
  @Test
  func `a token has 256 random bits in base 62 and a checksum`() {
    let text = TokenText.make(of: [UInt8](repeating: 0xff, count: 32)).reveal()
    // 2^256 − 1 in base 62 and the CRC-32 of these digits, computed with Python 3.11.7 (int, zlib.crc32).
    #expect(text == "tdr_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp13sRzl1")
    #expect(CRC32.checksum(of: "123456789".utf8) == 0xCBF4_3926)
    #expect(TokenText.isWellFormed(Secret(text)))
    let plain = TokenText.make(of: [UInt8](repeating: 0, count: 32)).reveal()
    #expect(plain.utf8.count == 53)
    #expect(plain.hasPrefix("tdr_" + String(repeating: "0", count: 43)))
  }

  @Test
  func `a token with any one character changed is no token`() {
    let text = Array(TokenText.make(of: Randomness.system(32)).reveal())
    for place in text.indices {
      var other = text
      other[place] = text[place] == "a" ? "b" : "a"
      #expect(!TokenText.isWellFormed(Secret(String(other))))
    }
  }

  @Test
  func `only the hash of a token is kept, and lists do not show it`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let made = try fixture.store.makeToken("ci", for: ada)
    let rows = try fixture.database.read { try $0.rows("SELECT * FROM api_tokens") }
    let kept = JSON.encode(.object(rows[0]))
    #expect(!kept.contains(made.secret.reveal().dropFirst(4)))
    #expect(kept.contains(SHA256.hexadecimal(of: Array(made.secret.reveal().utf8))))
    #expect("\(made) \(try fixture.store.tokens(of: ada))".contains("tdr_") == false)
  }

  @Test
  func `a token stands for its owner`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada", .editor).number
    let made = try fixture.store.makeToken("ci", for: ada)
    let person = try fixture.store.principal(token: made.secret)
    #expect(person.account == ada && person.token == made.token.number && person.name == "ada")
    #expect(person.role(in: nil) == .editor)
    #expect(refusal { try fixture.store.makeToken("ci", for: ada) }?.code == .conflict)
    #expect(refusal { try fixture.store.makeToken(" ", for: ada) }?.code == .invalid)
    #expect(refusal { try fixture.store.makeToken("x", for: 9) }?.code == .unknown)
  }

  @Test
  func `the role is the lower one of owner and token, at the time of the request`() throws {
    let fixture = try AccessFixture()
    let store = fixture.store
    for own in [nil] + Role.allCases {
      for most in [nil] + Role.allCases {
        let name = "u-\(own?.rawValue ?? "none")-\(most?.rawValue ?? "none")"
        let account = try fixture.add(name, .viewer).number
        if let own { try store.grant(own, to: account, in: 1) }
        let everywhere = try store.makeToken("a", for: account, scope: TokenScope(role: most))
        let scope = TokenScope(role: most, project: 1)
        let inside = try store.makeToken("b", for: account, scope: scope)
        let expected = min(max(own ?? .viewer, .viewer), most ?? .admin)
        let first = try store.principal(token: everywhere.secret)
        #expect(first.role(in: 1) == expected)
        #expect(first.role(in: 2) == .viewer && first.role(in: nil) == .viewer)
        let second = try store.principal(token: inside.secret)
        #expect(second.role(in: 1) == expected)
        #expect(second.role(in: 2) == nil && second.role(in: nil) == nil)
        try store.withdrawRole(of: account, in: nil)
        try store.withdrawRole(of: account, in: 1)
        #expect(try store.principal(token: everywhere.secret).role(in: 1) == nil)
      }
    }
  }

  @Test
  func `a bad, expired or revoked token and one of a disabled owner are refused`() throws {
    let fixture = try AccessFixture()
    let store = fixture.store
    let ada = try fixture.add("ada").number
    let bob = try fixture.add("bob").number
    func message(_ token: Secret) -> String? {
      let error = refusal { try store.principal(token: token) }
      #expect(error?.code == .unauthenticated)
      return error?.message
    }
    #expect(message(Secret("")) == "the token is unknown")
    #expect(message(Secret("tdr_x")) == "the token is unknown")
    #expect(message(TokenText.make(of: Randomness.system(32))) == "the token is unknown")
    let expiry = fixture.clock.now + 1_000
    let brief = try store.makeToken("brief", for: ada, expiresAt: expiry)
    _ = try store.principal(token: brief.secret)
    fixture.advance(seconds: 1)
    #expect(message(brief.secret) == "the token is expired")
    #expect(refusal { try store.makeToken("x", for: ada, expiresAt: expiry) }?.code == .invalid)
    let token = try store.makeToken("ci", for: ada)
    #expect(refusal { try store.revokeToken(token.token.number, of: bob) }?.code == .unknown)
    try store.setDisabled(true, of: ada)
    #expect(message(token.secret)?.contains("disabled") == true)
    try store.setDisabled(false, of: ada)
    _ = try store.principal(token: token.secret)
    try store.revokeToken(token.token.number, of: ada)
    #expect(message(token.secret) == "the token is revoked")
    #expect(refusal { try store.revokeToken(token.token.number, of: ada) }?.code == .unknown)
    #expect(try store.tokens(of: ada).map(\.name) == ["brief"])
    let other = try store.makeToken("ci", for: ada)
    try store.deleteAccount(ada)
    #expect(message(other.secret) == "the token is revoked")
  }

  @Test
  func `the last use is written once a minute at most`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    let made = try fixture.store.makeToken("ci", for: ada)
    func lastUse() throws -> Int64? { try fixture.store.tokens(of: ada)[0].lastUsedAt }
    #expect(try lastUse() == nil)
    let first = fixture.clock.now
    for _ in 0..<5 {
      _ = try fixture.store.principal(token: made.secret)
      #expect(try lastUse() == first)
      fixture.advance(seconds: 10)
    }
    fixture.advance(seconds: 10)
    _ = try fixture.store.principal(token: made.secret)
    #expect(try lastUse() == first + 60_000)
  }

  @Test
  func `an account has a limited number of tokens`() throws {
    let fixture = try AccessFixture()
    let ada = try fixture.add("ada").number
    for number in 0..<200 { _ = try fixture.store.makeToken("t\(number)", for: ada) }
    #expect(refusal { try fixture.store.makeToken("more", for: ada) }?.code == .conflict)
  }
}
