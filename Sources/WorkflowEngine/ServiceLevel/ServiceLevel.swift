public import Values
public import WorkflowLanguage

/// `sla:` of a workflow: by when an attempt should have ended, and what happens when it has not.
///
/// ```yaml
/// sla:
///   time: 02:00          # or duration: 00:30:00, after the attempt began
///   alert: true          # a notify task
///   fail: false          # a failing task: the attempt ends in error, what is under way goes on
///   +notice:
///     mail>: late.txt
/// ```
public struct ServiceLevel: Sendable, Hashable {
  /// When it is over.
  enum Limit: Sendable, Hashable {
    /// At the next occurrence of a clock time, as `02:00:00`.
    case time(String)
    /// So many seconds after the attempt began.
    case duration(Int)
  }

  let limit: Limit
  /// What runs then, below the root: `^sla^alert`, `^sla^fail`, `^sla`.
  public let tasks: [TaskNode]

  private static let keys = ["time", "duration", "alert", "fail"]
  private static let words = "SLA violation"

  /// Reads the map as written; what is wrong with it is handed over and does not keep the workflow from running.
  ///
  /// Gives nil where it says no time.
  public static func read(
    _ raw: ObjectValue,
    of root: TaskNode,
    warn: (String) -> Void
  ) -> ServiceLevel? {
    var warnings: [String] = []
    let limit = limit(raw, &warnings)
    let options = Parameters(raw)
    var tasks: [TaskNode] = []
    if flag("alert", options, true, &warnings) {
      tasks.append(operation("^sla^alert", "notify"))
    }
    if flag("fail", options, false, &warnings) { tasks.append(operation("^sla^fail", "fail")) }
    if let own = ownTasks(raw, root, &warnings) { tasks.append(own) }
    for key in raw.keys where !keys.contains(key) && !key.hasPrefix("+") && !key.hasPrefix("_") {
      let near = Suggestion.nearest(to: key, among: keys, limit: 1).first
      warnings.append(
        "`\(key)` is no option of `sla`" + (near.map { ", did you mean `\($0)`?" } ?? "")
      )
    }
    for warning in warnings { warn(warning) }
    guard let limit else { return nil }
    return ServiceLevel(limit: limit, tasks: tasks)
  }

  /// The moment at which it is over, in Unix seconds, for an attempt that was due at `runTime` and began at `began`.
  ///
  /// Where nothing was due, both are the same.
  public func deadline(
    runTime: Double,
    began: Double,
    zone: ZoneRules
  ) throws(WorkflowError) -> Double {
    switch limit {
    case .duration(let seconds): return began + Double(seconds)
    case .time(let clock):
      let start = Int64(runTime.rounded(.up))
      var day = SessionTime(start, in: zone)
      while true {
        let moment = try SessionTime(parsing: "\(day.date) \(clock)", in: zone, now: start)
        if moment.unixTime >= start { return Double(moment.unixTime) }
        let noon = try SessionTime(parsing: "\(day.date) 12:00:00", in: zone, now: start)
        day = SessionTime(noon.unixTime + 86_400, in: zone)
      }
    }
  }
}

extension ServiceLevel {
  private static func limit(_ raw: ObjectValue, _ warnings: inout [String]) -> Limit? {
    let given = ["time", "duration"].filter { raw[$0].map { !$0.isNull } ?? false }
    guard given.count == 1, let key = given.first else {
      warnings.append(
        "`sla` needs exactly one of `time` and `duration`, found \(given.isEmpty ? "none" : "both"); it is ignored"
      )
      return nil
    }
    let text = raw[key]?.text ?? ""
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      (1...2).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber }
        ? Int(part) : nil
    }
    guard (2...3).contains(parts.count), numbers.count == parts.count,
      numbers.dropFirst().allSatisfy({ $0 < 60 }), key == "duration" || numbers[0] < 24
    else {
      warnings.append("`\(key)` of `sla` must be HH:MM or HH:MM:SS, found `\(text)`; it is ignored")
      return nil
    }
    let full = numbers + (numbers.count == 2 ? [0] : [])
    if key == "duration" { return .duration(full[0] * 3600 + full[1] * 60 + full[2]) }
    return .time(full.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":"))
  }

  private static func flag(
    _ key: String,
    _ options: Parameters,
    _ usual: Bool,
    _ warnings: inout [String]
  ) -> Bool {
    do {
      return try options.bool(key, default: usual)
    } catch {
      warnings.append("\(error.message) of `sla`; it counts as \(usual)")
      return usual
    }
  }

  private static func operation(_ name: String, _ type: String) -> TaskNode {
    TaskNode(
      name: name,
      kind: .operation(type: type),
      config: ["_type": .string(type), "_command": .string(words)]
    )
  }

  private static func ownTasks(
    _ raw: ObjectValue,
    _ root: TaskNode,
    _ warnings: inout [String]
  ) -> TaskNode? {
    let own = ObjectValue(raw.filter { $0.0.hasPrefix("+") }.map { ($0.0, $0.1) })
    guard !own.isEmpty else { return nil }
    do {
      return try TaskCompiler.compile(.object(own), name: "^sla", under: root.name)
    } catch {
      warnings.append("the tasks of `sla` are ignored: \(error.message)")
      return nil
    }
  }
}
