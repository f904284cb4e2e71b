import Crypto
import CryptoExtras
import Foundation
import Values

/// What hashing one password takes: 128 · 2^`exponent` · `blockSize` bytes of memory.
public struct PasswordCost: Sendable, Hashable {
  public let exponent: Int
  public let blockSize: Int
  public let parallelism: Int

  public init(exponent: Int, blockSize: Int, parallelism: Int) {
    self.exponent = exponent
    self.blockSize = blockSize
    self.parallelism = parallelism
  }

  /// 32 MB: N = 2^15, r = 8, p = 3, one of the equally strong settings of OWASP's Password Storage
  /// Cheat Sheet (2^17/1, 2^16/2, 2^15/3), the one that needs least memory.
  public static let standard = PasswordCost(exponent: 15, blockSize: 8, parallelism: 3)

  /// A damaged row must not make a sign-in take all of the machine's memory.
  var isReasonable: Bool {
    (1...20).contains(exponent) && (1...32).contains(blockSize) && (1...16).contains(parallelism)
      && blockSize << exponent <= 8 << 20
  }
}

/// Turns passwords into what is stored, `$scrypt$ln=15,r=8,p=3$SALT$HASH`, by RFC 7914.
struct PasswordHasher: Sendable {
  let cost: PasswordCost
  let random: @Sendable (Int) -> [UInt8]

  static let fewestCharacters = 10
  static let mostBytes = 1_024

  func hash(_ password: Secret) throws -> String {
    let salt = random(16)
    let key = try Self.key(password, salt: salt, cost: cost)
    let parameters = "ln=\(cost.exponent),r=\(cost.blockSize),p=\(cost.parallelism)"
    return ["", "scrypt", parameters, Self.base64(salt), Self.base64(key)].joined(separator: "$")
  }

  /// True for the password that the text was made of.
  func matches(_ password: Secret, stored: String) throws -> Bool {
    let parts = try StoredPassword(stored)
    // A longer one cannot be right, and must not take longer either.
    let isTooLong = password.reveal().utf8.count > Self.mostBytes
    let key = try Self.key(isTooLong ? Secret("") : password, salt: parts.salt, cost: parts.cost)
    return ConstantTime.equal(key, parts.key) && !isTooLong
  }

  /// True when it was made with other settings than today's.
  func isOutdated(_ stored: String) throws -> Bool { try StoredPassword(stored).cost != cost }

  /// Checks a password that someone wants.
  ///
  /// - Throws: ``AccessError`` `invalid`.
  static func check(_ password: Secret, name: String, email: String) throws {
    let text = password.reveal()
    guard text.utf8.count <= mostBytes else {
      throw AccessError(.invalid, "a password may have at most \(mostBytes) bytes")
    }
    guard text.count >= fewestCharacters else {
      throw AccessError(.invalid, "a password needs at least \(fewestCharacters) characters")
    }
    guard ![name, email].contains(text.lowercased()), Set(text).count > 2 else {
      throw AccessError(
        .invalid,
        "the password is too easy to guess: it may be neither the account's name or e-mail nor one "
          + "or two characters over and over"
      )
    }
  }

  /// The function of RFC 7914; 32 bytes unless told.
  static func key(
    _ password: Secret,
    salt: [UInt8],
    cost: PasswordCost,
    byteCount: Int = 32
  ) throws -> [UInt8] {
    // The same letter is typed as one or as two code points, depending on the keyboard.
    let text = password.reveal().precomposedStringWithCanonicalMapping
    let key = try KDF.Scrypt.deriveKey(
      from: Array(text.utf8),
      salt: salt,
      outputByteCount: byteCount,
      rounds: 1 << cost.exponent,
      blockSize: cost.blockSize,
      parallelism: cost.parallelism
    )
    return key.withUnsafeBytes { Array($0) }
  }

  private static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

/// The parts of a stored password.
private struct StoredPassword {
  let cost: PasswordCost
  let salt: [UInt8]
  let key: [UInt8]

  init(_ text: String) throws {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    let numbers = parts.count == 5 ? Self.numbers(parts[2]) : nil
    guard let numbers, parts[0].isEmpty, parts[1] == "scrypt",
      let salt = Data(base64Encoded: String(parts[3])),
      let key = Data(base64Encoded: String(parts[4])), key.count == 32
    else {
      throw AccessError(.damaged, "the stored password of an account is not readable")
    }
    cost = PasswordCost(exponent: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
    self.salt = Array(salt)
    self.key = Array(key)
    guard cost.isReasonable else {
      throw AccessError(.damaged, "the stored password of an account has impossible settings")
    }
  }

  private static func numbers(_ text: Substring) -> [Int]? {
    let parts = text.split(separator: ",")
    guard parts.count == 3 else { return nil }
    let numbers = zip(parts, ["ln=", "r=", "p="]).compactMap { part, name in
      part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil
    }
    return numbers.count == 3 ? numbers : nil
  }
}
