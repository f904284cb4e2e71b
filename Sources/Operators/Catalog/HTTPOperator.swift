import Values
public import WorkflowEngine
import WorkflowLanguage

/// `http>`: sends an HTTP request.
///
/// ```yaml
/// +tell:
///   http>: https://api.example.com/runs
///   method: POST
///   headers: [{X-Token: "${secret:api.token}"}]
///   content: {session: "${session_id}"}
///   store_content: true
/// ```
/// Options: `method` (GET), `content`, `content_format` (text, json, form), `content_type`, `headers` (a list of maps), `query`,
/// `store_content` (false), `retry` (true for GET, HEAD, OPTIONS, TRACE), `timeout` (30 s), `follow_redirects` (true), `insecure`
/// (false), `proxy`; defaults come from an exported `http:` map. Secrets: `http.uri`, `http.user`, `http.password`,
/// `http.authorization`. Stores `http.last_status`, and with `store_content` the body as the text `http.last_content`.
public struct HTTPOperator: Operator {
  public init() {}

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "http")
    let keepsContent = try options.bool("store_content")
    switch try await HTTPExchange(options, context).perform() {
    case .again(let outcome): return outcome
    case .response(let response):
      var stored: ObjectValue = ["last_status": .int(Int64(response.status))]
      if keepsContent {
        guard response.isWhole else {
          throw TaskFailure(
            .runtime,
            "Response content too large: \(response.bodyLength) bytes > \(HTTPResponse.longestBody) bytes"
          )
        }
        stored["last_content"] = .string(response.text)
      }
      return .done(
        TaskResult(
          store: ["http": .object(stored)],
          reset: [["http", "last_status"], ["http", "last_content"]]
        )
      )
    }
  }
}
