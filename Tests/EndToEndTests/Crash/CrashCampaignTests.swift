import Foundation
import TestKit
import Testing
import Values

/// Processes killed at random moments, two sessions of one project at a time.
///
/// `TADORU_CRASH_ROUNDS` says how many kills there are to be (`make crash` does 1,000) and `TADORU_CRASH_SEED` repeats
/// a campaign.
@Suite struct CrashCampaignTests {
  @Test func `killed anywhere, no finished task runs twice and nothing acknowledged is lost`()
    async throws
  {
    let rounds = CrashMoments.setting("TADORU_CRASH_ROUNDS") ?? 60
    let seed = CrashMoments.setting("TADORU_CRASH_SEED") ?? Int.random(in: 1...1_000_000)
    var moments = CrashMoments(state: UInt64(seed))
    let shared = try ProjectFixture(["crash.dig": CrashLife.workflow])
    var results: [CrashLife.Result] = []
    while results.reduce(0, { $0 + $1.kills }) < rounds {
      // Every other pair shares a project: each process that starts also closes what the other left open.
      let isShared = results.count % 4 == 2
      let lives = try (0..<2).map { side in
        CrashLife(
          project: isShared ? shared : try ProjectFixture(["crash.dig": CrashLife.workflow]),
          day: day(results.count + side),
          pauses: (0..<6).map { _ in Int.random(in: 5...300, using: &moments) }
        )
      }
      results += try await withThrowingTaskGroup(of: CrashLife.Result.self) { group in
        for life in lives { group.addTask { try await life.run() } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for result in results.suffix(2) {
        #expect(result.repeated == [], "seed \(seed)")
        #expect(result.orphans == [], "seed \(seed)")
        #expect(result.status == "success", "seed \(seed): \(result.errors)")
        #expect(result.sums == ["sum \((0..<CrashLife.width).reduce(0, +))"], "seed \(seed)")
        // A second attempt is right only where the kill came between the end of the first and that of its process.
        #expect(
          isShared || result.attempts.allSatisfy { $0 == "success" },
          "seed \(seed): one attempt goes on, found \(result.attempts)"
        )
      }
    }
    try await expectSound(shared)
    let kills = results.reduce(0) { $0 + $1.kills }
    let slowest = results.map(\.slowestRecovery).max() ?? 0
    print(
      "crash campaign, seed \(seed): \(kills) kills over \(results.count) sessions; "
        + String(format: "the slowest recovery took %.2f s to its first task", slowest)
    )
  }

  private func day(_ number: Int) -> String {
    let date = Date(timeIntervalSince1970: 1_704_067_200 + Double(number) * 86_400)
    return date.formatted(.iso8601.year().month().day())
  }

  /// The store passes the check of the library that wrote it.
  private func expectSound(_ project: ProjectFixture) async throws {
    let outcome = try await TadoruProcess.run(
      [
        "-c",
        "import sqlite3; print(sqlite3.connect('.tadoru/tadoru.db').execute('PRAGMA integrity_check').fetchone()[0])",
      ],
      in: project.folder.path,
      executable: TestPython.path
    )
    #expect(outcome.output == "ok\n")
  }
}
