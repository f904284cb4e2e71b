import Foundation
import SQLWarehouse
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

/// What else tasks speak to besides `http>`: mail, storage, databases, results; and what the administrator set up.
@Suite struct ServiceIsolationTests {
  private static let refused = "tasks of this server may not reach"
  private static let isolation = TaskIsolation(
    network: .publicOnly,
    processes: .open,
    files: .project
  )

  private let task: TestTask

  init() throws { task = try TestTask(isolation: Self.isolation) }

  private func mail(_ settings: MailSettings) -> MailOperator {
    MailOperator(settings: settings, clock: { Date() }, newID: { UUID().uuidString })
  }

  private func message(_ keys: ObjectValue) -> ObjectValue {
    let local: ObjectValue = [
      "_command": ["data": "x"], "subject": "s", "to": "a@example.com", "from": "b@example.com",
      "tls": false,
    ]
    return local.merging(keys)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "::1", "0", "2130706433", "169.254.169.254"])
  func `a task's own mail server must be a public one`(host: String) async throws {
    let server = try SMTPServer(.plain)
    let words = await task.failure(
      mail(MailSettings()),
      message(["host": .string(host), "port": .int(Int64(server.port))])
    )
    #expect(words.contains(Self.refused), "\(words)")
  }

  @Test func `the administrator's mail server is exempt`() async throws {
    let server = try SMTPServer(.plain)
    let settings = MailSettings(
      server: MailServer(host: "127.0.0.1", port: server.port, encryption: .none)
    )
    try await task.run(mail(settings), message([:]))
    #expect(task.log.contains("accepted by 127.0.0.1"))
  }

  @Test func `the administrator's notifications are exempt`() async throws {
    let server = try HTTPServer()
    let notify = try NotifyOperator(
      settings: NotificationSettings(Parameters(["type": "http", "url": server.address("/told")])),
      mail: MailSettings(),
      surroundings: Self.surroundings(task.folder.path)
    )
    #expect(await task.failure(notify, ["_command": "late"]) == "no failure")
  }

  @Test(
    .enabled(if: PostgreSQLTestServer.isInstalled),
    arguments: ["127.0.0.1", "localhost", "SOCKET", "", "@abstract", "127.0.0.1,example.com", "0"]
  )
  func `pg> reaches neither this machine nor its sockets`(host: String) async throws {
    let server = try PostgreSQLTestServer.running()
    let words = await task.failure(
      PostgreSQLOperator(newID: { "id" }),
      [
        "_command": "", "query": "SELECT 1", "database": "postgres", "user": .string(server.user),
        "store_last_results": "first", "host": .string(host == "SOCKET" ? server.folder : host),
        "port": .int(Int64(server.port)),
      ],
      secrets: ["pg.password": server.password.reveal()]
    )
    #expect(words.contains(Self.refused) || host.isEmpty && words.contains("host"), "\(words)")
  }

  @Test(.enabled(if: PostgreSQLTestServer.isInstalled))
  func `pg> connects to the address that was judged`() async throws {
    let server = try PostgreSQLTestServer.running()
    let network = NetworkPolicy(
      allowsPrivateAddresses: false,
      hosts: [try HostRule("127.0.0.1:\(server.port)")]
    )
    let task = try TestTask(
      isolation: TaskIsolation(network: network, processes: .open, files: .project)
    )
    let result = try await task.run(
      PostgreSQLOperator(newID: { "id" }),
      [
        "_command": "", "query": "SELECT inet_server_addr()::text AS a",
        "database": "postgres", "user": .string(server.user), "host": "localhost",
        "port": .int(Int64(server.port)), "store_last_results": "first",
      ],
      secrets: ["pg.password": server.password.reveal()]
    )
    #expect(result.store[path: ["pg", "last_results", "a"]] == "127.0.0.1/32")
  }

  @Test func `storage with an endpoint of this machine is refused`() async throws {
    let store = try S3Server()
    let words = await task.failure(
      ObjectWaitOperator(clock: { Date() }),
      ["_command": "lake/key", "endpoint": .string(store.endpoint)],
      secrets: ["aws.access_key_id": "a", "aws.secret_access_key": "b"]
    )
    #expect(words.contains(Self.refused), "\(words)")
  }

  @Test func `td_load> and results go nowhere either`() async throws {
    let fixture = try await TestWarehouse(isolation: Self.isolation)
    let address = try HTTPServer().address("/table.csv").text
    let inputs: [ObjectValue] = [
      ["type": "http", "url": .string(address)],
      ["type": "file", "path_prefix": .string(address)],
      [
        "type": "s3", "bucket": "b", "path": "p", "endpoint": "http://127.0.0.1:1",
        "access_key_id": "a", "secret_access_key": "b",
      ],
      ["type": "postgresql", "host": "localhost", "database": "d", "user": "u", "table": "t"],
    ]
    for input in inputs {
      let words = await fixture.task.failure(
        try #require(fixture.operators["td_load"]),
        ["config": ["in": .object(input)], "database": "db", "table": "t"]
      )
      #expect(words.contains(Self.refused), "\(words)")
    }
    for url in [address, "postgresql://u:p@localhost/d/t", "s3://a:b@localhost:1/bucket/key"] {
      let words = await fixture.task.failure(
        try #require(fixture.operators["td"]),
        ["query": "SELECT 1", "database": "db", "result_url": .string(url)]
      )
      #expect(words.contains(Self.refused), "\(words)")
    }
  }

  static func surroundings(_ folder: String) -> OperatorSurroundings {
    OperatorSurroundings(
      environment: ["PATH": "/usr/bin:/bin"],
      temporaryDirectory: folder,
      clock: { Date() },
      newID: { UUID().uuidString.lowercased() },
      nextJobID: { 1 }
    )
  }
}
