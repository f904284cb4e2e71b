import Foundation
import Testing
public import Values

/// A real PostgreSQL server, started once for all tests of a process; it ends with the process, however that ends.
///
/// Its user `tester` has the password `the password`; each test takes a database of its own.
public final class PostgreSQLTestServer: Sendable {
  public let port: Int
  /// The folder of its unix socket.
  public let folder: String
  public let user = "tester"
  public let password = Secret("the password")
  private static let started = Result { try PostgreSQLTestServer() }

  /// True when this machine has the server's programs.
  public static var isInstalled: Bool {
    ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + "/initdb")
    } || FileManager.default.fileExists(atPath: "/usr/lib/postgresql")
  }

  /// The server of this process.
  public static func running() throws -> PostgreSQLTestServer { try started.get() }

  private init() throws {
    // Short, because the path of a unix socket may have 107 characters; not a `TemporaryFolder`, because the script removes it.
    let name = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "tadoru-pg-"
    folder = name + String(ProcessInfo.processInfo.processIdentifier)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let script = Bundle.module.path(
      forResource: "postgresql_server",
      ofType: "sh",
      inDirectory: "Fixtures"
    )
    process.arguments = [try #require(script), folder]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8),
      !byte.isEmpty
    {
      line += byte
    }
    let greeting = try JSON.decode(String(decoding: line, as: UTF8.self)).object
    port = Int(try #require(greeting?["port"]?.int, "PostgreSQL did not start"))
    leash = input
  }

  // Closed by the end of this process, which ends the server.
  private let leash: Pipe
}
