import CPostgreSQL
import Glibc
import Synchronization
import Values

/// One connection of libpq, used by blocking calls: the only file that knows the library's pointers.
///
/// why: unchecked, because ``PostgreSQLConnection`` makes one call at a time, and ``cancel()``, which may come beside it,
/// only uses the cancel handle that libpq made for that.
final class PostgreSQLSession: @unchecked Sendable {  // why: see above
  private var pointer: OpaquePointer?
  private let cancelHandle: OpaquePointer?
  private let answerTimeout: Duration
  private let isCancelled: Atomic<Bool>
  private var columns: [PostgreSQLColumn] = []
  private var failure: PostgreSQLFailure?
  private var changed = 0
  private var notices: [String] = []

  /// Connects.
  ///
  /// - Throws: ``PostgreSQLFailure``, `CancellationError`.
  init(_ server: PostgreSQLServer, cancellation: PostgreSQLCancellation) throws {
    let connection = Self.start(server, try PostgreSQLAddresses(of: server))
    do {
      try Self.finish(connection, server, cancellation)
    } catch {
      PQfinish(connection)
      throw error
    }
    pointer = connection
    cancelHandle = PQgetCancel(connection)
    answerTimeout = server.answerTimeout
    isCancelled = Atomic(false)
    // Without a receiver libpq prints notices to standard error.
    PQsetNoticeReceiver(
      connection,
      { me, result in
        guard let me, let text = tadoru_pq_field(result, 0x4D) else { return }
        let session = Unmanaged<PostgreSQLSession>.fromOpaque(me).takeUnretainedValue()
        if session.notices.count < 100 { session.notices.append(String(cString: text)) }
      },
      Unmanaged.passUnretained(self).toOpaque()
    )
  }

  deinit {
    PQfinish(pointer)
    PQfreeCancel(cancelHandle)
  }

  private static func start(
    _ server: PostgreSQLServer,
    _ addresses: PostgreSQLAddresses
  ) -> OpaquePointer? {
    // Of a keyword that stands there twice the last counts.
    let keywords = (server.keywords + addresses.keywords).filter { !$0.value.isEmpty }
    let names = keywords.map { strdup($0.name) }
    let values = keywords.map { strdup($0.value) }
    defer { for text in names + values { free(text) } }
    return PQconnectStartParams(
      names.map { UnsafePointer($0) } + [nil],
      values.map { UnsafePointer($0) } + [nil],
      0
    )
  }

  private static func finish(
    _ connection: OpaquePointer?,
    _ server: PostgreSQLServer,
    _ cancellation: PostgreSQLCancellation
  ) throws {
    guard let connection else { throw PostgreSQLFailure("no connection: out of memory") }
    let deadline = ContinuousClock.now + server.connectTimeout
    var next = PGRES_POLLING_WRITING
    while PQstatus(connection) != CONNECTION_BAD, next != PGRES_POLLING_OK,
      next != PGRES_POLLING_FAILED
    {
      if cancellation.isCancelled { throw CancellationError() }
      guard ContinuousClock.now < deadline else {
        throw PostgreSQLFailure(
          "no connection to `\(server.place)` within \(server.connectTimeout.components.seconds) s; check `host` and `port`"
        )
      }
      let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
      if wait(connection, Int16(events)) { next = PQconnectPoll(connection) }
    }
    guard PQstatus(connection) == CONNECTION_OK else {
      throw PostgreSQLFailure(
        "no connection to `\(server.place)`: \(sentence(PQerrorMessage(connection)))"
      )
    }
    PQsetnonblocking(connection, 0)
  }

  /// Waits a little for the socket; true when it is ready.
  private static func wait(_ connection: OpaquePointer, _ events: Int16) -> Bool {
    var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
    return poll(&descriptor, 1, 100) > 0
  }

  /// Stops what runs; from then on every call fails.
  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
    var reason = [CChar](repeating: 0, count: 256)
    _ = PQcancel(cancelHandle, &reason, Int32(reason.count))
  }

  /// Sends one statement whose rows ``rows(limit:)`` then gives.
  func start(_ sql: String, _ arguments: [Value]) throws {
    try check()
    columns = []
    let texts = arguments.map { $0.isNull ? nil : strdup($0.text) }
    defer { for text in texts { free(text) } }
    let isSent = PQsendQueryParams(
      pointer,
      sql,
      Int32(texts.count),
      nil,
      texts.map { UnsafePointer($0) },
      nil,
      nil,
      0
    )
    guard isSent == 1 else { throw lost() }
    PQsetSingleRowMode(pointer)
  }

  /// The next rows; fewer than `limit`, perhaps none, when these are the last.
  func rows(limit: Int) throws -> PostgreSQLBatch {
    var rows: [[Value]] = []
    while rows.count < limit {
      guard let result = try nextResult() else {
        try finishStatement()
        break
      }
      defer { PQclear(result) }
      if columns.isEmpty { columns = Self.columns(of: result) }
      for row in 0..<PQntuples(result) { rows.append(Self.row(row, of: result, columns)) }
    }
    return PostgreSQLBatch(columns: columns, rows: rows)
  }

  /// Runs a text of one or several statements to its end; gives the number of rows that the last one changed or read.
  @discardableResult
  func execute(_ sql: String) throws -> Int {
    try check()
    guard PQsendQuery(pointer, sql) == 1 else { throw lost() }
    return try drain()
  }

  /// The columns that a query would have.
  func describe(_ sql: String) throws -> [PostgreSQLColumn] {
    try check()
    guard PQsendPrepare(pointer, "", sql, 0, nil) == 1 else { throw lost() }
    try drain()
    guard PQsendDescribePrepared(pointer, "") == 1 else { throw lost() }
    var found: [PostgreSQLColumn] = []
    while let result = try nextResult() {
      found = Self.columns(of: result)
      PQclear(result)
    }
    try finishStatement()
    return found
  }

  /// Ends a statement whose rows nobody wants any more.
  func abandon() {
    var reason = [CChar](repeating: 0, count: 256)
    _ = PQcancel(cancelHandle, &reason, Int32(reason.count))
    while let result = PQgetResult(pointer) { PQclear(result) }
  }

  /// True inside a transaction that has not failed.
  var isInTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INTRANS }

  /// What the server said beside results since the last call.
  func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }
}

// Rows in bulk.
extension PostgreSQLSession {
  /// Starts a `COPY … FROM STDIN`.
  func startCopyIn(_ sql: String) throws {
    try check()
    guard PQsendQuery(pointer, sql) == 1 else { throw lost() }
    try awaitAnswer()
    guard let result = PQgetResult(pointer) else { throw lost() }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COPY_IN else {
      note(result)
      try drain()
      throw PostgreSQLFailure("`\(sql)` is no copy from the client")
    }
  }

  func copyIn(_ bytes: [UInt8]) throws {
    try check()
    let isSent = bytes.withUnsafeBytes { buffer in
      PQputCopyData(
        pointer,
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(buffer.count)
      )
    }
    guard isSent == 1 else { throw lost() }
  }

  /// Ends the copy and gives the number of rows; with a reason the server forgets them all and the reason comes back as its error.
  @discardableResult
  func endCopyIn(giveUpBecause reason: String? = nil) throws -> Int {
    guard PQputCopyEnd(pointer, reason) == 1 else { throw lost() }
    return try drain()
  }

  /// Runs a `COPY … TO STDOUT` and hands its pieces over, each some whole lines; gives the number of rows.
  func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
    try check()
    guard PQsendQuery(pointer, sql) == 1 else { throw lost() }
    try awaitAnswer()
    guard let result = PQgetResult(pointer) else { throw lost() }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COPY_OUT else {
      note(result)
      try drain()
      throw PostgreSQLFailure("`\(sql)` is no copy to the client")
    }
    var buffer: UnsafeMutablePointer<CChar>?
    while true {
      let length = PQgetCopyData(pointer, &buffer, 1)
      if length == 0 {
        try awaitInput()
      } else if length > 0 {
        defer { PQfreemem(buffer) }
        try body(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
      } else if length == -1 {
        return try drain()
      } else {
        throw lost()
      }
    }
  }
}

// Answers of the server.
extension PostgreSQLSession {
  private func check() throws {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    failure = nil
    changed = 0
  }

  /// The next result with rows (or their columns); nil at the end of the statement.
  private func nextResult() throws -> OpaquePointer? {
    while true {
      try awaitAnswer()
      guard let result = PQgetResult(pointer) else { return nil }
      switch PQresultStatus(result) {
      case PGRES_SINGLE_TUPLE: return result
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
        changed = Int(String(cString: PQcmdTuples(result))) ?? 0
        if PQnfields(result) > 0 { return result }
      case PGRES_COPY_IN:
        failure = PostgreSQLFailure("a `COPY … FROM STDIN` has nothing to read from here")
        PQputCopyEnd(pointer, "nothing to read from")
      case PGRES_COPY_OUT:
        failure = PostgreSQLFailure("a `COPY … TO STDOUT` has nowhere to write to here")
        try skipCopyOut()
      default: note(result)
      }
      PQclear(result)
    }
  }

  private func skipCopyOut() throws {
    var buffer: UnsafeMutablePointer<CChar>?
    while true {
      let length = PQgetCopyData(pointer, &buffer, 1)
      if length < 0 { return }
      if length == 0 { try awaitInput() } else { PQfreemem(buffer) }
    }
  }

  /// Remembers the first error of a statement.
  private func note(_ result: OpaquePointer) {
    guard PQresultStatus(result) == PGRES_FATAL_ERROR, failure == nil else { return }
    let field = { (name: Character) in
      tadoru_pq_field(result, CChar(name.asciiValue ?? 0)).map { String(cString: $0) }
    }
    failure = PostgreSQLFailure(
      state: field("C"),
      field("M") ?? Self.sentence(PQresultErrorMessage(result)),
      remarks: [field("D"), field("H")].compactMap(\.self),
      position: field("P").flatMap { Int($0) }
    )
  }

  @discardableResult
  private func drain() throws -> Int {
    while let result = try nextResult() { PQclear(result) }
    try finishStatement()
    return changed
  }

  private func finishStatement() throws {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    if let failure { throw failure }
  }

  /// Waits until the next result can be taken without blocking.
  private func awaitAnswer() throws {
    while PQisBusy(pointer) == 1 { try awaitInput() }
  }

  private func awaitInput() throws {
    guard let pointer else { throw lost() }
    // A cancelled statement gets some seconds to say so.
    var deadline = ContinuousClock.now + answerTimeout
    var isEnding = false
    while !Self.wait(pointer, Int16(POLLIN)) {
      if !isEnding, isCancelled.load(ordering: .relaxed) {
        isEnding = true
        deadline = ContinuousClock.now + .seconds(5)
      }
      guard ContinuousClock.now < deadline else {
        if isEnding { throw CancellationError() }
        throw PostgreSQLFailure(
          "the server has been silent for \(answerTimeout.components.seconds) s (`socket_timeout`)"
        )
      }
    }
    guard PQconsumeInput(pointer) == 1 else { throw lost() }
  }

  private func lost() -> any Error {
    if isCancelled.load(ordering: .relaxed) { return CancellationError() }
    return failure
      ?? PostgreSQLFailure("the connection is lost: \(Self.sentence(PQerrorMessage(pointer)))")
  }

  private static func columns(of result: OpaquePointer) -> [PostgreSQLColumn] {
    (0..<PQnfields(result)).map { index in
      PostgreSQLColumn(
        name: PQfname(result, index).map { String(cString: $0) } ?? "",
        typeNumber: PQftype(result, index),
        modifier: PQfmod(result, index)
      )
    }
  }

  private static func row(
    _ row: Int32,
    of result: OpaquePointer,
    _ columns: [PostgreSQLColumn]
  ) -> [Value] {
    columns.indices.map { index in
      guard PQgetisnull(result, row, Int32(index)) == 0,
        let text = PQgetvalue(result, row, Int32(index))
      else { return .null }
      return columns[index].value(String(cString: text))
    }
  }

  /// libpq's own words on one line.
  private static func sentence(_ text: UnsafePointer<CChar>?) -> String {
    let lines = text.map { String(cString: $0) }?.split(whereSeparator: \.isNewline) ?? []
    return lines.map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
  }
}
