import Access

extension ConsoleLoaders {
  /// Loads every page from the rooms behind the doors.
  init(_ rooms: Rooms) {
    let projects = ProjectLoading(rooms: rooms)
    let revisions = RevisionLoading(rooms: rooms)
    let runs = RunLoading(rooms: rooms)
    let attempts = AttemptLoading(rooms: rooms)
    let notebooks = NotebookLoading(rooms: rooms)
    let schedules = ScheduleLoading(rooms: rooms)
    let accounts = AccountLoading(rooms: rooms)
    self.init(
      projects: { try projects.all($0) },
      project: { try projects.one($0) },
      revision: { try revisions.revision($0) },
      file: { try revisions.file($0) },
      diff: { try await revisions.diff($0) },
      workflow: { try WorkflowLoading(rooms: rooms).page($0) },
      secrets: { try projects.secrets($0) },
      sessions: { try runs.sessions($0) },
      attempts: { try runs.attempts($0) },
      attempt: { try attempts.page($0) },
      notebook: { try notebooks.page($0) },
      schedules: { try schedules.page($0) },
      account: { try accounts.own($0) },
      users: { _ in try accounts.users() },
      audit: { try accounts.audit($0) }
    )
  }
}

extension ConsoleRequest {
  /// Rows on a page of a list.
  static let pageSize = 50

  /// Who looks.
  ///
  /// - Throws: ``ServerError`` `unauthenticated`.
  var principal: Principal {
    get throws {
      guard let principal = frame.principal else {
        throw ServerError(.unauthenticated, "this takes credentials")
      }
      return principal
    }
  }
}

extension Paging {
  /// Splits what was read, one row more than a page has, into the page and what is said of the others.
  static func page<Row>(
    _ rows: [Row],
    _ request: ConsoleRequest,
    size: Int = ConsoleRequest.pageSize,
    key: (Row) -> Int64
  ) -> (rows: [Row], paging: Paging) {
    let shown = Array(rows.prefix(size))
    return (
      shown,
      Paging(
        olderThan: rows.count > size ? shown.last.map(key) : nil,
        isLater: request.olderThan != nil
      )
    )
  }
}

/// The names of accounts, looked up once for a page.
struct AccountNames: Sendable {
  private let names: [Int64: String]

  init(_ rooms: Rooms) throws {
    names = Dictionary(
      try rooms.accounts.accounts().map { ($0.id, $0.name) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// nil for nobody; an account that is gone has its number.
  subscript(_ account: Int64?) -> String? {
    account.map { names[$0] ?? "account \($0)" }
  }
}
