import Access
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
import Values

/// Answers every request: finds its route, lets it in or not, runs it, and turns what goes wrong into an answer.
public struct FrontDoor: Sendable {
  let table: RouteTable
  let rooms: Rooms
  let settings: ServerSettings
  let metrics: ServerMetrics
  let logger: Logger

  public init(rooms: Rooms, settings: ServerSettings, logger: Logger) {
    let metrics = ServerMetrics(startedAt: rooms.inputs.now())
    self.rooms = rooms
    self.settings = settings
    self.metrics = metrics
    self.logger = logger
    table = RouteTable(AllRoutes(rooms: rooms, settings: settings, metrics: metrics).list)
  }

  /// Answers a request from an address, which the audit and the throttle of passwords use.
  public func answer(_ request: Request, address: String) async -> Response {
    let start = ContinuousClock.now
    var line = RequestLine(
      requestID: rooms.inputs.newID(),
      method: request.method,
      path: String((request.head.path ?? "").prefix { $0 != "?" }),
      address: address
    )
    var answer: Answer
    do {
      answer = try await handle(request, &line)
    } catch {
      answer = failure(error, request, line)
    }
    if request.method == .head { answer.body = withoutContent(answer) }
    let duration = ContinuousClock.now - start
    metrics.requests.add(
      method: line.route?.method.rawValue ?? "none",
      route: line.label,
      status: answer.status.code,
      duration: duration
    )
    line.log(answer.status.code, duration, to: logger)
    return response(answer, line)
  }

  private func handle(_ request: Request, _ line: inout RequestLine) async throws -> Answer {
    let path = try RequestPath(request.head.path ?? "")
    let guards = HostGuard(settings: settings)
    try guards.check(host: request)
    switch table.match(request.method, path.segments) {
    case .none:
      throw ServerError(.notFound, "there is nothing at this path")
    case .methods(let methods):
      return try otherMethod(request.method, methods)
    case .route(let route, let values):
      line.route = route
      if route.isChanging { try guards.check(origin: request) }
      return try await run(route, values, path, request, &line)
    }
  }

  private func run(
    _ route: Route,
    _ values: [String: String],
    _ path: RequestPath,
    _ request: Request,
    _ line: inout RequestLine
  ) async throws -> Answer {
    let visitor = Exchange.Visitor(
      requestID: line.requestID,
      address: line.address,
      credentials: try Identification.credentials(of: request)
    )
    let caller = try await caller(of: route, visitor)
    line.account = caller?.principal.name
    var log = AuditWriter(trail: rooms.audit, route: route, line: line, logger: logger)
    var project: Int64?
    do {
      line.caller = caller
      if route.isChanging, !route.takesForm { try Identification.checkToken(request, caller) }
      var exchange = Exchange(
        request: request,
        path: values,
        query: try Query(path.query, route.parameters),
        fields: try await fields(of: route, request),
        caller: caller,
        project: nil,
        visitor: visitor
      )
      if route.takesForm { try Identification.checkToken(exchange.fields, caller) }
      log.claimedName = exchange.fields.members["user"]?.string
      project = try Authority(rooms: rooms).admit(exchange, route.requirement)
      exchange.project = project
      let answer = try await route.handler(exchange)
      log.append(
        caller,
        project,
        answer.outcome ?? answer.status.code,
        subject: answer.subject
      )
      return answer
    } catch {
      log.append(caller, project, HTTPStatus(error).status, subject: nil)
      throw error
    }
  }

  private func caller(
    of route: Route,
    _ visitor: Exchange.Visitor
  ) async throws -> Gatekeeper.Caller? {
    guard route.requirement != .open else { return nil }
    guard
      let caller = try await rooms.gate.authenticate(visitor.credentials, visitor.address)
    else {
      throw ServerError(
        .unauthenticated,
        "this takes credentials",
        hint: "send `Authorization: Bearer TOKEN`"
      )
    }
    return caller
  }

  private func fields(of route: Route, _ request: Request) async throws -> Fields {
    let reader = BodyReader(settings: settings)
    return switch route.body {
    case .none, .archive: Fields()
    case .json(let schema): try await reader.json(request, schema)
    case .form(let names): try await reader.form(request, known: names + [ConsoleForm.token])
    }
  }

  private func otherMethod(
    _ method: HTTPRequest.Method,
    _ methods: [HTTPRequest.Method]
  ) throws -> Answer {
    var known = methods
    if known.contains(.get) { known.append(.head) }
    known.append(.options)
    let allow = known.map(\.rawValue).joined(separator: ", ")
    var answer =
      method == .options
      ? Answer.nothing
      : Self.answer(
        HTTPStatus(ServerError(.methodNotAllowed, "this path takes \(allow)")),
        requestID: rooms.inputs.newID()
      )
    answer.headers[.allow] = allow
    return answer
  }
}

extension FrontDoor {
  private func failure(_ error: any Error, _ request: Request, _ line: RequestLine) -> Answer {
    let status = HTTPStatus(error)
    if !status.isKnown {
      logger.error("\(error)", metadata: ["request": .string(line.requestID)])
    }
    let failure = ConsoleFailure(status: status, line: line, rooms: rooms)
    if let page = failure.answer(to: request) { return page }
    return Self.answer(status, requestID: line.requestID)
  }

  private static func answer(_ status: HTTPStatus, requestID: String) -> Answer {
    var answer = Answer.json(
      status.value(requestID: requestID),
      status: HTTPResponse.Status(code: status.status)
    )
    if status.status == 401 { answer.headers[.wwwAuthenticate] = "Bearer, Basic realm=\"tadoru\"" }
    if [429, 503].contains(status.status) { answer.headers[.retryAfter] = "5" }
    return answer
  }

  /// The length of what a GET would have given, and none of it.
  private func withoutContent(_ answer: Answer) -> ResponseBody {
    ResponseBody(contentLength: answer.body.contentLength) { writer in try await writer.finish(nil)
    }
  }

  private func response(_ answer: Answer, _ line: RequestLine) -> Response {
    var headers = answer.headers
    headers[.xContentTypeOptions] = "nosniff"
    for (name, value) in Self.strict where headers[name] == nil { headers[name] = value }
    if let name = HTTPField.Name("X-Request-Id") { headers[name] = line.requestID }
    if answer.status.code == 204 || answer.status.code == 304 { headers[.contentLength] = nil }
    return Response(status: answer.status, headers: headers, body: answer.body)
  }

  private static let strict: [(HTTPField.Name, String)] = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
  ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
