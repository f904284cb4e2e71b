/// A moment in the zone of a workflow, in the forms that workflows read.
public struct SessionTime: Sendable, Hashable {
  public let unixTime: Int64
  public let zone: ZoneRules

  public init(_ unixTime: Int64, in zone: ZoneRules) {
    self.unixTime = unixTime
    self.zone = zone
  }

  private var civil: CivilTime { zone.civil(at: unixTime) }

  /// `2024-05-02T07:00:00+09:00`; UTC is `+00:00`.
  public var text: String { "\(civil.dateText)T\(civil.clockText)\(offsetText(":"))" }
  /// `2024-05-02`.
  public var date: String { civil.dateText }
  /// `20240502`.
  public var compactDate: String { civil.compactDateText }
  /// `2024-05-02 07:00:00`.
  public var localTime: String { "\(civil.dateText) \(civil.clockText)" }
  /// `+0900`.
  public var zoneOffset: String { offsetText("") }

  private func offsetText(_ separator: String) -> String {
    let minutes = zone.offset(at: unixTime) / 60
    let magnitude = Int(minutes.magnitude)
    return (minutes < 0 ? "-" : "+") + padded(magnitude / 60) + separator + padded(magnitude % 60)
  }
}

extension SessionTime {
  /// Reads what `--session` accepts: `hourly`, `daily`, `now`, `yyyy-MM-dd`, `yyyy-MM-dd HH:mm:ss`, and ISO 8601 with an offset.
  ///
  /// Without an offset the text is local time of the zone; seconds may be left out, and parts of a second are dropped.
  /// - Parameters:
  ///   - text: as given.
  ///   - zone: the zone of the workflow.
  ///   - now: the present, in unix seconds.
  /// - Throws: ``WorkflowError`` `parameter`.
  public init(parsing text: String, in zone: ZoneRules, now: Int64) throws(WorkflowError) {
    switch text {
    case "now": self.init(now, in: zone)
    case "daily": self.init(zone.moment(zone.civil(at: now).startOfDay), in: zone)
    case "hourly":
      let local = now + Int64(zone.offset(at: now))
      self.init(local.flooredQuotient(by: 3600) * 3600 - local + now, in: zone)
    default:
      guard let moment = SessionTime.moment(of: text, in: zone) else {
        throw WorkflowError(
          .parameter,
          "`\(text)` is no session time",
          hint: "use `hourly`, `daily`, `now`, `2024-05-02`, `\"2024-05-02 07:00:00\"` "
            + "or `2024-05-02T07:00:00+09:00`"
        )
      }
      self.init(moment, in: zone)
    }
  }

  /// The unix seconds of a date, of a date and a clock time, or of these with an offset; nil for any other text.
  static func moment(of text: String, in zone: ZoneRules) -> Int64? {
    let trimmed = text.trimmedBlanks
    let date = trimmed.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    let numbers = date.compactMap { number($0) }
    guard date.map(\.count) == [4, 2, 2], numbers.count == 3 else { return nil }
    var civil = CivilTime(numbers[0], numbers[1], numbers[2])
    var rest = trimmed.dropFirst(10)
    if let separator = rest.first {
      guard separator == "T" || separator == " " else { return nil }
      rest.removeFirst()
      let clock = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ":") }
      rest = rest.dropFirst(clock.count)
      let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
      let values = parts.compactMap { number($0) }
      guard (2...3).contains(parts.count), values.count == parts.count else { return nil }
      (civil.hour, civil.minute) = (values[0], values[1])
      civil.second = values.count == 3 ? values[2] : 0
      if rest.first == "." { rest = rest.dropFirst().drop { $0.isNumber } }
    }
    guard civil.isValid else { return nil }
    let offset = rest.drop { $0 == " " }
    if offset.isEmpty { return zone.moment(civil) }
    if offset == "Z" || offset == "UTC" { return civil.seconds }
    return ZoneRules.offset(offset).map { civil.seconds - Int64($0) }
  }

  private static func number(_ digits: Substring) -> Int? {
    digits.count >= 2 && digits.allSatisfy({ $0.isASCII && $0.isNumber }) ? Int(digits) : nil
  }
}
