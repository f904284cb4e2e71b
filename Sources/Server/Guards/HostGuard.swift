import Hummingbird
import HTTPTypes

/// Refuses requests that a page of somebody else's has sent through a browser.
struct HostGuard: Sendable {
  let settings: ServerSettings

  /// A name that is not ours may be another's that was pointed at this machine ("DNS rebinding"); addresses cannot be.
  func check(host request: Request) throws {
    guard let authority = request.head.authority, let name = Self.name(of: authority) else {
      throw ServerError(.badRequest, "the `Host` header is missing or no host")
    }
    guard isOurs(name) else {
      throw ServerError(
        .forbidden,
        "the host of the request is not one of this server's",
        hint: "`--host NAME` of the server, or `hosts` in its settings, allows it"
      )
    }
  }

  /// Of a changing request: a browser says from which page it comes.
  func check(origin request: Request) throws {
    if let origin = request.headers[.origin] {
      let ours = request.head.authority.map { ["http://" + $0, "https://" + $0] } ?? []
      guard ours.contains(origin.lowercased()) || ours.contains(origin) else { throw Self.foreign }
    } else if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }) {
      guard site == "same-origin" || site == "none" else { throw Self.foreign }
    }
  }

  private static let foreign = ServerError(
    .forbidden,
    "the request comes from a page of another origin"
  )

  private func isOurs(_ name: String) -> Bool {
    let allowed = settings.allowedHosts.map { $0.lowercased() }
    return name == "localhost" || name.hasSuffix(".localhost") || Self.isAddress(name)
      || name == settings.bind.lowercased() || allowed.contains(name) || allowed.contains("*")
  }

  /// The host in `host:port`, in small letters; nil for what is none.
  static func name(of authority: String) -> String? {
    let text = authority.lowercased()
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let port = text[text.index(after: end)...]
      guard port.isEmpty || isPort(port) else { return nil }
      return String(text[text.index(after: text.startIndex)..<end])
    }
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    let name = text[..<colon]
    let port = text[colon...]
    guard !name.isEmpty, port.isEmpty || isPort(port),
      name.utf8.allSatisfy({ byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
          || byte == 95
      })
    else { return nil }
    return String(name)
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.first == ":" && UInt16(text.dropFirst()) != nil
  }

  private static func isAddress(_ name: String) -> Bool {
    if name.contains(":") { return name.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}
