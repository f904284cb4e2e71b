/// Dates and times as Presto writes them: `2023-05-18`, `07:30:00.000`, `2023-05-18 07:30:00.000`.
enum TimeText {
  private static let secondsPerDay: Int64 = 86_400

  static func date(days: Int64) -> String {
    // Civil date from a day number. Source: H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  static func time(microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return clock.joined(separator: ":") + "." + padded(microseconds / 1000 % 1000, 3)
  }

  static func timestamp(_ ticks: Int64, perSecond: Int64) -> String {
    let perDay = secondsPerDay * perSecond
    let days = ticks >= 0 ? ticks / perDay : (ticks + 1) / perDay - 1
    let rest = ticks - days * perDay
    let microseconds =
      perSecond > 1_000_000 ? rest / (perSecond / 1_000_000) : rest * (1_000_000 / perSecond)
    return "\(date(days: days)) \(time(microseconds: microseconds))"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(abs(number))
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}
