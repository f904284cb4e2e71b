import Foundation
import TestKit
import Testing
import Values

/// A server killed at random moments around the firings of its schedules, with a clock that runs sixty times as fast.
///
/// `TADORU_CRASH_ROUNDS` says how many kills there are to be and `TADORU_CRASH_SEED` repeats a campaign.
@Suite struct ScheduleCampaignTests {
  /// 2024-03-10T09:50:30Z: in New York the hour before the clocks go forward.
  private static let origin = 1_710_064_230

  @Test(.timeLimit(.minutes(10)))
  func `killed anywhere, every session of every schedule has one attempt`() async throws {
    let rounds = CrashMoments.setting("TADORU_CRASH_ROUNDS") ?? 60
    let seed = CrashMoments.setting("TADORU_CRASH_SEED") ?? Int.random(in: 1...1_000_000)
    var moments = CrashMoments(state: UInt64(seed))
    let folder = try TemporaryFolder()
    let clock = "\(Self.origin)@\(Int(Date().timeIntervalSince1970))x60"
    let environment = ["TADORU_TEST_CLOCK": clock]
    for round in 0..<rounds {
      let server = try await ServerProcess(in: folder, environment: environment)
      if round == 0 {
        try await server.push(
          "shop",
          [
            "each.dig": workflow("minutes_interval>: 1", zone: "UTC"),
            "third.dig": workflow("minutes_interval>: 3", zone: "America/New_York"),
          ]
        )
      }
      try await ContinuousClock().sleep(
        for: .milliseconds(Int.random(in: 5...900, using: &moments))
      )
      server.send(SIGKILL)
      await server.finish()
    }
    let server = try await ServerProcess(in: folder, environment: environment)
    try await rest(server)
    let sessions = try await server.json(["sessions", "--limit", "1000"]).array ?? []
    for (name, step) in [("each", 60), ("third", 180)] {
      let own = sessions.compactMap(\.object).filter { $0["workflow"]?.string == name }
      #expect(own.allSatisfy { $0["attempts"] == 1 }, "seed \(seed): a session that ran twice")
      #expect(own.allSatisfy { $0["status"] == "success" }, "seed \(seed): \(own)")
      let times = try own.map { try time($0["session_time"]?.string ?? "") }.sorted()
      let gaps = zip(times, times.dropFirst()).filter { Int($1 - $0) != step }
      #expect(gaps.isEmpty, "seed \(seed): `\(name)` has sessions too many or too few: \(gaps)")
      #expect(times.count >= rounds / 4 * 60 / step / 2, "seed \(seed): \(times.count) sessions")
    }
    print(
      "schedule campaign, seed \(seed): \(rounds) kills, \(sessions.count) sessions, none doubled, none lost"
    )
    await server.stop()
  }

  private func workflow(_ kind: String, zone: String) -> String {
    "timezone: \(zone)\nschedule:\n  \(kind)\n+one:\n  echo>: one\n+two:\n  echo>: ${session_time}\n"
  }

  /// Lets what was missed catch up, then stops the schedules.
  private func rest(_ server: ServerProcess) async throws {
    for schedule in try await server.json(["schedules"]).array ?? [] {
      let id = schedule.object?["id"]?.int ?? 0
      // What is due has been started when the next run lies in the future of the fast clock.
      while true {
        let entry = try await server.json(["schedules", "\(id)"]).object ?? [:]
        let next = try time(entry["next_run_time"]?.string ?? "")
        let now = try time(entry["last_session_time"]?.string ?? "")
        if next - now <= 400 { break }
      }
      #expect(try await server.tadoru(["schedules", "\(id)", "--disable"]).status == 0)
    }
    while try await (server.json(["attempts", "--limit", "1000"]).array ?? []).contains(where: {
      $0.object?["status"] == "running"
    }) {}
  }

  private func time(_ text: String) throws -> TimeInterval {
    try Date(text, strategy: .iso8601).timeIntervalSince1970
  }
}
