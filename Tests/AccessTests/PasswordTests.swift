import Foundation
import Testing
import Values

@testable import Access

@Suite struct PasswordTests {
  /// RFC 7914, section 12.
  @Test(
    arguments: [
      (
        "", "", 4, 1, 1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
          + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
      ),
      (
        "password", "NaCl", 10, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
          + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
      ),
      (
        "pleaseletmein", "SodiumChloride", 14, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
          + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
      ),
    ] as [(String, String, Int, Int, Int, String)]
  )
  func `hashes as RFC 7914 says`(
    password: String,
    salt: String,
    exponent: Int,
    blockSize: Int,
    parallelism: Int,
    expected: String
  ) throws {
    let cost = PasswordCost(exponent: exponent, blockSize: blockSize, parallelism: parallelism)
    let key = try PasswordHasher.key(
      Secret(password),
      salt: Array(salt.utf8),
      cost: cost,
      byteCount: 64
    )
    #expect(SHA256.hexadecimalDigits(of: key) == expected)
  }

  @Test
  func `the standard settings take 32 MB and are kept in the text`() throws {
    let hasher = PasswordHasher(cost: .standard, random: Randomness.system)
    let stored = try hasher.hash(AccessFixture.password)
    #expect(stored.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
    #expect(try hasher.matches(AccessFixture.password, stored: stored))
    #expect(try !hasher.matches(Secret("correct horse batter"), stored: stored))
    #expect(try !hasher.isOutdated(stored))
    let cost = PasswordCost.standard
    #expect(128 * cost.blockSize << cost.exponent == 32 << 20)
  }

  @Test
  func `the same password is never stored as the same text`() throws {
    let hasher = PasswordHasher(cost: AccessFixture.cheap, random: Randomness.system)
    let stored = try (0..<20).map { _ in try hasher.hash(AccessFixture.password) }
    #expect(Set(stored).count == 20)
    #expect(!stored.joined().contains("correct"))
  }

  @Test
  func `an accent may be typed as one or two code points`() throws {
    let hasher = PasswordHasher(cost: AccessFixture.cheap, random: Randomness.system)
    let stored = try hasher.hash(Secret("caf\u{e9} caf\u{e9} caf\u{e9}"))
    #expect(try hasher.matches(Secret("cafe\u{301} cafe\u{301} cafe\u{301}"), stored: stored))
  }

  @Test(arguments: ["", "short pwd", "aaaaaaaaaaaa", "ada.lovelace", "ADA@example.com"])
  func `a password that is short or easy to guess is refused`(password: String) {
    let error = refusal {
      try PasswordHasher.check(
        Secret(password),
        name: "ada.lovelace",
        email: "ada@example.com"
      )
    }
    #expect(error?.code == .invalid)
    #expect(error?.description.contains(password) != true || password.isEmpty)
  }

  @Test
  func `a password may have 1,024 bytes and not one more`() throws {
    let longest = String(repeating: "abcd", count: 256)
    try PasswordHasher.check(Secret(longest), name: "a", email: "")
    let error = refusal { try PasswordHasher.check(Secret(longest + "e"), name: "a", email: "") }
    #expect(error?.code == .invalid)
    let hasher = PasswordHasher(cost: AccessFixture.cheap, random: Randomness.system)
    let stored = try hasher.hash(Secret(""))
    #expect(try !hasher.matches(Secret(longest + "e"), stored: stored))
  }

  @Test(arguments: [
    "", "$scrypt$", "plain text", "$scrypt$ln=40,r=8,p=1$AAAA$", "$2b$10$abcdefghijklmnopqrstuv",
    "$scrypt$ln=40,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "$scrypt$ln=20,r=32,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "$scrypt$ln=4,r=-8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  ])
  func `a damaged stored password is neither right nor made to eat all memory`(stored: String) {
    let hasher = PasswordHasher(cost: AccessFixture.cheap, random: Randomness.system)
    #expect(refusal { try hasher.matches(Secret(""), stored: stored) }?.code == .damaged)
  }
}
