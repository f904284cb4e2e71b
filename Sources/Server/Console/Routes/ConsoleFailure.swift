import HTTPTypes
import Hummingbird
import Values

/// What people with a browser are shown when a request failed.
struct ConsoleFailure {
  let status: HTTPStatus
  let line: RequestLine
  let rooms: Rooms

  /// nil for programs, which are answered in JSON.
  func answer(to request: Request) -> Answer? {
    guard isOfConsole, Self.wantsPage(request) else { return nil }
    if status.status == 401 { return login(request) }
    var frame = PageFrame(
      principal: line.caller?.principal,
      csrfToken: line.caller?.requestToken?.reveal(),
      now: rooms.inputs.now(),
      requestID: line.requestID
    )
    do {
      frame.hasAccounts = try rooms.gate.hasAccounts()
    } catch {
      frame.hasAccounts = true  // the database cannot be asked now; the page is still of use
    }
    return .page(
      PageAnswer(page, frame, accept: "text/html", format: nil),
      status: HTTPResponse.Status(code: status.status)
    )
  }

  /// Whether a client is a browser, or wants to be taken for one.
  static func wantsPage(_ request: Request) -> Bool {
    (request.headers[.accept] ?? "").contains("text/html")
  }

  private var isOfConsole: Bool {
    line.route?.isPage ?? !(line.path == "/api" || line.path.hasPrefix("/api/"))
  }

  /// To the page for logging in, which leads back.
  private func login(_ request: Request) -> Answer {
    let isLooking = request.method == .get || request.method == .head
    let next = isLooking ? LoginPage.safe(request.head.path) : nil
    let address = ConsoleAddress("login").query("next", next == "/" ? nil : next)
    return .seeOther(address.text)
  }

  private var page: ErrorPage {
    if !status.isKnown { return .unexpected(line.requestID) }
    if status.status == 404 { return .notFound(line.requestID) }
    return ErrorPage(
      status: status.status,
      message: status.sentence,
      requestID: line.requestID
    )
  }
}

extension HTTPStatus {
  /// The message and the hint for people.
  var sentence: String {
    let parts = [message, hint ?? ""].filter { !$0.isEmpty }.map { part in
      part.prefix(1).uppercased() + part.dropFirst() + "."
    }
    return parts.joined(separator: " ")
  }
}
