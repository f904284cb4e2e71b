/// The two languages of queries.
public enum SQLDialect: String, Sendable, Hashable, CaseIterable {
  case presto, hive

  /// A name in the dialect's quotes; like the service, without escaping a quote inside.
  public func quoted(_ name: String) -> String {
    self == .presto ? "\"\(name)\"" : "`\(name)`"
  }

  /// `"db"."t"`, in Hive with backticks.
  public func quoted(_ table: TableName) -> String {
    "\(quoted(table.database)).\(quoted(table.table))"
  }
}

/// What a statement knows of the session it runs for.
public struct QuerySession: Sendable, Hashable {
  /// What `TD_SCHEDULED_TIME()` gives, in seconds since 1970: the session time of the attempt.
  public let scheduledTime: Int64

  public init(scheduledTime: Int64) { self.scheduledTime = scheduledTime }
}

/// A query, or several parted by `;`, as a person wrote it.
public struct SQLStatement: Sendable, Hashable {
  public var text: String
  public var dialect: SQLDialect
  /// Where tables written without a database are; nil when all of them have one.
  public var database: String?
  public var session: QuerySession
  /// Lines put on top as comments, each without its `--`: which project, session, attempt and task this is.
  public var header: [String]
  /// Set where what the statement writes must not be written twice; it means nothing to queries.
  public var once: WriteKey?

  public init(
    text: String,
    dialect: SQLDialect,
    database: String?,
    session: QuerySession = QuerySession(scheduledTime: 0),
    header: [String] = []
  ) {
    // Lines are told apart by `\n`: a file of Windows reads the same.
    self.text = text.replacing("\r\n", with: "\n")
    self.dialect = dialect
    self.database = database
    self.session = session
    self.header = header
  }
}
