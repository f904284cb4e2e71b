import Projects
import Values
import WorkflowLanguage

/// Loads the page of a workflow.
struct WorkflowLoading: Sendable {
  private static let mostSessions = 20
  static let mostFirings = 10

  let rooms: Rooms

  func page(_ request: ConsoleRequest) throws -> WorkflowPage {
    let entry = try rooms.project(request.id)
    let definition = try rooms.definition(of: request.path["workflow"] ?? "", in: entry)
    let schedule = try rooms.schedules.list(entry.id).first { $0.workflow == definition.name }
    return WorkflowPage(
      project: ProjectReference(id: entry.id, name: entry.name),
      name: definition.name,
      timezone: definition.timezone,
      revision: (entry.latest.id, entry.latest.name),
      file: definition.file,
      tasks: TaskOutline(definition.root).children,
      schedule: try schedule.map { schedule in
        WorkflowPage.Schedule(
          id: schedule.id,
          text: schedule.words,
          disabledAt: schedule.disabledAt,
          upcoming: try rooms.firings(of: schedule, Self.mostFirings)
        )
      },
      sessions: try rooms.recentSessions(
        in: entry.id,
        of: definition.name,
        most: Self.mostSessions
      )
    )
  }
}

/// Loads the page of all schedules.
struct ScheduleLoading: Sendable {
  private static let mostFirings = 5

  let rooms: Rooms

  func page(_ request: ConsoleRequest) throws -> SchedulesPage {
    let principal = try request.principal
    let entries = try rooms.schedules.list(nil).filter { principal.sees($0.project) }
    return SchedulesPage(
      entries: try entries.map { entry in
        SchedulesPage.Entry(
          id: entry.id,
          project: ProjectReference(id: entry.project, name: entry.projectName),
          workflow: entry.workflow,
          timezone: entry.timezone,
          schedule: entry.words,
          disabledAt: entry.disabledAt,
          lastSessionTime: entry.lastSessionTime,
          lastSkip: entry.lastSkip,
          upcoming: try rooms.firings(of: entry, Self.mostFirings)
        )
      }
    )
  }
}

extension Rooms {
  /// A workflow of the latest revision of a project.
  func definition(
    of workflow: String,
    in entry: ProjectControl.Entry
  ) throws -> WorkflowDefinition {
    let found = try projects.definitions(entry.latest).first { $0.name == workflow }
    guard let found else { throw Missing.object("workflow", workflow) }
    return found
  }

  /// The next runs of a schedule.
  func firings(of entry: ScheduleControl.Entry, _ count: Int) throws -> [WorkflowPage.Firing] {
    try schedules.upcoming(entry.id, count).map {
      WorkflowPage.Firing(sessionTime: $0.session, runTime: $0.run)
    }
  }
}

extension ScheduleControl.Entry {
  /// As written, in one line.
  var words: String {
    zip(schedule.keys, schedule.values).map { "\($0): \($1.text)" }.joined(separator: ", ")
  }
}
