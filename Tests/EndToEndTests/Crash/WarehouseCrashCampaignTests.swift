import Foundation
import TestKit
import Testing
import Values

/// Processes killed at random moments while they write to the warehouse: every row is there once.
///
/// `TADORU_CRASH_ROUNDS` says how many kills there are to be, a tenth of that but at least 24, because each takes
/// seconds; `TADORU_CRASH_SEED` repeats a campaign.
@Suite struct WarehouseCrashCampaignTests {
  @Test func `killed anywhere, what tasks write to tables is there once`() async throws {
    let rounds = max(24, (CrashMoments.setting("TADORU_CRASH_ROUNDS") ?? 0) / 10)
    let seed = CrashMoments.setting("TADORU_CRASH_SEED") ?? Int.random(in: 1...1_000_000)
    var moments = CrashMoments(state: UInt64(seed))
    var (kills, foundDone, sessions) = (0, 0, 0)
    while kills < rounds {
      let life = WarehouseCrashLife(
        project: try ProjectFixture(WarehouseCrashLife.files),
        pauses: (0..<8).map { _ in Int.random(in: 100...1600, using: &moments) }
      )
      let result = try await life.run()
      #expect(result.status == 0, "seed \(seed)")
      #expect(result.attempts == 1, "seed \(seed): one attempt goes on")
      for table in WarehouseCrashLife.tables {
        #expect(
          result.numbers[table] == (0..<WarehouseCrashLife.width).map(Int64.init),
          "seed \(seed), table \(table)"
        )
      }
      kills += result.kills
      foundDone += result.foundDone
      sessions += 1
    }
    print(
      "crash campaign of the warehouse, seed \(seed): \(kills) kills over \(sessions) sessions; "
        + "\(foundDone) writes were found done and not done again"
    )
  }
}
