import Values

/// What is shown instead of a page.
struct ErrorPage: PageModel {
  let status: Int
  /// In words for the one who asked; a fault of ours says nothing of itself.
  let message: String
  let requestID: String

  static func notFound(_ requestID: String) -> ErrorPage {
    ErrorPage(
      status: 404,
      message: "There is nothing here, or it is not for your eyes.",
      requestID: requestID
    )
  }

  static func forbidden(_ needed: String, _ requestID: String) -> ErrorPage {
    ErrorPage(status: 403, message: "This takes the role \(needed).", requestID: requestID)
  }

  /// What happened stands in the server's log under the number of the request.
  static func unexpected(_ requestID: String) -> ErrorPage {
    ErrorPage(
      status: 500,
      message: "Something went wrong on the server. Its log has more under the number below.",
      requestID: requestID
    )
  }

  var heading: PageHeading { PageHeading(title, kind: "\(status)") }

  var value: Value {
    [
      "status": .int(Int64(status)), "message": .string(message), "requestId": .string(requestID),
    ]
  }

  private var title: String {
    switch status {
    case 400: "That was not understood"
    case 401: "Log in first"
    case 403: "Not allowed"
    case 404: "Not found"
    case 409: "Something is in the way"
    case 429: "Too many at once"
    case 500...: "A fault of ours"
    default: "It did not work"
    }
  }

  func content(_ frame: PageFrame) -> HTML {
    tag("div", .class("failure")) {
      Piece.title(heading)
      tag("p") { message }
      tag("p", .class("muted")) {
        "Request "
        tag("code") { requestID }
      }
      tag("p") { tag("a", .class("button"), .href(.home)) { "To the projects" } }
    }
  }
}
