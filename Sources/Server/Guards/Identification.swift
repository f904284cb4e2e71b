import Foundation
import HTTPTypes
import Hummingbird
import Values

/// What a request shows of who makes it.
enum Identification {
  /// An `Authorization` header counts before a cookie.
  ///
  /// - Throws: ``ServerError`` `unauthenticated` for a header that cannot be read.
  static func credentials(of request: Request) throws -> Gatekeeper.Credentials {
    if let header = request.headers[.authorization] { return try credentials(in: header) }
    if let cookies = request.headers[.cookie], let value = SessionCookie.value(in: cookies) {
      return .session(value)
    }
    return .none
  }

  private static func credentials(in header: String) throws -> Gatekeeper.Credentials {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { throw unreadable }
    let text = parts[1].trimmingCharacters(in: .whitespaces)
    switch parts[0].lowercased() {
    case "bearer":
      return .bearer(Secret(text))
    case "basic":
      guard let bytes = Data(base64Encoded: text),
        let decoded = String(validating: bytes, as: UTF8.self),
        let colon = decoded.firstIndex(of: ":")
      else { throw unreadable }
      let password = String(decoded[decoded.index(after: colon)...])
      return .basic(name: String(decoded[..<colon]), password: Secret(password))
    default:
      throw unreadable
    }
  }

  private static let unreadable = ServerError(
    .unauthenticated,
    "the `Authorization` header must be `Bearer TOKEN` or `Basic` with name and password in base64"
  )

  /// Of a changing request of a browser session: the page must know the session's second secret.
  static func checkToken(_ request: Request, _ caller: Gatekeeper.Caller?) throws {
    guard let expected = caller?.requestToken else { return }
    let given = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] } ?? ""
    guard isSame(given, expected.reveal()) else {
      throw ServerError(
        .forbidden,
        "the `X-CSRF-Token` header is missing or wrong",
        hint: "`GET /api/me` gives it as `requestToken`"
      )
    }
  }

  /// The same of a form, which cannot send headers.
  static func checkToken(_ fields: Fields, _ caller: Gatekeeper.Caller?) throws {
    guard let expected = caller?.requestToken else { return }
    guard isSame(try fields.text(ConsoleForm.token) ?? "", expected.reveal()) else {
      throw ServerError(
        .forbidden,
        "the form is from an earlier session, or not from this server",
        hint: "open the page again"
      )
    }
  }

  /// Compares in a time that does not tell where texts differ.
  static func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count, !left.isEmpty else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
