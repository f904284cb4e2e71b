import Foundation
import WorkflowEngine

/// Moments as text in requests and answers.
enum Timestamp {
  static let expected = "a time such as `2026-01-31T09:00:00Z` or `2026-01-31`"

  /// Unix seconds of ISO 8601; a text without a zone is in UTC, a fraction of a second is cut off.
  static func parse(_ text: String, in zone: TimeZone = .gmt) -> Int64? {
    guard text.utf8.count <= 40,
      let match = text.wholeMatch(
        of: /(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(Z| ?[+-]\d\d:?\d\d)?/
      ),
      let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
    else { return nil }
    let (hour, minute, second) = (
      number(match.4) ?? 0, number(match.5) ?? 0, number(match.6) ?? 0
    )
    guard hour < 24, minute < 60, second < 60 else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = match.7 == nil ? zone : .gmt
    let parts = DateComponents(
      year: year,
      month: month,
      day: day,
      hour: hour,
      minute: minute,
      second: second
    )
    guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts) else { return nil }
    guard let east = match.7 == nil ? 0 : offset(match.7 ?? "") else { return nil }
    return Int64(date.timeIntervalSince1970) - east
  }

  private static func number(_ text: Substring?) -> Int? { text.flatMap { Int($0) } }

  /// Seconds east of Greenwich; nil for a zone that cannot be.
  private static func offset(_ text: Substring) -> Int64? {
    let digits = text.compactMap(\.wholeNumberValue)
    guard digits.count == 4 else { return 0 }
    let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hours <= 18, minutes < 60 else { return nil }
    return Int64((hours * 60 + minutes) * 60) * (text.contains("-") ? -1 : 1)
  }

  /// `2026-01-31T09:00:00Z` with milliseconds.
  static func text(_ seconds: Double) -> String { TimeText.text(seconds) }

  /// `2026-01-31T18:00:00+09:00`: a moment as its zone sees it.
  static func text(_ seconds: Int64, in zone: String) -> String {
    // why: a zone that is unknown today was checked when the workflow was read; UTC is still the same moment
    let zone = TimeZone(identifier: zone) ?? .gmt
    let bounded = min(max(Double(seconds), -62_135_596_800), 253_402_300_799)
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: bounded))
    let local = TimeText.text(bounded + Double(offset)).prefix(19)
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    return "\(local)\(sign)\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
