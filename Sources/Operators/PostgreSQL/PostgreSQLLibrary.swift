import CPostgreSQL
public import WorkflowEngine

/// libpq, opened when the first connection is made.
public enum PostgreSQLLibrary {
  private static let failure: String? =
    tadoru_lazy_open_pq("libpq.so.5") == 0 ? nil : String(cString: tadoru_lazy_error_pq())

  /// Opens the library once.
  ///
  /// - Throws: `TaskFailure` with the command that installs it.
  static func open() throws(TaskFailure) {
    if let failure {
      throw TaskFailure(
        .config,
        "PostgreSQL needs the library `libpq.so.5` (\(failure)); install it with `apt-get install libpq5`"
      )
    }
  }

  /// The version of libpq, as `15.18`.
  ///
  /// - Throws: `TaskFailure` with the command that installs it.
  public static func version() throws(TaskFailure) -> String {
    try open()
    return "\(PQlibVersion() / 10000).\(PQlibVersion() % 10000)"
  }
}
