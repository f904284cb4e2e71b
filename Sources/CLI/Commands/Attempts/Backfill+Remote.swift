import Foundation
import Values
import WorkflowLanguage

extension Backfill {
  /// The sessions of a schedule of a server, which runs them one after another.
  func backfill(on server: RemoteServer) async throws {
    let schedules = try await server.list("schedules", "/api/schedules").map(RemoteRecords.schedule)
      .filter { schedule in
        schedule["workflow"]?.string == workflow
          && (place.project == nil || schedule["project"]?.string == place.project)
      }
    guard let schedule = schedules.first, schedules.count == 1 else {
      throw CommandFailure(
        .failed,
        schedules.isEmpty
          ? "no schedule of the server runs a workflow `\(workflow)`"
          : "several projects have a schedule for `\(workflow)`",
        hint: schedules.isEmpty
          ? "`tadoru schedules` lists them" : "`--project NAME` says which is meant"
      )
    }
    guard p.isEmpty, !continueOnError else {
      throw CommandFailure(
        .usage,
        "on a server a backfill takes neither -p nor --continue-on-error"
      )
    }
    var body: ObjectValue = [
      "fromTime": .string(try start(schedule["timezone"]?.string ?? "UTC")),
      "dryRun": .bool(dryRun),
    ]
    if let count { body["count"] = .int(Int64(count)) }
    if let name { body["attemptName"] = .string(name) }
    let path = "/api/schedules/\(schedule["id"]?.text ?? "")/backfill"
    let answer = try await server.call("POST", path, [], body)
    let records = (answer["sessions"]?.array ?? []).map { value -> ObjectValue in
      [
        "session_time": value.object?["sessionTime"] ?? .null,
        "attempt_id": RemoteRecords.number(value.object?["attemptId"]),
      ]
    }
    if place.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["session_time", "attempt_id"])
  }

  private func start(_ timezone: String) throws -> String {
    do {
      return try SessionTime(parsing: from, in: ZoneRules(timezone), now: Int64(Wiring.now())).text
    } catch {
      throw CommandFailure(.usage, "`--from`: \(error.message)", hint: error.hint)
    }
  }
}
