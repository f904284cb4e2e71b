import Foundation
import TestKit
import Testing
import Values

/// The console in a real browser.
@Suite struct ConsoleBrowserTests {
  /// Debian's `chromium` is there after `scripts/bootstrap.sh --for test`.
  private static let browsers = ["chromium", "chromium-browser", "google-chrome"]
  private static let hasBrowser = browsers.contains { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { folder in
      FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
    }
  }

  @Test(.enabled(if: hasBrowser, "Chromium is not installed"), .timeLimit(.minutes(3)))
  func `pages load without a complaint, a log goes on by itself, and the kill button works`()
    async throws
  {
    let server = try await ServerProcess()
    let go = server.folder.path + "/go"
    try await server.push(
      "shop",
      [
        "daily.dig": """
        timezone: Asia/Tokyo
        schedule:
          daily>: 07:00:00
        +wait:
          sh>: echo line one; while ! test -f \(go); do sleep 0.05; done; echo line two; sleep 600
        """
      ]
    )
    let started = try await server.json(["start", "shop", "daily"]).object ?? [:]
    let attempt = try #require(started["attempt_id"]?.int)
    let paths = [
      "/", "/projects/1", "/projects/1/workflows/daily", "/projects/1/revisions/1",
      "/projects/1/revisions/1/files/daily.dig", "/projects/1/secrets", "/sessions", "/attempts",
      "/schedules", "/account", "/audit",
    ]
    let seen =
      try await TestPython.run("browser", [server.endpoint, "\(attempt)", go] + paths).object ?? [:]
    #expect(seen["errors"] == [])
    #expect(Set(seen["pages"]?.object?.keys ?? []) == Set(paths))
    #expect(seen["pages"]?.object?["/projects/1/workflows/daily"] == "daily")
    #expect(seen["followed"] == true)
    #expect(seen["path"] == .string("/attempts/\(attempt)"))
    #expect(try await server.end(of: attempt) == "killed")
    #expect(await server.stop() == 0)
  }
}
