import Crypto
import Foundation
public import Values

/// The key that secrets are encrypted with: 32 bytes that are never shown.
public struct VaultKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  public static let byteCount = 32

  let key: SymmetricKey
  /// Tells keys apart and says nothing about them: the beginning of an HMAC under the key.
  public let fingerprint: String

  /// A new key.
  public init(random: @Sendable (Int) -> [UInt8]) {
    self.init(bytes: random(Self.byteCount))
  }

  /// The key of a base64 text, as in `TADORU_SECRET_KEY`.
  ///
  /// - Throws: ``AccessError`` `invalid` when it is not 32 bytes.
  public init(base64 text: Secret) throws {
    let plain = text.reveal().trimmingCharacters(in: .whitespacesAndNewlines)
    guard let bytes = Data(base64Encoded: plain), bytes.count == Self.byteCount else {
      throw AccessError(
        .invalid,
        "the key for secrets must be \(Self.byteCount) bytes in base64",
        hint: "`openssl rand -base64 32` makes one"
      )
    }
    self.init(bytes: Array(bytes))
  }

  init(bytes: [UInt8]) {
    key = SymmetricKey(data: bytes)
    let code = Values.SHA256.authenticationCode(of: Array("tadoru vault key 1".utf8), key: bytes)
    fingerprint = Values.SHA256.hexadecimalDigits(of: Array(code.prefix(8)))
  }

  var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

  public var description: String { "***" }
  public var debugDescription: String { "***" }
}
