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
    let accept = accept ?? ""
    let isJSON =
      format == "json"
      || (accept.contains("application/json") && !accept.contains("text/html"))
    if isJSON {
      type = "application/json; charset=utf-8"
      body = JSON.encode(page.value) + "\n"
      policy = nil
    } else {
      type = "text/html; charset=utf-8"
      body = Layout.document(page, frame)
      policy = ConsolePolicy.page
    }
  }
}
