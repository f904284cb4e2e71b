import Foundation
import HTTPTypes
import Hummingbird
import Values

/// Carries what a form did to the page that its browser is led to.
///
/// It is signed: no other server of the same host can make our pages say something.
struct FlashCookie: Sendable {
  static let name = "tadoru_flash"
  private static let seconds = 60
  /// In scalars of Unicode: a cookie has 4 kB.
  private static let longest = 500

  /// Of this process: what it did not sign itself is left out.
  let key: [UInt8]
  let isSecure: Bool

  /// A `Set-Cookie` header.
  func header(_ flash: PageFrame.Flash) -> String {
    let words = String(flash.text.unicodeScalars.prefix(Self.longest))
    let text: Value = [.string(flash.tone.rawValue), .string(words)]
    let content = Self.encoded(Array(JSON.encode(text).utf8))
    return header(content + "." + signature(of: content), seconds: Self.seconds)
  }

  /// A header that makes the browser forget it.
  var forgotten: String { header("", seconds: 0) }

  /// What a request brings along; nil for nothing, and for what is not ours.
  func flash(in request: Request) -> PageFrame.Flash? {
    guard let cookies = request.headers[.cookie],
      let value = SessionCookie.value(of: Self.name, in: cookies)
    else { return nil }
    let parts = value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, Identification.isSame(parts[1], signature(of: parts[0])),
      let bytes = Self.decoded(parts[0])
    else { return nil }
    do {
      let members = try JSON.decode(utf8: bytes).array ?? []
      guard members.count == 2, let text = members[1].string,
        let tone = members[0].string.flatMap(PageFrame.Flash.Tone.init(rawValue:))
      else { return nil }
      return PageFrame.Flash(tone: tone, text: text)
    } catch {
      return nil  // what cannot be read says nothing
    }
  }

  private func header(_ value: String, seconds: Int) -> String {
    "\(Self.name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  private func signature(of content: String) -> String {
    Self.encoded(SHA256.authenticationCode(of: Array(content.utf8), key: key))
  }

  /// Base64 with the letters that cookies may have.
  private static func encoded(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  private static func decoded(_ text: String) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
    let plain = text.replacing("-", with: "+").replacing("_", with: "/") + padding
    return Data(base64Encoded: plain).map(Array.init)
  }
}
