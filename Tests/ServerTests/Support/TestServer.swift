import Access
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Projects
import Storage
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Server

/// A server over real tables of the engine, with the other rooms played from memory.
///
/// A bearer token says which role its holder has: `admin` and `viewer` on the server, `viewer@1` in project 1, `none` nowhere.
final class TestServer: Sendable {
  static let start = 1_700_000_000.0

  let database: SQLDatabase
  let folder: TemporaryFolder
  let rooms: Rooms
  let door: FrontDoor
  let played: PlayedRooms

  init(settings: ServerSettings = ServerSettings(), hasAccounts: Bool = true) throws {
    database = try SQLDatabase.inMemory()
    folder = try TemporaryFolder()
    _ = try AttemptStore(database: database)
    let played = PlayedRooms(hasAccounts: hasAccounts)
    self.played = played
    let path = folder.path
    let ids = Mutex(0)
    rooms = Rooms(
      history: AttemptHistory(database: database),
      control: (played.attemptControl, played.scheduleControl),
      projects: (
        played.projectControl(archive: path + "/archive.tar.gz", files: path + "/revision"),
        played.secretControl
      ),
      access: (played.gatekeeper, played.accountControl, played.auditTrail),
      inputs: Rooms.Inputs(
        version: "1.2.3",
        incomingFolder: path + "/incoming",
        attemptFolder: { path + "/attempts/\($0)" },
        now: { Self.start },
        newID: {
          ids.withLock { id in
            id += 1
            return "id-\(id)"
          }
        }
      )
    )
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    door = FrontDoor(rooms: rooms, settings: settings, logger: logger)
    try fill()
  }

  /// Two projects; project 1 has two sessions of `daily`, the first with two attempts.
  private func fill() throws {
    let statements = [
      "INSERT INTO projects (id, name) VALUES (1, 'shop'), (2, 'other')",
      """
      INSERT INTO sessions (id, project_id, workflow, session_time, uuid) VALUES
        (1, 1, 'daily', 1704067200, 'uuid-1'), (2, 1, 'daily', 1704153600, 'uuid-2'),
        (3, 2, 'daily', 1704067200, 'uuid-3')
      """,
      """
      INSERT INTO attempts (
        id, session_id, project_id, workflow, status, params, timezone, created_at, finished_at, name)
      VALUES
        (1, 1, 1, 'daily', 'error', '{"x":1}', 'Asia/Tokyo', 1704067201, 1704067205, ''),
        (2, 1, 1, 'daily', 'success', '{}', 'Asia/Tokyo', 1704067301, 1704067305, 'retry-2'),
        (3, 2, 1, 'daily', 'running', '{}', 'Asia/Tokyo', 1704153601, NULL, ''),
        (4, 3, 2, 'daily', 'success', '{}', 'UTC', 1704153602, 1704153603, '')
      """,
      """
      INSERT INTO tasks (
        attempt_id, id, parent_id, full_name, type, state, upstreams, store_params, reset_params,
        export_params, poll_state, error_message, retry_count, started_at, finished_at)
      VALUES
        (1, 0, NULL, '+daily', NULL, 'group_error', '[]', '{}', '[]', '{}', '{}', NULL, 0, NULL, NULL),
        (1, 1, 0, '+daily+load', 'sh', 'error', '[]', '{"a":1}', '[]', '{}', '{}', 'no such file', 0,
          1704067202, 1704067204)
      """,
    ]
    try database.write { connection in
      for statement in statements { try connection.execute(statement) }
    }
  }

  /// Sends a request past no socket.
  func send(
    _ method: HTTPRequest.Method = .get,
    _ path: String,
    as token: String? = "admin",
    json: String? = nil,
    form: String? = nil,
    headers: [String: String] = [:],
    host: String? = "localhost:1"
  ) async throws -> Reply {
    var fields = HTTPFields()
    if let token { fields[.authorization] = "Bearer \(token)" }
    if json != nil { fields[.contentType] = "application/json" }
    if form != nil { fields[.contentType] = "application/x-www-form-urlencoded" }
    for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
    let request = Request(
      head: HTTPRequest(
        method: method,
        scheme: "http",
        authority: host,
        path: path,
        headerFields: fields
      ),
      body: RequestBody(buffer: ByteBuffer(string: json ?? form ?? ""))
    )
    return try await Reply(door.answer(request, address: "192.0.2.1"))
  }

  var routes: [Route] { door.table.routes }
}
