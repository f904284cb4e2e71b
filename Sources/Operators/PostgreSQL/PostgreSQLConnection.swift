import Dispatch
import Foundation
import Synchronization
import Values
import WorkflowEngine

/// A connection to a PostgreSQL server, for one task at a time.
///
/// Calls wait on a thread of their own. Cancelling the task cancels the statement on the server and ends the connection's
/// use: what was not committed is undone when the connection is let go of. Calls throw ``PostgreSQLFailure``,
/// `CancellationError`, and `TaskFailure` where libpq is missing.
final class PostgreSQLConnection: Sendable {
  private let session: PostgreSQLSession
  private let queue: DispatchQueue

  private init(_ session: PostgreSQLSession, _ queue: DispatchQueue) {
    self.session = session
    self.queue = queue
  }

  /// Connects, and makes the server's schema the one that tables are looked for in.
  static func open(_ server: PostgreSQLServer) async throws -> PostgreSQLConnection {
    try PostgreSQLLibrary.open()
    let queue = DispatchQueue(label: "tadoru.postgresql")
    let cancellation = PostgreSQLCancellation()
    let session = try await blocking(queue, onCancel: { cancellation.cancel() }) {
      try PostgreSQLSession(server, cancellation: cancellation)
    }
    let connection = PostgreSQLConnection(session, queue)
    try await connection.execute(server.preparation)
    return connection
  }

  /// Runs one or several statements, and gives the number of rows that the last one changed or read.
  ///
  /// Outside a ``transaction(readOnly:_:)`` several statements are one transaction of the server's.
  @discardableResult
  func execute(_ sql: String) async throws -> Int {
    try await call { try $0.execute(sql) }
  }

  /// Runs one statement and hands its rows over, batch by batch; gives the number of rows.
  ///
  /// `arguments` are for `$1`, `$2`…, sent apart from the text. `body` is called at least once, with an empty batch when
  /// there are no rows.
  @discardableResult
  func query(
    _ sql: String,
    _ arguments: [Value] = [],
    batchSize: Int = 4096,
    _ body: (PostgreSQLBatch) async throws -> Void
  ) async throws -> Int {
    try await call { try $0.start(sql, arguments) }
    var count = 0
    while true {
      let batch = try await call { try $0.rows(limit: batchSize) }
      do {
        if !batch.rows.isEmpty || count == 0 { try await body(batch) }
      } catch {
        // why: the connection stays fit for use; the first error counts
        _ = try? await call { $0.abandon() }
        throw error
      }
      count += batch.rows.count
      if batch.rows.count < batchSize { return count }
    }
  }

  /// All rows of a statement that gives few.
  @discardableResult
  func rows(_ sql: String, _ arguments: [Value] = []) async throws -> [[Value]] {
    var rows: [[Value]] = []
    try await query(sql, arguments) { rows += $0.rows }
    return rows
  }

  /// The columns that a query would have, without running it.
  func columns(of sql: String) async throws -> [PostgreSQLColumn] {
    try await call { try $0.describe(sql) }
  }

  /// Runs work as one transaction, which a thrown error undoes.
  ///
  /// - Throws: a ``PostgreSQLFailure`` too when the work ended the transaction itself, with a `COMMIT` of its own.
  @discardableResult
  func transaction<Result>(
    readOnly: Bool = false,
    _ work: () async throws -> Result
  ) async throws -> Result {
    try await execute(readOnly ? "BEGIN READ ONLY" : "BEGIN")
    do {
      let result = try await work()
      guard try await call({ $0.isInTransaction }) else {
        throw PostgreSQLFailure(
          "the statement ended the transaction it runs in; leave out its `COMMIT` or `ROLLBACK`"
        )
      }
      try await execute("COMMIT")
      return result
    } catch {
      // why: the first error counts, and a lost connection has no transaction to undo
      _ = try? await execute("ROLLBACK")
      throw error
    }
  }

  /// Appends rows to a table by `COPY`, and gives their number.
  ///
  /// `columns` are the table's in the order of the values, none for all of them. `body` calls its argument with rows as
  /// often as it likes; when it throws, no row is kept.
  @discardableResult
  func copy(
    into table: PostgreSQLTable,
    columns: [String] = [],
    _ body: ((_ rows: [[Value]]) async throws -> Void) async throws -> Void
  ) async throws -> Int {
    let names = columns.map(PostgreSQLText.quoted(name:)).joined(separator: ", ")
    let list = columns.isEmpty ? "" : " (\(names))"
    try await call { try $0.startCopyIn("COPY \(table.quoted)\(list) FROM STDIN") }
    do {
      try await body { rows in
        var bytes: [UInt8] = []
        for row in rows { PostgreSQLText.appendCopyLine(row, to: &bytes) }
        let data = bytes
        if !data.isEmpty { try await call { try $0.copyIn(data) } }
      }
    } catch {
      // why: ends the copy on the server; the first error counts
      _ = try? await call { try $0.endCopyIn(giveUpBecause: "the rows could not be had") }
      throw error
    }
    return try await call { try $0.endCopyIn() }
  }

  /// Writes the rows of a query to a file as CSV with a header, in quotes where needed, nothing for null; gives their number.
  @discardableResult
  func copyCSV(of query: String, to path: String) async throws -> Int {
    // why: the parenthesis on a line of its own, so that a comment in the last line of the query ends before it
    let sql = "COPY (\(query)\n) TO STDOUT WITH (FORMAT csv, HEADER)"
    return try await call { session in
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let file = FileHandle(forWritingAtPath: path)
      else { throw TaskFailure(.runtime, "`\(path)` cannot be written") }
      defer { file.closeFile() }
      var buffer = Data()
      let count = try session.copyOut(sql) { line in
        buffer.append(contentsOf: line)
        guard buffer.count > 1 << 18 else { return }
        try file.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      try file.write(contentsOf: buffer)
      return count
    }
  }

  /// What the server said beside results since the last call.
  func takeNotices() async throws -> [String] {
    try await call { $0.takeNotices() }
  }

  private func call<Result: Sendable>(
    _ work: @escaping @Sendable (PostgreSQLSession) throws -> Result
  ) async throws -> Result {
    try await Self.blocking(queue, onCancel: { [session] in session.cancel() }) { [session] in
      try work(session)
    }
  }

  private static func blocking<Result: Sendable>(
    _ queue: DispatchQueue,
    onCancel: @escaping @Sendable () -> Void,
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Swift.Result { try work() }) }
      }
    } onCancel: {
      onCancel()
    }
  }
}

/// Tells a connection in the making that nobody waits for it any more.
final class PostgreSQLCancellation: Sendable {
  private let flag = Atomic(false)

  var isCancelled: Bool { flag.load(ordering: .relaxed) }

  func cancel() { flag.store(true, ordering: .relaxed) }
}
