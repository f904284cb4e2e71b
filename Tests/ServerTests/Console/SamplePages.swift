import Access
import Values
import WorkflowEngine

@testable import Server

/// Pages with what a team would see, and the same with names that somebody made to do harm.
struct SamplePages {
  /// The time 2026-11-28T07:00:00Z.
  static let now = 1_795_849_200.0

  let names: Names

  /// What others chose.
  struct Names: Sendable {
    let project: String
    let workflow: String
    let person: String
    let revision: String
    let file: String
    let text: String

    static let usual = Names(
      project: "churn-model",
      workflow: "nightly_training",
      person: "Aiko Mori",
      revision: "2026-11-27-b41f2c",
      file: "queries/features.sql",
      text: "relation \"customers_v2\" does not exist"
    )

    static let hostile = Names(
      project: "<script>alert(1)</script>",
      workflow: "\"onload='x' \u{202e}gpj.exe 🦊",
      person: "</title><img src=x onerror=alert(2)>",
      revision: String(repeating: "長", count: 5000),
      file: "a b/<b>&?#%.sql",
      text: "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7} </pre><script>x</script> \0"
    )
  }

  static func frame(_ role: Role? = .admin) -> PageFrame {
    var frame = PageFrame(
      principal: Principal(
        account: 3,
        name: "Aiko Mori",
        email: "aiko@example.com",
        onServer: role
      ),
      csrfToken: "t0ken",
      now: now,
      requestID: "01JDRX5W8Q"
    )
    frame.flashes = []
    return frame
  }

  var project: ProjectReference { ProjectReference(id: 4, name: names.project) }
  var last: AttemptReference { AttemptReference(id: 1207, status: .running) }

  /// All pages by file name.
  var all: [(name: String, page: any PageModel)] {
    [
      ("projects", projects), ("project", projectPage), ("revision", revision), ("file", file),
      ("diff", diff), ("workflow", workflow), ("secrets", secrets), ("sessions", sessions),
      ("attempts", attempts), ("attempt", attempt), ("attempt-failed", failedAttempt),
      ("schedules", schedules), ("notebook", notebook), ("login", LoginPage(next: "/attempts/7")),
      ("account", account), ("users", users), ("audit", audit),
      ("error-404", ErrorPage.notFound("01JDRX5W8Q")),
      ("error-403", ErrorPage.forbidden("editor", "01JDRX5W8Q")),
      ("error-500", ErrorPage.unexpected("01JDRX5W8Q")),
    ]
  }

  var projects: ProjectsPage {
    ProjectsPage(entries: [
      ProjectsPage.Entry(
        project: project,
        revision: names.revision,
        pushedAt: Self.now - 50_000,
        workflowCount: 6,
        lastAttempt: last,
        nextRunTime: Int64(Self.now) + 7200
      ),
      ProjectsPage.Entry(
        project: ProjectReference(id: 5, name: "demand-forecast"),
        revision: "v41",
        pushedAt: Self.now - 900_000,
        workflowCount: 3,
        lastAttempt: AttemptReference(id: 1201, status: .success),
        nextRunTime: Int64(Self.now) + 600
      ),
      ProjectsPage.Entry(
        project: ProjectReference(id: 6, name: "ranking-experiments"),
        revision: "try-9",
        pushedAt: Self.now - 86_400 * 40,
        workflowCount: 12,
        lastAttempt: AttemptReference(id: 988, status: .error),
        nextRunTime: nil
      ),
      ProjectsPage.Entry(
        project: ProjectReference(id: 7, name: "sandbox"),
        revision: "1",
        pushedAt: Self.now - 30,
        workflowCount: 1,
        lastAttempt: nil,
        nextRunTime: nil
      ),
    ])
  }

  private func session(_ id: Int64, _ status: AttemptStatus, _ tries: Int64 = 1) -> SessionEntry {
    let time = Int64(Self.now) - (130 - id) * 86_400
    return SessionEntry(
      id: id,
      project: project,
      workflow: names.workflow,
      time: time,
      timezone: "Asia/Tokyo",
      attemptCount: tries,
      lastAttempt: AttemptReference(id: 1077 + id, status: status),
      startedAt: Double(time) + 3,
      finishedAt: status == .running ? nil : Double(time) + 1300 + Double(id)
    )
  }

  var someSessions: [SessionEntry] {
    [
      session(130, .running), session(129, .success), session(128, .error, 3),
      session(127, .success), session(126, .killed, 2),
    ]
  }

  var projectPage: ProjectPage {
    ProjectPage(
      project: project,
      createdAt: Self.now - 86_400 * 200,
      workflows: [
        ProjectPage.Workflow(
          name: names.workflow,
          lastAttempt: last,
          schedule: "daily>: 07:00:00",
          timezone: "Asia/Tokyo",
          nextRunTime: Int64(Self.now) + 7200,
          isDisabled: false
        ),
        ProjectPage.Workflow(
          name: "weekly_report",
          lastAttempt: AttemptReference(id: 1180, status: .success),
          schedule: "weekly>: Mon,09:00:00",
          timezone: "Europe/Berlin",
          nextRunTime: Int64(Self.now) + 200_000,
          isDisabled: true
        ),
        ProjectPage.Workflow(
          name: "backtest",
          lastAttempt: nil,
          schedule: nil,
          timezone: "UTC",
          nextRunTime: nil,
          isDisabled: false
        ),
      ],
      revisions: [
        ProjectPage.PushedRevision(
          id: 31,
          name: names.revision,
          sizeInBytes: 48_213,
          createdAt: Self.now - 50_000,
          pushedBy: names.person
        ),
        ProjectPage.PushedRevision(
          id: 30,
          name: "2026-11-20-99ab10",
          sizeInBytes: 47_900,
          createdAt: Self.now - 700_000,
          pushedBy: nil
        ),
      ],
      paging: Paging(olderThan: 30),
      sessions: someSessions
    )
  }

  var revision: RevisionPage {
    RevisionPage(
      project: project,
      id: 31,
      name: names.revision,
      hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      sizeInBytes: 48_213,
      createdAt: Self.now - 50_000,
      pushedBy: names.person,
      workflows: [names.workflow, "weekly_report", "backtest"],
      files: [
        RevisionPage.File(path: "nightly_training.dig", sizeInBytes: 1_204),
        RevisionPage.File(path: names.file, sizeInBytes: 3_911),
        RevisionPage.File(path: "notebooks/train.ipynb", sizeInBytes: 38_000),
      ],
      previous: "2026-11-20-99ab10"
    )
  }

  var file: FilePage {
    FilePage(
      project: project,
      revision: 31,
      revisionName: names.revision,
      path: names.file,
      sizeInBytes: 3_911,
      text: .text(
        """
        -- features of a customer
        SELECT
          customer_id,
          count(*) AS orders,  -- \(names.text)
          max(ordered_at) < date '2026-11-01' AS is_quiet
        FROM orders
        GROUP BY 1
        """,
        isCut: true
      )
    )
  }

  var diff: DiffPage {
    DiffPage(
      project: project,
      revision: 31,
      revisionName: names.revision,
      previousName: "2026-11-20-99ab10",
      changes: [
        DiffPage.Change(
          path: names.file,
          kind: .changed,
          diff: """
            --- a
            +++ b
            @@ -3,3 +3,3 @@
               customer_id,
            -  sum(1) AS orders,
            +  count(*) AS orders,  -- \(names.text)
             FROM orders
            """
        ),
        DiffPage.Change(path: "models/old.bin", kind: .removed, diff: nil),
      ]
    )
  }

  var secrets: SecretsPage {
    SecretsPage(project: project, keys: ["aws.secret_access_key", "pg.password", names.project])
  }

  var sessions: SessionsPage {
    var filter = ListFilter()
    filter.workflow = names.workflow
    return SessionsPage(
      filter: filter,
      entries: someSessions,
      paging: Paging(olderThan: 1203, isLater: true)
    )
  }
}
