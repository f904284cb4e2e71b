import Access
import Values
import WorkflowEngine

@testable import Server

extension SamplePages {
  var schedules: SchedulesPage {
    SchedulesPage(entries: [
      SchedulesPage.Entry(
        id: 9,
        project: project,
        workflow: names.workflow,
        timezone: "Asia/Tokyo",
        schedule: "daily>: 07:00:00",
        disabledAt: nil,
        lastSessionTime: Int64(Self.now) - 79_200,
        lastSkip: "2026-11-25: the session before it was still running (`skip_on_overtime`)",
        upcoming: firings
      ),
      SchedulesPage.Entry(
        id: 10,
        project: ProjectReference(id: 5, name: "demand-forecast"),
        workflow: "hourly",
        timezone: "UTC",
        schedule: "hourly>: 05:00",
        disabledAt: Self.now - 90_000,
        lastSessionTime: nil,
        lastSkip: nil,
        upcoming: []
      ),
    ])
  }

  var notebook: NotebookPage {
    NotebookPage(
      attempt: AttemptReference(id: 1207, status: .success),
      project: project,
      workflow: names.workflow,
      timezone: "Asia/Tokyo",
      sessionTime: Int64(Self.now) - 1000,
      task: "+" + names.workflow + "+train+fold-1",
      path: "fold-1/notebook.html",
      source: "notebooks/fold-1/executed.ipynb",
      executedAt: Self.now - 300,
      sizeInBytes: 412_000,
      executedBy: names.person
    )
  }

  var account: AccountPage {
    AccountPage(
      name: names.person,
      email: "aiko@example.com",
      role: .editor,
      tokens: [
        AccountPage.Token(
          id: 1,
          name: "laptop",
          createdAt: Self.now - 900_000,
          expiresAt: Self.now + 6_900_000,
          lastUsedAt: Self.now - 240
        ),
        AccountPage.Token(
          id: 2,
          name: names.project,
          createdAt: Self.now - 9_000_000,
          expiresAt: Self.now - 1,
          lastUsedAt: nil
        ),
      ],
      created: AccountPage.NewToken(
        name: "ci",
        text: Secret("tadoru_7Yq3cVt0nKXh2pLrW9sZbD4mUe")
      )
    )
  }

  var users: UsersPage {
    UsersPage(entries: [
      UsersPage.Entry(
        id: 1,
        name: "Root",
        email: "root@example.com",
        role: .admin,
        createdAt: Self.now - 90_000_000,
        isDisabled: false
      ),
      UsersPage.Entry(
        id: 3,
        name: names.person,
        email: "aiko@example.com",
        role: .editor,
        createdAt: Self.now - 9_000_000,
        isDisabled: false
      ),
      UsersPage.Entry(
        id: 4,
        name: "Jonas Weber",
        email: "jonas@example.com",
        role: nil,
        createdAt: Self.now - 8_000_000,
        isDisabled: true
      ),
    ])
  }

  var audit: AuditPage {
    let events = [
      ("attempt.kill", "/api/attempts/1206/kill", 204, true),
      ("secret.set", "/projects/4/secrets", 303, false),
      ("login", names.person, 401, false),
    ]
    return AuditPage(
      action: nil,
      entries: events.enumerated().map { index, event in
        AuditPage.Entry(
          id: 90 - Int64(index),
          time: Self.now - Double(index * 4000),
          actor: names.person,
          isToken: event.3,
          action: event.0,
          object: event.1,
          status: event.2,
          address: "192.0.2.7",
          requestID: "01JDRX5W8Q"
        )
      },
      paging: Paging(olderThan: 88)
    )
  }
}
