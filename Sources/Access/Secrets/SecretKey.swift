/// The name of a secret: segments of letters, digits, `_` and `-`, joined by dots, as in `mail.password`.
public struct SecretKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  public static let maximumLength = 255

  public let text: String

  /// - Throws: ``AccessError`` `invalid`.
  public init(_ text: String) throws {
    let segments = text.split(separator: ".", omittingEmptySubsequences: false)
    let isFine = segments.allSatisfy { segment in
      !segment.isEmpty && segment.utf8.allSatisfy(Self.isAllowed)
    }
    guard isFine, text.utf8.count <= Self.maximumLength else {
      let shown = text.unicodeScalars.prefix(60).map { $0.escaped(asASCII: false) }.joined()
      throw AccessError(
        .invalid,
        "expected the key of a secret, letters, digits, `_` and `-` in segments joined by dots, at "
          + "most \(Self.maximumLength) characters, found `\(shown)`"
      )
    }
    self.text = text
  }

  public var description: String { text }

  public static func < (left: SecretKey, right: SecretKey) -> Bool { left.text < right.text }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// That there is a secret; its value is not told.
public struct SecretEntry: Sendable, Hashable {
  public let key: SecretKey
  public let updatedAt: Int64
}
