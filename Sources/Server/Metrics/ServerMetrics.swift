import Foundation
import Synchronization

/// What the server counts of itself, as Prometheus reads it.
final class ServerMetrics: Sendable {
  let requests = RequestMetrics()
  private let startedAt: Double

  init(startedAt: Double) { self.startedAt = startedAt }

  /// The exposition format of Prometheus, with the number of attempts by status.
  func text(now: Double, attempts: [(status: String, count: Int64)]) -> String {
    var text = requests.text
    text += Self.head("tadoru_attempts", "gauge", "Attempts by status.")
    for (status, count) in attempts { text += "tadoru_attempts{status=\"\(status)\"} \(count)\n" }
    let running = attempts.first { $0.status == "running" }?.count ?? 0
    text += Self.head("tadoru_attempts_running", "gauge", "Attempts that have not ended.")
    text += "tadoru_attempts_running \(running)\n"
    text += Self.head("tadoru_uptime_seconds", "gauge", "Time since the start.")
    text += "tadoru_uptime_seconds \(max(0, now - startedAt))\n"
    if let bytes = Self.residentBytes {
      text += Self.head("process_resident_memory_bytes", "gauge", "Memory in use.")
      text += "process_resident_memory_bytes \(bytes)\n"
    }
    return text
  }

  static func head(_ name: String, _ type: String, _ help: String) -> String {
    "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  /// nil where the system does not tell.
  private static var residentBytes: Int? {
    // why: a system without /proc has no such number, and nothing else depends on it
    let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}

/// Requests by method, route and status, and how long they took by route.
///
/// Routes are named by their templates, so the number of lines is bounded whatever is asked for.
final class RequestMetrics: Sendable {
  private static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private struct Key: Hashable, Comparable {
    let method: String
    let route: String
    var status = 0

    static func < (left: Key, right: Key) -> Bool {
      (left.route, left.method, left.status) < (right.route, right.method, right.status)
    }
  }

  private struct Histogram {
    var counts = [Int](repeating: 0, count: RequestMetrics.bounds.count)
    var count = 0
    var sum = 0.0
  }

  private struct State {
    var totals: [Key: Int] = [:]
    var durations: [Key: Histogram] = [:]
  }

  private let state = Mutex(State())

  func add(method: String, route: String, status: Int, duration: Duration) {
    let parts = duration.components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    state.withLock { state in
      state.totals[Key(method: method, route: route, status: status), default: 0] += 1
      var histogram = state.durations[Key(method: method, route: route)] ?? Histogram()
      histogram.count += 1
      histogram.sum += seconds
      for (place, bound) in Self.bounds.enumerated() where seconds <= bound {
        histogram.counts[place] += 1
      }
      state.durations[Key(method: method, route: route)] = histogram
    }
  }

  var text: String {
    let state = state.withLock { $0 }
    var text = ServerMetrics.head("tadoru_http_requests_total", "counter", "Requests answered.")
    for (key, count) in state.totals.sorted(by: { $0.key < $1.key }) {
      text += "tadoru_http_requests_total{\(labels(key)),status=\"\(key.status)\"} \(count)\n"
    }
    let name = "tadoru_http_request_duration_seconds"
    text += ServerMetrics.head(name, "histogram", "Time to the head of the answer.")
    for (key, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
      for (bound, count) in zip(Self.bounds, histogram.counts) {
        text += "\(name)_bucket{\(labels(key)),le=\"\(bound)\"} \(count)\n"
      }
      text += "\(name)_bucket{\(labels(key)),le=\"+Inf\"} \(histogram.count)\n"
      text += "\(name)_sum{\(labels(key))} \(histogram.sum)\n"
      text += "\(name)_count{\(labels(key))} \(histogram.count)\n"
    }
    return text
  }

  private func labels(_ key: Key) -> String { "method=\"\(key.method)\",route=\"\(key.route)\"" }
}
