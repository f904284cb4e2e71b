import SQLWarehouse

/// Where the rows of a result go, outside the workflow's own tables.
///
/// A write that fails leaves what was there before, where the place allows that.
protocol ResultDestination: Sendable {
  /// Fit for logs: names no secret.
  var shown: String { get }

  /// Sends all rows.
  ///
  /// - Returns: their number, the first of them (none where they are not seen on the way), the columns.
  func write(_ rows: ResultRows) async throws -> QueryResult
}

/// Reads the rows and sends them nowhere.
struct RehearsedDestination: ResultDestination {
  let shown: String

  func write(_ rows: ResultRows) async throws -> QueryResult {
    try await rows.forEachBatch { _ in }
  }
}
