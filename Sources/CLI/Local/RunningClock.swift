import Foundation

/// The time of this process.
///
/// For tests only: with `TADORU_TEST_CLOCK=<origin>@<anchor>x<speed>` (Unix seconds, as `1714608000@1780000000x60`) it is
/// `origin` when the machine says `anchor`, and goes `speed` times as fast, so that processes that are started one after
/// another with the same setting share one time. Only what is read from the clock is faster: pauses of tasks and heartbeats
/// last as long as ever. A setting that cannot be read is ignored.
struct RunningClock: Sendable {
  private struct Pace {
    let origin: Double
    let anchor: Double
    let speed: Double
  }

  private let pace: Pace?

  init(environment: [String: String]) {
    pace = environment["TADORU_TEST_CLOCK"].flatMap(Self.read)
  }

  /// Unix time in seconds.
  var now: @Sendable () -> Double {
    guard let pace else { return { Date().timeIntervalSince1970 } }
    return { pace.origin + (Date().timeIntervalSince1970 - pace.anchor) * pace.speed }
  }

  /// Lets so many seconds of this clock go by, and at least some of the machine's.
  ///
  /// - Throws: when it is cancelled.
  func sleep(_ seconds: Double) async throws {
    try await Task.sleep(for: .seconds(max(0.01, seconds / (pace?.speed ?? 1))))
  }

  private static func read(_ text: String) -> Pace? {
    let (times, speed) = halves(text, at: "x")
    let (origin, anchor) = halves(times, at: "@")
    guard let origin = Double(origin), let anchor = Double(anchor), let speed = Double(speed),
      speed > 0, origin.isFinite, anchor.isFinite, speed.isFinite
    else { return nil }
    return Pace(origin: origin, anchor: anchor, speed: speed)
  }

  private static func halves(_ text: String, at mark: Character) -> (String, String) {
    guard let place = text.firstIndex(of: mark) else { return (text, "") }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }
}
