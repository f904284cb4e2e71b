import Access
import HTTPTypes
import Projects
import Values
import WorkflowEngine

/// Starting, repeating and ending attempts.
struct StartRoutes {
  let rooms: Rooms

  var list: [Route] {
    let runner = Requirement.project(.runner, .attempt("id"))
    return [
      Route(
        .put,
        "/api/attempts",
        "starts a workflow; 409 with the attempt when the session has one of that name",
        .project(.runner, .workflowInBody("workflowId")),
        handler: start
      ).takes(.json(Self.startBody))
        .gives(.json(.named("Attempt")), errors: [409, 422, 429])
        .conflicts(with: .either(.named("Attempt"), .named("Error"))).audited("attempt.start"),
      Route(
        .post,
        "/api/attempts/{id}/retry",
        "starts another attempt of the same session",
        runner,
        handler: retry
      ).takes(.json(Self.retryBody))
        .gives(.json(.named("Attempt")), errors: [409, 422, 429]).audited("attempt.retry"),
      Route(
        .post,
        "/api/attempts/{id}/kill",
        "ends an attempt; 204 also when it had ended",
        runner
      ) { exchange in
        _ = try await rooms.attempts.kill(exchange.id("id", "attempt"))
        return .nothing
      }.audited("attempt.kill"),
    ]
  }

  private static let startBody = Schema.members(
    [
      ("workflowId", .id), ("sessionTime?", Schema.time.orNull),
      ("retryAttemptName?", Schema.text(maximum: 255).orNull),
      (
        "resume?",
        Schema.members(
          [
            ("mode", .oneOf(["failed", "from"])), ("attemptId", .id),
            ("from?", .text(maximum: 1000)),
          ],
          closed: true
        ).orNull
      ), ("params?", Schema.object.orNull),
    ],
    closed: true
  )

  private static let retryBody = Schema.members(
    [
      ("scope?", .oneOf(Scope.allCases.map(\.rawValue))), ("from?", .text(maximum: 1000)),
      ("revision?", .text(maximum: 255)), ("name?", .text(maximum: 255)), ("params?", .object),
    ],
    closed: true
  )

  /// What a retry runs again.
  private enum Scope: String, CaseIterable {
    case failed
    case all
    case from
  }

  private enum ResumeMode: String, CaseIterable {
    case failed
    case from
  }

  private func start(_ exchange: Exchange) async throws -> Answer {
    let fields = exchange.fields
    let (revision, workflow) = try rooms.workflow(fields.requiredID("workflowId"))
    var start = AttemptControl.Start(
      project: revision.project,
      workflow: workflow,
      principal: try exchange.principal
    )
    start.revision = revision.id
    start.sessionTime = try fields.time("sessionTime")
    start.retryName = try fields.text("retryAttemptName", maximum: 255) ?? ""
    start.parameters = try fields.object("params") ?? [:]
    start.resume = try fields.object("resume").map { try resume($0, in: revision.project) }
    switch try await rooms.attempts.start(start) {
    case .begun(let id): return try answer(id, .ok)
    case .exists(let id): return try answer(id, .conflict)
    }
  }

  private func resume(
    _ object: ObjectValue,
    in project: Int64
  ) throws -> AttemptControl.Resume {
    let fields = try Fields(.object(object), known: ["mode", "attemptId", "from"])
    let attempt = try fields.requiredID("attemptId")
    // An attempt of another project must not be asked about from here.
    guard try rooms.history.attempt(attempt)?.projectID == project else {
      throw Missing.object("attempt", attempt)
    }
    switch try fields.oneOf("mode", ResumeMode.self) {
    case .failed: return .failed(of: attempt)
    case .from: return .from(try fields.requiredText("from"), of: attempt)
    case nil: throw fields.missing("mode")
    }
  }

  private func retry(_ exchange: Exchange) async throws -> Answer {
    let fields = exchange.fields
    let attempt = try rooms.attempt(exchange)
    var retry = AttemptControl.Retry(attempt: attempt.id, principal: try exchange.principal)
    switch try fields.oneOf("scope", Scope.self) {
    case .all: retry.scope = .all
    case .from: retry.scope = .from(try fields.requiredText("from"))
    case .failed: retry.scope = .failed
    case nil: retry.scope = try fields.text("from").map { .from($0) } ?? .failed
    }
    switch try fields.text("revision", maximum: 255) {
    case nil, "latest": retry.revision = .latest
    case "same": retry.revision = .same
    case let name?:
      guard let revision = try rooms.projects.revisionNamed(attempt.projectID, name) else {
        throw Missing.object("revision", name)
      }
      retry.revision = .number(revision.id)
    }
    retry.name = try fields.text("name", maximum: 255)
    retry.parameters = try fields.object("params") ?? [:]
    return try answer(try await rooms.attempts.retry(retry), .ok)
  }

  private func answer(_ id: Int64, _ status: HTTPResponse.Status) throws -> Answer {
    guard let attempt = try rooms.history.attempt(id) else { throw Missing.object("attempt", id) }
    return .json(try AttemptShapes(projects: rooms.projects).value(attempt), status: status)
      .about("attempt \(id)")
  }
}
