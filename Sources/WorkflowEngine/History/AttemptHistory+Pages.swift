import Values

/// Which part of a list is wanted, newest first.
public struct HistoryPage: Sendable, Hashable {
  /// Only of these projects; nil for all.
  public var projects: [Int64]?
  /// Of one project only.
  public var workflow: String?
  public var session: Int64?
  public var status: AttemptStatus?
  /// Of each session only the newest attempt.
  public var isLatestOnly = false
  /// Only what has a smaller number than this.
  public var lastID: Int64?
  public var limit: Int

  public init(limit: Int) { self.limit = limit }

  /// The same page of each project, unless it is of one or of all.
  ///
  /// `IN` would read and sort all rows of the projects; of each alone, an index gives the newest.
  fileprivate var byProject: [HistoryPage]? {
    guard let projects, projects.count != 1 else { return nil }
    return projects.map { project in
      var copy = self
      copy.projects = [project]
      return copy
    }
  }
}

extension AttemptHistory {
  /// Attempts, newest first.
  public func attempts(_ page: HistoryPage) throws -> [AttemptSummary] {
    if let pages = page.byProject {
      return Array(try pages.flatMap(attempts).sorted { $0.id > $1.id }.prefix(page.limit))
    }
    var conditions = Conditions()
    conditions.add("a.project_id =", page.projects?.first.map { .int($0) })
    conditions.add("a.workflow =", page.workflow.map { .string($0) })
    conditions.add("a.session_id =", page.session.map { .int($0) })
    conditions.add("a.status =", page.status.map { .string($0.rawValue) })
    conditions.add("a.id <", page.lastID.map { .int($0) })
    if page.isLatestOnly {
      conditions.texts.append(
        """
        NOT EXISTS (
          SELECT 1 FROM attempts later WHERE later.session_id = a.session_id AND later.id > a.id)
        """
      )
    }
    let limit = conditions.bind(.int(Int64(page.limit)))
    return try rows(
      Self.attempts + conditions.text + " ORDER BY a.id DESC LIMIT \(limit)",
      conditions.arguments
    ).map(AttemptSummary.init)
  }

  /// Sessions in the order of their numbers, newest first; `status` and `isLatestOnly` are of no meaning here.
  public func sessions(_ page: HistoryPage) throws -> [SessionSummary] {
    if let pages = page.byProject {
      return Array(try pages.flatMap(sessions).sorted { $0.id > $1.id }.prefix(page.limit))
    }
    var conditions = Conditions()
    conditions.add("s.project_id =", page.projects?.first.map { .int($0) })
    conditions.add("s.workflow =", page.workflow.map { .string($0) })
    conditions.add("s.id <", page.lastID.map { .int($0) })
    let limit = conditions.bind(.int(Int64(page.limit)))
    return try rows(
      Self.sessions + conditions.text + " ORDER BY s.id DESC LIMIT \(limit)",
      conditions.arguments
    ).map(SessionSummary.init)
  }

  /// The session of a number; nil when there is none.
  public func session(_ id: Int64) throws -> SessionSummary? {
    try rows(Self.sessions + " WHERE s.id = $1", [.int(id)]).first.map(SessionSummary.init)
  }

  /// How many attempts there are, by status.
  public func attemptCounts() throws -> [(status: AttemptStatus, count: Int64)] {
    try rows("SELECT status, count(*) AS n FROM attempts GROUP BY status ORDER BY status", [])
      .compactMap { row in
        guard let status = row["status"]?.string.flatMap(AttemptStatus.init(rawValue:)),
          let count = row["n"]?.int
        else { return nil }
        return (status, count)
      }
  }

  private static let sessions = """
    SELECT s.*, p.name AS project, a.id AS last_attempt, a.status, a.timezone,
      (SELECT count(*) FROM attempts WHERE session_id = s.id) AS attempt_count
    FROM sessions s
    JOIN projects p ON p.id = s.project_id
    LEFT JOIN attempts a ON a.id = (SELECT max(id) FROM attempts WHERE session_id = s.id)
    """
}

/// What a row must fulfil, with the values it is compared to.
private struct Conditions {
  var texts: [String] = []
  var arguments: [Value] = []

  /// The placeholder of a value.
  mutating func bind(_ value: Value) -> String {
    arguments.append(value)
    return "$\(arguments.count)"
  }

  /// Nothing when the value is nil.
  mutating func add(_ comparison: String, _ value: Value?) {
    if let value { texts.append("\(comparison) \(bind(value))") }
  }

  var text: String { texts.isEmpty ? "" : " WHERE " + texts.joined(separator: " AND ") }
}
