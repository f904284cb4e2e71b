public import Values

extension Schedule {
  private static let kinds = [
    "hourly>", "daily>", "weekly>", "monthly>", "minutes_interval>", "seconds_interval>", "cron>",
  ]
  private static let extras = ["start", "end", "skip_on_overtime", "skip_delayed_by"]

  /// Reads a `schedule:` map: exactly one kind, and the extras `start`, `end`, `skip_on_overtime`, `skip_delayed_by`.
  ///
  /// - Parameters:
  ///   - config: the map as written.
  ///   - timezone: the zone of the workflow.
  /// - Throws: ``WorkflowError`` `schedule` or `timezone`.
  public init(_ config: ObjectValue, timezone: String) throws(WorkflowError) {
    let zone = try ZoneRules(timezone)
    guard let kind = config.keys.first(where: { $0.hasSuffix(">") }) else {
      throw WorkflowError(
        .schedule,
        "`schedule` has no kind",
        hint: "give one of `\(Schedule.kinds.joined(separator: "`, `"))`"
      )
    }
    guard Schedule.kinds.contains(kind) else {
      let near = Suggestion.nearest(to: kind, among: Schedule.kinds, limit: 1).first
      throw WorkflowError(
        .schedule,
        "Unknown scheduler type: \(kind.dropLast())",
        hint: near.map { "did you mean `\($0)`?" }
      )
    }
    if let extra = config.keys.first(where: { $0 != kind && !Schedule.extras.contains($0) }) {
      let near = Suggestion.nearest(to: extra, among: Schedule.extras, limit: 1).first
      throw WorkflowError(
        .schedule,
        "Parameter '\(extra)' is not used at schedule.",
        hint: near.map { "did you mean `\($0)`?" }
      )
    }
    let text = config[kind]?.text ?? ""
    let (rhythm, delay) = try Schedule.rhythm(kind: kind, text: text)
    let options = Parameters(config)
    let start = try Schedule.day(options.text("start"), named: "start", zone, daysLater: 0)
    let end = try Schedule.day(options.text("end"), named: "end", zone, daysLater: 1)
    self.init(
      zone: zone,
      rhythm: rhythm,
      delay: delay,
      bounds: (start, end),
      skips: (try options.bool("skip_on_overtime"), try options.duration("skip_delayed_by"))
    )
  }

  private static func rhythm(
    kind: String,
    text: String
  ) throws(WorkflowError) -> (Rhythm, Int64) {
    switch kind {
    case "hourly>":
      return (.pattern(try CronPattern("0 * * * *")), try delay(kind, "MM:SS", text, parts: 2))
    case "daily>":
      return (.pattern(try CronPattern("0 0 * * *")), try delay(kind, "HH:MM:SS", text, parts: 3))
    case "weekly>":
      let (day, time) = try split(kind, "DAY,HH:MM:SS", text)
      return (.pattern(try CronPattern("0 0 * * \(day)")), try delay(kind, "DAY,HH:MM:SS", time))
    case "monthly>":
      let (day, time) = try split(kind, "D,HH:MM:SS", text)
      guard Int(day) != nil else { throw badTime(kind, "D,HH:MM:SS", text) }
      return (.pattern(try CronPattern("0 0 \(day) * *")), try delay(kind, "D,HH:MM:SS", time))
    case "minutes_interval>":
      let minutes = try interval(kind, text)
      return (.pattern(try CronPattern("*/\(minutes) * * * *")), 0)
    case "seconds_interval>":
      return (.seconds(try interval(kind, text)), 0)
    default:
      return (.pattern(try CronPattern(text)), 0)
    }
  }

  private static func split(
    _ kind: String,
    _ format: String,
    _ text: String
  ) throws(WorkflowError) -> (String, String) {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw badTime(kind, format, text) }
    let day = parts[0].filter { !$0.isWhitespace }
    guard !day.isEmpty, day.allSatisfy({ $0.isLetter || $0.isNumber }) else {
      throw badTime(kind, format, text)
    }
    return (day, parts[1].filter { !$0.isWhitespace })
  }

  private static func delay(
    _ kind: String,
    _ format: String,
    _ text: String,
    parts count: Int = 3
  ) throws(WorkflowError) -> Int64 {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count <= 4 && $0.first != "-" ? Int64($0) : nil }
    guard numbers.count == count, parts.count == count,
      numbers.dropFirst(count == 2 ? 0 : 1).allSatisfy({ $0 < 60 })
    else { throw badTime(kind, format, text) }
    return numbers.reduce(0) { $0 * 60 + $1 }
  }

  private static func interval(_ kind: String, _ text: String) throws(WorkflowError) -> Int64 {
    guard let number = Int64(text), number > 0, number <= 366 * 86400 else {
      throw WorkflowError(.schedule, "`\(kind)` needs a whole number above 0, found `\(text)`")
    }
    return number
  }

  private static func badTime(_ kind: String, _ format: String, _ text: String) -> WorkflowError {
    WorkflowError(.schedule, "\(kind): scheduler requires \(format) format: \(text)")
  }

  private static func day(
    _ text: String?,
    named name: String,
    _ zone: ZoneRules,
    daysLater: Int
  ) throws(WorkflowError) -> Int64? {
    guard let text else { return nil }
    let numbers = text.split(separator: "-").compactMap { Int($0) }
    guard text.count == 10, numbers.count == 3,
      case let date = CivilTime(numbers[0], numbers[1], numbers[2]), date.isValid,
      date.dateText == text
    else { throw WorkflowError(.schedule, "`\(name)` must be YYYY-MM-DD, found `\(text)`") }
    return zone.moment(CivilTime(seconds: date.seconds + Int64(daysLater) * 86400))
  }
}
