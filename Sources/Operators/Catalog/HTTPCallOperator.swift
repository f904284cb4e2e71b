import Values
public import WorkflowEngine
import WorkflowLanguage

/// `http_call>`: fetches a workflow and runs its tasks.
///
/// ```yaml
/// +plan:
///   http_call>: https://planner.example.com/today.dig
///   content_type_override: application/x-yaml
/// ```
/// The answer is JSON (`application/json`) or YAML (`application/x-yaml`) of at most 64 KiB, written as a workflow file;
/// its tasks run under `^sub` as with `call>`. Takes the options and secrets of `http>` but `store_content`. Stores nothing.
public struct HTTPCallOperator: Operator {
  private static let yaml: Set = [
    "application/x-yaml", "application/yaml", "text/yaml", "text/x-yaml",
  ]

  public init() {}

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "http")
    let override = try options.text("content_type_override")
    let exchange = try HTTPExchange(options, context)
    switch try await exchange.perform() {
    case .again(let outcome): return outcome
    case .response(var response):
      if let override { response.contentType = override }
      return .done(TaskResult(subtasks: try tasks(response, from: exchange.request.address.shown)))
    }
  }

  private func tasks(_ response: HTTPResponse, from address: String) throws -> TaskNode {
    guard response.isWhole else {
      throw TaskFailure(
        .runtime,
        "Response content too large: \(response.bodyLength) bytes > \(HTTPResponse.longestBody) bytes"
      )
    }
    let type = response.mediaType ?? ""
    guard type == "application/json" || Self.yaml.contains(type) else {
      throw TaskFailure(
        .runtime,
        "Unsupported content type: `\(type)`; expected application/json or application/x-yaml, "
          + "or name the type with `content_type_override`"
      )
    }
    return try ProjectLoader.compileFetched(text: response.text, from: address)
  }
}
