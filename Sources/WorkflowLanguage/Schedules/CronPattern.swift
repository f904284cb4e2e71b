/// A time pattern in the dialect of cron4j: `minute hour day-of-month month day-of-week`.
///
/// A field is `*`, or a list of values, ranges (which may wrap: `22-2`) and steps (`*/5`, `10-30/5`); months and weekdays
/// have names, `L` is the last day of the month, and `|` joins alternatives; a separator too many says nothing. Unlike Vixie cron both day fields must match.
struct CronPattern: Sendable, Hashable {
  private struct Alternative: Sendable, Hashable {
    /// The matching minutes of a matching day, in order.
    var minutes: [Int]
    var days: UInt64
    var months: UInt64
    var weekdays: UInt64

    func matches(day: CivilTime) -> Bool {
      guard months >> UInt64(day.month) & 1 == 1, weekdays >> UInt64(day.weekday) & 1 == 1 else {
        return false
      }
      let isLast = day.day == day.daysInMonth && days >> CronPattern.lastDay & 1 == 1
      return isLast || days >> UInt64(day.day) & 1 == 1
    }
  }

  /// Stands for `L` among the days of a month.
  private static let lastDay: UInt64 = 32
  /// How far a match is searched: the 29th of February on a given weekday can be 40 years away.
  private static let searchedDays: Int64 = 41 * 366

  private let alternatives: [Alternative]

  /// - Throws: ``WorkflowError`` `schedule`, naming the field.
  init(_ text: String) throws(WorkflowError) {
    guard text.utf8.count <= 10_000 else {
      throw WorkflowError(
        .schedule,
        "a cron pattern of \(text.utf8.count) characters is too long, expected 10,000 at most"
      )
    }
    var alternatives: [Alternative] = []
    let parts = text.split(separator: "|")
    for part in parts.isEmpty ? [text[...]] : parts {
      let fields = part.split(whereSeparator: \.isWhitespace).map(String.init)
      guard fields.count == 5 else {
        throw WorkflowError(
          .schedule,
          "`\(text)` is no cron pattern: expected five fields, found \(fields.count)",
          hint: "write `minute hour day-of-month month day-of-week`, as in `'30 7 * * 1-5'`"
        )
      }
      let minutes = try CronField.minute.bits(fields[0])
      let hours = try CronField.hour.bits(fields[1])
      alternatives.append(
        Alternative(
          minutes: (0..<1440).filter {
            hours >> UInt64($0 / 60) & 1 == 1 && minutes >> UInt64($0 % 60) & 1 == 1
          },
          days: try CronField.day.bits(fields[2]),
          months: try CronField.month.bits(fields[3]),
          weekdays: try CronField.weekday.bits(fields[4])
        )
      )
    }
    self.alternatives = alternatives
  }

  /// The first match at or after a local time, both in seconds as if the zone were UTC; nil when there is none.
  func next(atOrAfter local: Int64) -> Int64? {
    let first = local.flooredQuotient(by: 60) + (local % 60 == 0 ? 0 : 1)
    let firstDay = first.flooredQuotient(by: 1440)
    for day in firstDay...(firstDay + CronPattern.searchedDays) {
      let from = day == firstDay ? Int(first - day * 1440) : 0
      let candidates = active(on: day).compactMap { $0.minutes.first { $0 >= from } }
      if let minute = candidates.min() {
        return (day * 1440 + Int64(minute)) * 60
      }
    }
    return nil
  }

  /// The last match at or before a local time.
  func last(atOrBefore local: Int64) -> Int64? {
    let last = local.flooredQuotient(by: 60)
    let lastDay = last.flooredQuotient(by: 1440)
    for back in 0...CronPattern.searchedDays {
      let day = lastDay - back
      let until = back == 0 ? Int(last - day * 1440) : 1439
      let candidates = active(on: day).compactMap { $0.minutes.last { $0 <= until } }
      if let minute = candidates.max() {
        return (day * 1440 + Int64(minute)) * 60
      }
    }
    return nil
  }

  private func active(on day: Int64) -> [Alternative] {
    let date = CivilTime(seconds: day * 86400)
    return alternatives.filter { $0.matches(day: date) }
  }
}

/// One field of a pattern: its range and its names.
private struct CronField {
  let name: String
  let range: ClosedRange<Int>
  var names: [String] = []
  /// The value of the first name.
  var firstName = 0

  static let minute = CronField(name: "minute", range: 0...59)
  static let hour = CronField(name: "hour", range: 0...23)
  static let day = CronField(name: "day of month", range: 1...31)
  static let month = CronField(
    name: "month",
    range: 1...12,
    names: [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
    firstName: 1
  )
  static let weekday = CronField(
    name: "day of week",
    range: 0...7,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
  )

  func bits(_ text: String) throws(WorkflowError) -> UInt64 {
    var bits: UInt64 = 0
    let elements = text.split(separator: ",")
    for element in elements.isEmpty ? [text[...]] : elements {
      for value in try values(element, of: text) {
        bits |= 1 << UInt64(range == 0...7 ? value % 7 : value)
      }
    }
    return bits
  }

  private func values(_ element: Substring, of text: String) throws(WorkflowError) -> [Int] {
    let parts = element.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let span = parts.first else { throw refusal(element, text) }
    let all = try values(span: span, of: text)
    guard parts.count == 2 else { return all }
    guard let step = Int(parts[1]), step > 0 else { throw refusal(element, text) }
    return stride(from: 0, to: all.count, by: step).map { all[$0] }
  }

  private func values(span: Substring, of text: String) throws(WorkflowError) -> [Int] {
    if span == "*" { return Array(range == 0...7 ? 0...6 : range) }
    let ends = span.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2, let first = ends.first, let last = ends.last else {
      throw refusal(span, text)
    }
    let low = try value(first, of: text)
    let high = try value(last, of: text)
    if low <= high { return Array(low...high) }
    // `L-5` begins behind the last number, as `L` stands for the day after it.
    return Array(low..<max(low, range.upperBound + 1)) + Array(range.lowerBound...high)
  }

  private func value(_ word: Substring, of text: String) throws(WorkflowError) -> Int {
    if name == "day of month", word.lowercased() == "l" { return 32 }
    if let index = names.firstIndex(of: word.lowercased()) { return index + firstName }
    guard let number = Int(word), range.contains(number) else { throw refusal(word, text) }
    return number
  }

  private func refusal(_ word: Substring, _ text: String) -> WorkflowError {
    WorkflowError(
      .schedule,
      "`\(word)` in `\(text)` is no \(name): expected \(range.lowerBound) to \(range.upperBound)"
        + (names.isEmpty ? "" : " or a name as `\(names[0])`")
    )
  }
}
