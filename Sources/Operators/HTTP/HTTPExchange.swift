import Values
import WorkflowEngine
import WorkflowLanguage

/// A request with its retries: what `http>` and `http_call>` have in common.
struct HTTPExchange {
  /// What came of one try.
  enum Outcome {
    case response(HTTPResponse)
    case again(TaskOutcome)
  }

  /// Tries before a request is given up; the pauses between them add up to about two minutes.
  static let mostTries = 9
  private static let longestPause = 30.0

  let request: HTTPRequest
  private let retries: Bool
  private let context: TaskContext

  /// Reads the task's parameters with the defaults of `http`.
  init(_ options: Parameters, _ context: TaskContext) throws {
    request = try HTTPRequest(options, context)
    let isSafe = ["GET", "HEAD", "OPTIONS", "TRACE"].contains(request.method)
    retries = try options.bool("retry", default: isSafe)
    self.context = context
  }

  /// Sends the request once.
  ///
  /// - Returns: a response that is a success, or when to try again.
  /// - Throws: ``TaskFailure`` for everything else.
  func perform() async throws -> Outcome {
    context.output.info("sending \(request.shown)")
    let response: HTTPResponse
    do {
      response = try await HTTPClient.send(request, within: context.isolation.network)
    } catch let failure as HTTPFailure {
      let words = "HTTP request failed: \(request.shown) - \(failure.reason)"
      if failure.isHopeless { throw TaskFailure(.config, words) }
      return try again(TaskFailure(.runtime, words), atLeast: nil)
    }
    context.output.info("\(request.shown): \(response.shown), \(response.bodyLength) bytes")
    switch response.status {
    case 200..<400: return .response(response)
    case 408, 429: return try again(failure("4XX Client", response), atLeast: response.retryAfter)
    case 400..<500: throw failure("4XX Client", response)
    default: return try again(failure("5XX Server", response), atLeast: response.retryAfter)
    }
  }

  private func failure(_ kind: String, _ response: HTTPResponse) -> TaskFailure {
    TaskFailure(
      .runtime,
      "HTTP \(kind) Error: \(request.shown) - \(response.shown): \(response.text.prefix(200))"
    )
  }

  /// Waits one second, then twice as long each time, without holding a worker.
  private func again(_ failure: TaskFailure, atLeast asked: Double?) throws(TaskFailure) -> Outcome
  {
    let tries = (context.state["tries"]?.int ?? 0) + 1
    guard retries, tries < Int64(Self.mostTries) else { throw failure }
    var pause = 1.0
    for _ in 1..<tries { pause = min(pause * 2, Self.longestPause) }
    pause = max(pause, min(asked ?? 0, 300))
    context.output.warn("\(failure.message); try \(tries + 1) in \(Int(pause)) s")
    return .again(.poll(after: .milliseconds(Int64(pause * 1000)), state: ["tries": .int(tries)]))
  }
}
