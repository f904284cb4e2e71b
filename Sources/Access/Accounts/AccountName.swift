/// The rules for names and e-mail addresses of accounts.
///
/// A name is a part of `owner/name` of a model and of log lines, hence so few characters.
enum AccountName {
  static let maximumLength = 64

  /// Checks a name that someone wants.
  ///
  /// - Throws: ``AccessError`` `invalid`.
  static func check(_ name: String) throws {
    let bytes = Array(name.utf8)
    let isFine = bytes.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    guard let first = bytes.first, isLetterOrDigit(first), isFine, bytes.count <= maximumLength
    else {
      throw AccessError(
        .invalid,
        "expected an account name of at most \(maximumLength) small letters, digits, `.`, `_` and "
          + "`-` that begins with a letter or digit, found `\(shown(name))`"
      )
    }
  }

  /// Checks an e-mail address as far as that is possible without sending one; empty is none.
  ///
  /// - Throws: ``AccessError`` `invalid`.
  static func check(email: String) throws {
    guard !email.isEmpty else { return }
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = email.unicodeScalars.allSatisfy {
      $0.value > 32 && !(0x7f...0x9f).contains($0.value) && !$0.properties.isWhitespace
        && !"<>,;\"".unicodeScalars.contains($0)
    }
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain, email.utf8.count <= 254
    else {
      throw AccessError(.invalid, "expected an e-mail address, found `\(shown(email))`")
    }
  }

  /// How a name that was typed at a sign-in is looked up.
  static func folded(_ name: String) -> String { name.lowercased() }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func shown(_ text: String) -> String {
    text.unicodeScalars.prefix(70).map { $0.escaped(asASCII: false) }.joined()
  }
}
