import Values
import WorkflowEngine
import WorkflowLanguage

/// The query of a `pg>` task: its text and where it was written.
struct PostgreSQLQuery: Sendable {
  let text: String
  /// `queries/daily.sql`; nil when the text stands in the workflow.
  let file: String?

  /// Reads the query from a file (with templates), from `data:`, or from `query:`.
  init(_ options: Parameters, _ context: TaskContext) throws {
    if let command = options.value("_command"), command != "" {
      if let inline = command.object {
        (text, file) = (try Parameters(inline).requiredText("data"), nil)
      } else {
        let source = try WorkflowFile(try options.requiredText("_command"), context)
        (text, file) = (try source.templated(context, defaults: "pg"), source.name)
      }
    } else {
      guard let query = try options.text("query") else {
        throw TaskFailure(
          .config,
          "a query is needed: name an SQL file, or write `{data: …}` or `query: …`"
        )
      }
      (text, file) = (query, nil)
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw TaskFailure(.config, "the query\(file.map { " in `\($0)`" } ?? "") is empty")
    }
  }

  /// Runs the query behind a few words of ours; errors get their place in the user's text.
  @discardableResult
  func attempt<Outcome>(
    behind prefix: String = "",
    _ work: (String) async throws -> Outcome
  ) async throws -> Outcome {
    do {
      return try await work(prefix + text)
    } catch let failure as PostgreSQLFailure {
      throw failure.taskFailure(in: file, text: text, skipping: prefix.unicodeScalars.count)
    }
  }
}
