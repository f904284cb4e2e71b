import ArgumentParser
import Values
import WorkflowEngine

/// `tadoru tasks N`: how the tasks of an attempt stand.
struct Tasks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the tasks of an attempt, with what they stored.",
    discussion: "Text of a task is in `tadoru log`."
  )

  @Argument(help: "The number of the attempt.")
  var attempt: Int64

  @OptionGroup var options: PlaceOptions

  func run() async throws {
    let records = try await records()
    if options.json { return RecordPrinter.json(records) }
    for record in records {
      RecordPrinter.lines(record)
      StandardOutput.line("")
    }
    StandardOutput.line("\(records.count) entries.")
  }

  private func records() async throws -> [ObjectValue] {
    if let server = try options.server() {
      return try await server.list("tasks", "/api/attempts/\(attempt)/tasks")
        .map(RemoteRecords.task)
    }
    let history = try options.opened()
    return try history.attempts.tasks(of: history.attempt(attempt).id).map(\.value)
  }
}

extension TaskSummary {
  var value: ObjectValue {
    [
      "id": .int(Int64(id)), "name": .string(fullName),
      "operator": type.map { .string($0) } ?? .null, "state": .string(state.rawValue),
      "started": startedAt.map { .string(TimeText.text($0)) } ?? .null,
      "updated": (finishedAt ?? startedAt).map { .string(TimeText.text($0)) } ?? .null,
      "parent": parent.map { .int(Int64($0)) } ?? .null,
      "upstreams": .array(upstreams.map { .int(Int64($0)) }),
      "export_params": .object(export), "store_params": .object(store),
      "state_params": .object(pollState), "retry_count": .int(retryCount),
      "error": error.map { .string($0) } ?? .null,
    ]
  }
}
