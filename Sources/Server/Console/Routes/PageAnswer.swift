import HTTPTypes
import Values

/// A page as it goes to a client.
struct PageAnswer: Sendable {
  let type: String
  let body: String
  /// For pages; an answer in JSON needs none.
  let policy: String?

  /// - Parameters:
  ///   - page: the page.
  ///   - frame: with what it is shown.
  ///   - accept: the header of that name: JSON is given to those who ask for it and not for HTML.
  ///   - format: the parameter of that name: `json` asks for JSON too.
  init(_ page: any PageModel, _ frame: PageFrame, accept: String?, format: String?) {
    if Self.isJSON(accept: accept, format: format) {
      type = "application/json; charset=utf-8"
      body = JSON.encode(page.value) + "\n"
      policy = nil
    } else {
      type = "text/html; charset=utf-8"
      body = Layout.document(page, frame)
      policy = ConsolePolicy.page
    }
  }

  static func isJSON(accept: String?, format: String?) -> Bool {
    let accept = accept ?? ""
    return format == "json"
      || (accept.contains("application/json") && !accept.contains("text/html"))
  }
}

extension Answer {
  /// A page with the headers that pages have.
  static func page(_ page: PageAnswer, status: HTTPResponse.Status = .ok) -> Answer {
    var answer = Answer.text(page.body, type: page.type)
    answer.status = status
    answer.headers[.cacheControl] = ConsolePolicy.pageCache
    answer.setPolicy(page.policy)
    return answer
  }

  /// Leads a browser to another page.
  static func seeOther(_ location: String) -> Answer {
    var answer = Answer(.seeOther)
    answer.headers[.location] = location
    return answer
  }

  mutating func setPolicy(_ policy: String?) {
    if let policy { headers[.contentSecurityPolicy] = policy }
    for (name, value) in ConsolePolicy.common {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
  }

  mutating func add(cookie header: String) {
    headers.append(HTTPField(name: .setCookie, value: header))
  }
}
