/// Moments as text, fast enough for every line of a log.
public enum TimeText {
  /// ISO 8601 in UTC with milliseconds, as `2026-11-24T07:00:00.250Z`, of Unix seconds.
  public static func text(_ seconds: Double) -> String {
    String(decoding: bytes(seconds), as: UTF8.self)
  }

  /// The same as ASCII.
  static func bytes(_ seconds: Double) -> [UInt8] {
    // Years 0 to 9999: what lies outside has no four digits.
    let bounded = min(max(seconds, -62_167_219_200), 253_402_300_799)
    let milliseconds = Int((bounded * 1000).rounded(.down))
    let (day, clock) = milliseconds.quotientAndFloor(dividingBy: 86_400_000)
    let (year, month, date) = civil(day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    append(year, digits: 4, "-", to: &text)
    append(month, digits: 2, "-", to: &text)
    append(date, digits: 2, "T", to: &text)
    append(clock / 3_600_000, digits: 2, ":", to: &text)
    append(clock / 60_000 % 60, digits: 2, ":", to: &text)
    append(clock / 1000 % 60, digits: 2, ".", to: &text)
    append(clock % 1000, digits: 3, "Z", to: &text)
    return text
  }

  private static func append(
    _ number: Int,
    digits: Int,
    _ sign: Unicode.Scalar,
    to text: inout [UInt8]
  ) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
    text.append(UInt8(ascii: sign))
  }

  /// The date of a day counted from 1970-01-01, in the Gregorian calendar.
  ///
  /// Years are counted from March, so that the leap day is the last of its year, in eras of 400 years (146,097 days).
  private static func civil(_ day: Int) -> (year: Int, month: Int, date: Int) {
    let (era, dayOfEra) = (day + 719_468).quotientAndFloor(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
  }
}

extension Int {
  /// The quotient rounded down, and a remainder that is never negative.
  fileprivate func quotientAndFloor(dividingBy divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
