import Values

/// All schedules that the one who looks may see.
struct SchedulesPage: PageModel {
  struct Entry: Sendable {
    let id: Int64
    let project: ProjectReference
    let workflow: String
    let timezone: String
    /// As written, in one line.
    let schedule: String
    let disabledAt: Double?
    let lastSessionTime: Int64?
    /// The last firing that was left out and why.
    let lastSkip: String?
    let upcoming: [WorkflowPage.Firing]
  }

  let entries: [Entry]

  var heading: PageHeading { PageHeading("Schedules", section: .schedules) }

  var value: Value {
    [
      "schedules": .array(
        entries.map { entry in
          [
            "id": Encoded.id(entry.id), "project": entry.project.value,
            "workflow": .string(entry.workflow), "timezone": .string(entry.timezone),
            "schedule": .string(entry.schedule), "disabledAt": Encoded.time(entry.disabledAt),
            "lastSessionTime": Encoded.time(entry.lastSessionTime),
            "lastSkip": Encoded.text(entry.lastSkip),
            "upcoming": .array(entry.upcoming.map(\.value)),
          ]
        }
      )
    ]
  }
}
