import Values

/// One project: what is in it and what was pushed.
struct ProjectPage: PageModel {
  struct Workflow: Sendable {
    let name: String
    let lastAttempt: AttemptReference?
    /// The schedule in words; nil for none.
    let schedule: String?
    let timezone: String
    let nextRunTime: Int64?
    let isDisabled: Bool
  }

  struct PushedRevision: Sendable {
    let id: Int64
    let name: String
    let sizeInBytes: Int64
    let createdAt: Double
    /// The name of the account; nil for the owner of a server without accounts.
    let pushedBy: String?
  }

  let project: ProjectReference
  let createdAt: Double
  let workflows: [Workflow]
  /// Newest first.
  let revisions: [PushedRevision]
  var paging = Paging()
  let sessions: [SessionEntry]

  var heading: PageHeading {
    PageHeading(
      project.name,
      kind: "Project",
      section: .projects,
      crumbs: [PageHeading.Crumb(text: "Projects", address: .home)]
    )
  }

  var value: Value {
    [
      "id": Encoded.id(project.id), "name": .string(project.name),
      "createdAt": Encoded.time(createdAt), "workflows": .array(workflows.map(\.value)),
      "revisions": .array(revisions.map(\.value)), "paging": paging.value,
      "sessions": .array(sessions.map(\.value)),
    ]
  }
}

extension ProjectPage.Workflow {
  var value: Value {
    [
      "name": .string(name), "lastAttempt": lastAttempt?.value ?? .null,
      "schedule": Encoded.text(schedule), "timezone": .string(timezone),
      "nextRunTime": Encoded.time(nextRunTime), "disabled": .bool(isDisabled),
    ]
  }
}

extension ProjectPage.PushedRevision {
  var value: Value {
    [
      "id": Encoded.id(id), "name": .string(name), "sizeInBytes": .int(sizeInBytes),
      "createdAt": Encoded.time(createdAt), "pushedBy": Encoded.text(pushedBy),
    ]
  }
}
