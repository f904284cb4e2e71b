import Values
import WorkflowLanguage

/// Forms that start, end and repeat attempts.
struct RunForms: Sendable {
  let rooms: Rooms

  func start(_ exchange: Exchange) async throws -> FormOutcome {
    let entry = try rooms.project(exchange.project ?? 0)
    let workflow = try rooms.definition(of: exchange.path["workflow"] ?? "", in: entry)
    let fields = exchange.fields
    var start = AttemptControl.Start(
      project: entry.id,
      workflow: workflow.name,
      principal: try exchange.principal
    )
    start.sessionTime = try fields.time("session_time", zone: workflow.timezone)
    start.retryName = try fields.text("retry_name", maximum: 255) ?? ""
    start.parameters = try fields.text("params", maximum: 200_000).map(Self.parameters) ?? [:]
    switch try await rooms.attempts.start(start) {
    case .begun(let id): return .to(.attempt(id)).about("attempt \(id)")
    case .exists(let id):
      var outcome = FormOutcome.to(.attempt(id)).about("attempt \(id)")
      outcome.flash = PageFrame.Flash(
        tone: .failed,
        text: "The session has this attempt already. A retry name starts another one."
      )
      outcome.status = 409
      return outcome
    }
  }

  private static func parameters(_ text: String) throws -> ObjectValue {
    let value: Value
    do {
      value = try JSON.decode(text)
    } catch {
      throw ServerError(
        .badRequest,
        "`params` is no JSON: line \(error.line), column \(error.column): \(error.message)"
      )
    }
    guard let object = value.object else {
      throw ServerError(.badRequest, "`params` must be a JSON object, found \(value.kind)")
    }
    return object
  }

  func kill(_ exchange: Exchange) async throws -> FormOutcome {
    let id = try exchange.id("id", "attempt")
    let isKilled = try await rooms.attempts.kill(id)
    return .to(.attempt(id), isKilled ? "It is being killed." : "It had ended already.")
  }

  func retry(_ exchange: Exchange) async throws -> FormOutcome {
    var retry = AttemptControl.Retry(
      attempt: try exchange.id("id", "attempt"),
      principal: try exchange.principal
    )
    retry.scope =
      switch try exchange.fields.text("scope") {
      case "all": .all
      case nil, "failed": .failed
      default: throw ServerError(.badRequest, "`scope` must be `all` or `failed`")
      }
    let id = try await rooms.attempts.retry(retry)
    return .to(.attempt(id)).about("attempt \(id)")
  }
}
