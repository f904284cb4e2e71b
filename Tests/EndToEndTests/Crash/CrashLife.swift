import Foundation
import TestKit
import Values

/// One session from its first task to its success, with its process killed again and again on the way.
///
/// Each task appends its name to a trace when it begins. What the process acknowledged as finished before it was killed
/// must not begin again; what was stored must be there in the end.
struct CrashLife {
  /// Steps that run side by side; each stores its number under its own name.
  static let width = 24

  static let workflow = """
    _export:
      trace: trace-${session_date_compact}
    +first:
      sh>: echo '${task_name}' >> ${trace}
    +wide:
      _parallel: true
    \(steps)
    +flaky:
      _retry: 3
      sh>: test -f flaky-${trace} || { touch flaky-${trace}; exit 1; }; echo '${task_name}' >> ${trace}
    +chain:
      loop>: 8
      _do:
        sh>: echo '${task_name}' >> ${trace}
    +many:
      for_each>:
        n: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
      _parallel: {limit: 5}
      _do:
        sh>: echo '${task_name}' >> ${trace}
    +sum:
      echo>: "sum ${Object.keys(kept).map(function(k) { return +kept[k] }).reduce(function(a, b) { return a + b })}"

    """

  private static let steps = (0..<width).map { number in
    """
      +step-\(number):
        +begin:
          sh>: echo '${task_name}' >> ${trace}; sleep 0.03
        +keep:
          store>: {kept: {k\(number): \(number)}}
    """
  }.joined(separator: "\n")

  /// What came of a life.
  struct Result: Sendable {
    var kills = 0
    /// Tasks acknowledged as finished that began again after a kill.
    var repeated: [String] = []
    /// Processes left over after a kill.
    var orphans: [String] = []
    var attempts: [String] = []
    var status: String?
    var errors: [String] = []
    /// What the last task printed, in whichever process it ran.
    var sums: Set<String> = []
    /// From the start after a kill to the first line about a task, in seconds: the slowest.
    var slowestRecovery = 0.0
  }

  let project: ProjectFixture
  /// The session's day, another for each life.
  let day: String
  /// How long the process lives at each start, in milliseconds; after the last it may run to its end.
  let pauses: [Int]

  private var trace: String {
    project.folder.path + "/trace-" + day.filter { $0 != "-" }
  }

  func run() async throws -> Result {
    var result = Result()
    var acknowledged: Set<String> = []
    var begunBefore = 0
    for pause in pauses.map(Optional.some) + [nil] {
      let outcome = try await start(killedAfter: pause, &result)
      let names = begun()
      result.repeated += names.dropFirst(begunBefore).filter(acknowledged.contains)
      begunBefore = names.count
      acknowledged.formUnion(finished(outcome.errors))
      guard outcome.status == 128 + SIGKILL else { break }
      result.kills += 1
    }
    result.attempts = try await attempts()
    return result
  }

  private func start(
    killedAfter pause: Int?,
    _ result: inout Result
  ) async throws -> TadoruProcess.Outcome {
    let report = project.folder.path + "/report-\(day).json"
    let process = TadoruProcess(
      [
        "run", "crash", "--session", day, "--parallel", "6", "--log-format", "json", "--report",
        report,
      ],
      in: project.folder.path,
      environment: ["CRASH_LIFE": mark]
    )
    let began = Date()
    try process.start()
    if let pause {
      try await ContinuousClock().sleep(for: .milliseconds(pause))
      process.send(SIGKILL)
    }
    let outcome = await process.finish()
    let isAlone = try await ProcessesOfFolder(mark).wait(atMost: .seconds(20)) { $0.isEmpty }
    if !isAlone { result.orphans += ProcessesOfFolder(mark).commandLines }
    if result.kills > 0, let first = firstTask(outcome.errors) {
      result.slowestRecovery = max(result.slowestRecovery, first.timeIntervalSince(began))
    }
    for line in outcome.output.split(separator: "\n") where line.hasPrefix("sum ") {
      result.sums.insert(String(line))
    }
    if outcome.status != 128 + SIGKILL {
      let text = try AttemptReportText(
        value: JSON.decode(String(contentsOfFile: report, encoding: .utf8))
      )
      result.status = text.status
      result.errors = text.errors.compactMap { $0["message"]?.string }
    }
    return outcome
  }

  /// In the environment of every process of this life.
  private var mark: String { project.folder.path + "#" + day }

  private func begun() -> [String] {
    let bytes = FileManager.default.contents(atPath: trace) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func lines(_ errors: String) -> [ObjectValue] {
    errors.split(separator: "\n").compactMap { line in
      // why: the line that was being written when the process was killed is cut off
      (try? JSON.decode(String(line)))?.object
    }
  }

  /// The tasks that the process said were finished.
  private func finished(_ errors: String) -> [String] {
    lines(errors).filter { $0["message"]?.string?.hasPrefix("success") == true }.compactMap {
      $0["task"]?.string
    }
  }

  private func firstTask(_ errors: String) -> Date? {
    lines(errors).first { $0["task"]?.string != nil }?["time"]?.string.flatMap {
      // why: a time that cannot be read is not measured
      try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
  }

  /// How the attempts of all sessions of the project ended, newest first.
  ///
  /// - Throws: what cannot be read.
  func attempts() async throws -> [String] {
    let outcome = try await TadoruProcess.run(["attempts", "--json"], in: project.folder.path)
    return try JSON.decode(outcome.output).array?.compactMap { $0.object?["status"]?.string } ?? []
  }
}
