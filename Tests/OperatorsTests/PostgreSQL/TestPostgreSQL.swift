import Foundation
import Synchronization
import TestKit
import Values

@testable import Operators

/// A database of its own on the PostgreSQL server of the tests.
struct TestPostgreSQL {
  let server: PostgreSQLServer
  let tcpPort: Int

  private static let count = Atomic(0)

  init() async throws {
    let running = try PostgreSQLTestServer.running()
    let number = Self.count.add(1, ordering: .relaxed).newValue
    var server = PostgreSQLServer(host: running.folder, database: "postgres", user: running.user)
    server.port = running.port
    server.password = running.password
    let name = "test_\(number)"
    try await PostgreSQLConnection.open(server).execute(
      "CREATE DATABASE \(name) TEMPLATE template0"
    )
    server.database = name
    self.server = server
    tcpPort = running.port
  }

  /// What tasks see of it: the map `pg`, to be exported.
  var exports: ObjectValue {
    [
      "pg": [
        "host": .string(server.host), "port": .int(Int64(server.port)),
        "database": .string(server.database), "user": .string(server.user),
      ]
    ]
  }

  var secrets: [String: String] { ["pg.password": server.password?.reveal() ?? ""] }

  func connection() async throws -> PostgreSQLConnection { try await .open(server) }

  func rows(_ sql: String) async throws -> [[Value]] { try await connection().rows(sql) }

  func execute(_ sql: String) async throws { try await connection().execute(sql) }
}
