import Values

/// The cookie of a browser session.
enum SessionCookie {
  static let name = "tadoru_session"

  /// The value of the cookie in a `Cookie` header.
  static func value(in header: String) -> Secret? { value(of: name, in: header).map(Secret.init) }

  /// The value of a cookie of any name.
  static func value(of name: String, in header: String) -> String? {
    for part in header.split(separator: ";") {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, sides[0].drop(while: { $0 == " " }) == name else { continue }
      return String(sides[1])
    }
    return nil
  }

  /// A `Set-Cookie` header.
  static func header(_ login: Gatekeeper.Login, isSecure: Bool) -> String {
    header(login.cookie.reveal(), seconds: login.lifetime, isSecure: isSecure)
  }

  /// A header that makes the browser forget it.
  static func forgotten(isSecure: Bool) -> String { header("", seconds: 0, isSecure: isSecure) }

  private static func header(_ value: String, seconds: Int, isSecure: Bool) -> String {
    "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }
}
