import Access
import HTTPTypes
import Hummingbird
import Values

/// The console as routes: pages, forms and the files that pages use.
struct ConsoleRoutes {
  let rooms: Rooms
  private let flashes: FlashCookie
  private let deeds: FormDeeds
  private let notebooks: NotebookLoading

  init(rooms: Rooms, settings: ServerSettings) {
    self.rooms = rooms
    flashes = FlashCookie(
      key: Array((rooms.inputs.newID() + rooms.inputs.newID()).utf8),
      isSecure: settings.isSecure
    )
    deeds = FormDeeds(rooms: rooms, settings: settings)
    notebooks = NotebookLoading(rooms: rooms)
  }

  var list: [Route] {
    let routes =
      ConsolePage.all(ConsoleLoaders(rooms)).map(route) + ConsoleForm.all.map(route)
      + [asset, notebookFrame]
    return routes.map(\.forBrowsers)
  }

  private func route(_ page: ConsolePage) -> Route {
    Route(.get, page.path, page.summary, page.access.requirement) { exchange in
      try await answer(page, exchange)
    }.gives(.content("text/html"))
  }

  private func answer(_ page: ConsolePage, _ exchange: Exchange) async throws -> Answer {
    let path = try RequestPath(exchange.request.head.path ?? "")
    let query = Dictionary(path.query.map { ($0.name, $0.value) }) { first, _ in first }
    let flash = flashes.flash(in: exchange.request)
    var frame = try exchange.frame(rooms)
    frame.flashes = flash.map { [$0] } ?? []
    let model = try await page.load(
      ConsoleRequest(path: exchange.path, query: query, frame: frame)
    )
    let (accept, format) = (exchange.request.headers[.accept], query["format"])
    var answer = Answer.page(PageAnswer(model, frame, accept: accept, format: format))
    if flash != nil, !PageAnswer.isJSON(accept: accept, format: format) {
      answer.add(cookie: flashes.forgotten)
    }
    return answer
  }

  private func route(_ form: ConsoleForm) -> Route {
    Route(.post, form.path, "the form for `\(form.action)`", form.access.requirement) { exchange in
      try await answer(form, exchange)
    }.takes(.form(form.fields)).gives(.content("text/html")).audited(form.action)
  }

  private func answer(_ form: ConsoleForm, _ exchange: Exchange) async throws -> Answer {
    do {
      return try answer(try await deeds.perform(form.deed, exchange), exchange)
    } catch {
      let status = HTTPStatus(error)
      guard ConsoleFailure.wantsPage(exchange.request), status.isKnown,
        [400, 401, 409, 422, 429].contains(status.status)
      else { throw error }
      // What people can put right is said on the page they come from.
      var answer = Answer.seeOther(deeds.origin(of: form.deed, exchange))
      answer.add(cookie: flashes.header(.init(tone: .failed, text: status.sentence)))
      answer.outcome = status.status
      return answer
    }
  }

  private func answer(_ outcome: FormOutcome, _ exchange: Exchange) throws -> Answer {
    var answer: Answer
    switch outcome.next {
    case .address(let address): answer = .seeOther(address)
    case .page(let page):
      let accept = exchange.request.headers[.accept]
      answer = .page(
        PageAnswer(page, try exchange.frame(rooms), accept: accept, format: nil)
      )
    }
    if let flash = outcome.flash { answer.add(cookie: flashes.header(flash)) }
    if let cookie = outcome.cookie { answer.add(cookie: cookie) }
    answer.subject = outcome.subject
    answer.outcome = outcome.status
    return answer
  }

  private var asset: Route {
    Route(.get, "/assets/{name}", "a file that pages use", .open) { exchange in
      let name = exchange.path["name"] ?? ""
      guard let asset = ConsoleAssets.named(name) else { throw Missing.object("asset", name) }
      var answer = Answer.bytes(asset.content, type: asset.type)
      answer.headers[.cacheControl] = ConsolePolicy.assetCache
      return answer
    }.gives(.content("text/css"))
  }

  private var notebookFrame: Route {
    Route(
      .get,
      "/attempts/{id}/notebook-frame/{path*}",
      "the document in the frame of a notebook page",
      .project(.viewer, .attempt("id"))
    ) { exchange in
      let text = try notebooks.document(
        exchange.id("id", "attempt"),
        exchange.path["path"] ?? ""
      )
      var answer = Answer.text(text, type: "text/html; charset=utf-8")
      answer.headers[.cacheControl] = ConsolePolicy.pageCache
      answer.setPolicy(ConsolePolicy.notebook)
      if let name = HTTPField.Name("X-Frame-Options") { answer.headers[name] = "SAMEORIGIN" }
      return answer
    }.gives(.content("text/html"))
  }
}

extension Exchange {
  /// What a page is shown with.
  func frame(_ rooms: Rooms) throws -> PageFrame {
    var frame = PageFrame(
      principal: caller?.principal,
      csrfToken: caller?.requestToken?.reveal(),
      now: rooms.inputs.now(),
      requestID: visitor.requestID
    )
    frame.hasAccounts = try rooms.gate.hasAccounts()
    return frame
  }
}
