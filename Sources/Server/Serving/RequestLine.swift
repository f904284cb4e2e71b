import HTTPTypes
import Logging

/// What is kept of a request in the log: never its query, its headers or its body, which may hold secrets.
struct RequestLine: Sendable {
  let requestID: String
  let method: HTTPRequest.Method
  let path: String
  let address: String
  var route: Route?
  var account: String?
  /// Who is known to ask; for the page that shows an error.
  var caller: Gatekeeper.Caller?

  /// The template of the route: there are as many as routes, whatever is asked for.
  var label: String { route?.template.text ?? "none" }

  func log(_ status: Int, _ duration: Duration, to logger: Logger) {
    let milliseconds =
      duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    logger.info(
      "\(method.rawValue) \(shownPath) \(status) \(milliseconds) ms",
      metadata: [
        "request": .string(requestID), "address": .string(address),
        "account": .string(account ?? "-"),
      ]
    )
  }

  /// Still encoded, so that no control character reaches the log.
  private var shownPath: String {
    let printable = String(
      path.prefix(300).unicodeScalars.filter { (33...126).contains($0.value) }.map(Character.init)
    )
    return printable
  }
}
