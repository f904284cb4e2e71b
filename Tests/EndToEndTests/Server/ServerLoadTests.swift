import Foundation
import TestKit
import Testing
import Values

/// Many attempts at once, started over HTTP by several clients.
///
/// `TADORU_LOAD_ATTEMPTS` says how many; the page on the server's figures tells of 1,000.
@Suite struct ServerLoadTests {
  @Test(.timeLimit(.minutes(10)))
  func `every attempt that was accepted runs to its end, once`() async throws {
    let count = CrashMoments.setting("TADORU_LOAD_ATTEMPTS") ?? 100
    let server = try await ServerProcess()
    let tasks = (0..<10).map { "+t\($0):\n  echo>: ${session_id}\n" }.joined()
    try await server.push("load", ["ten.dig": tasks])
    let outcome = try await TadoruProcess.run(
      [
        RepositoryFile.root.appending(path: "Tests/TestKit/Fixtures/server_load.py").path,
        server.endpoint, "\(count)",
      ],
      in: server.folder.path,
      executable: TestPython.path
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    print(outcome.output)
    let result = try JSON.decode(outcome.output).object ?? [:]
    #expect(result["accepted"]?.int == Int64(count))
    #expect(result["success"]?.int == Int64(count))
    #expect(result["sessions"]?.int == Int64(count))
    #expect(result["failed_reads"]?.int == 0)
    #expect(await server.stop() == 0)
  }
}
