/// A date and a time of day without a zone, in the proleptic Gregorian calendar.
struct CivilTime: Sendable, Hashable {
  var year: Int
  /// 1 to 12.
  var month: Int
  /// 1 to 31.
  var day: Int
  var hour = 0
  var minute = 0
  var second = 0

  init(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0)
  {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The civil time that UTC shows at `seconds` after 1970-01-01.
  init(seconds: Int64) {
    let days = seconds.flooredQuotient(by: 86400)
    let rest = Int(seconds - days * 86400)
    let (year, month, day) = CivilTime.date(days: Int(days))
    self.init(year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
  }

  /// Seconds after 1970-01-01 when the zone is UTC.
  var seconds: Int64 {
    Int64(CivilTime.days(year, month, day)) * 86400 + Int64(hour * 3600 + minute * 60 + second)
  }

  /// 0 for Sunday to 6 for Saturday.
  var weekday: Int { (CivilTime.days(year, month, day) % 7 + 11) % 7 }

  var daysInMonth: Int { CivilTime.daysInMonth(year, month) }

  /// False for the 30th of February and for 24:00.
  var isValid: Bool {
    (1...12).contains(month) && day >= 1 && day <= daysInMonth && (0..<24).contains(hour)
      && (0..<60).contains(minute) && (0..<60).contains(second)
  }

  var startOfDay: CivilTime { CivilTime(year, month, day) }

  static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days after 1970-01-01.
  ///
  /// Years are counted from March, so that the leap day is the last of a year.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let era = Int(Int64(marchYear).flooredQuotient(by: 400))
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

  private static func date(days: Int) -> (Int, Int, Int) {
    let shifted = days + 719468
    let era = Int(Int64(shifted).flooredQuotient(by: 146097))
    let dayOfEra = shifted - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}

extension CivilTime {
  /// `2024-05-02`.
  var dateText: String { "\(padded(year, 4))-\(padded(month))-\(padded(day))" }
  /// `20240502`.
  var compactDateText: String { "\(padded(year, 4))\(padded(month))\(padded(day))" }
  /// `07:00:00`.
  var clockText: String { "\(padded(hour)):\(padded(minute)):\(padded(second))" }
}

/// A whole number with leading zeros.
func padded(_ number: Int, _ width: Int = 2) -> String {
  let digits = String(number.magnitude)
  let zeros = String(repeating: "0", count: max(0, width - digits.count))
  return (number < 0 ? "-" : "") + zeros + digits
}

extension Int64 {
  /// Division that rounds towards minus infinity; the divisor is positive.
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
