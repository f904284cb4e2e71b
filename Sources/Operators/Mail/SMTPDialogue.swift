import Values

/// What client and server said, kept for the error text and never with credentials.
struct SMTPDialogue {
  /// The last command that was sent, as `RCPT TO:<a@b>`; `AUTH` alone during authentication.
  private(set) var command = ""
  /// The reply lines of the server to the last command.
  private(set) var reply: [String] = []
  /// True when the server offered a way to log in.
  private(set) var offersAuthentication = false
  /// True after QUIT: the outcome is known.
  private(set) var isClosing = false
  private var isAuthenticating = false
  private let secrets: [String]

  init(hiding secrets: [Secret]) {
    self.secrets = secrets.map { $0.reveal() }.filter { !$0.isEmpty }
  }

  /// Takes note of a line from the client; returns it as it may be shown.
  mutating func sent(_ line: String) -> String {
    let verb = line.prefix { $0 != " " }.uppercased()
    // libcurl says goodbye before it reports a refusal; the refusal is what counts.
    if verb == "QUIT" {
      isClosing = true
      return line
    }
    if verb == "AUTH" { isAuthenticating = true }
    command = isAuthenticating ? "AUTH" : line
    reply = []
    return isAuthenticating ? "AUTH ***" : hide(line)
  }

  /// Takes note of a reply line; returns it as it may be shown.
  mutating func received(_ line: String) -> String {
    // `334` asks for the next part of the credentials.
    if isAuthenticating, !line.hasPrefix("334") { isAuthenticating = false }
    let shown = hide(line)
    if isClosing { return shown }
    // A blank after the code marks the last line of a reply (RFC 5321 §4.2.1).
    if let last = reply.last, last.dropFirst(3).first != "-" { reply = [] }
    if reply.count < 20 { reply.append(shown) }
    let words = line.dropFirst(4).uppercased()
    if line.hasPrefix("250"),
      words == "AUTH" || words.hasPrefix("AUTH ") || words.hasPrefix("AUTH=")
    {
      offersAuthentication = true
    }
    return shown
  }

  /// The reply when it is a refusal (4xx, 5xx).
  var refusal: String? {
    guard let last = reply.last, last.hasPrefix("4") || last.hasPrefix("5") else { return nil }
    return reply.joined(separator: " / ")
  }

  private func hide(_ line: String) -> String {
    secrets.reduce(line) { $0.replacing($1, with: "***") }
  }
}
