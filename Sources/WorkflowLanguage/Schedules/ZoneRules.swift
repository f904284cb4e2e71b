import Foundation

/// A time zone as the language names it, with every change of its offset from 1900 to 2100.
///
/// Accepted are the ids of ``TimeZoneName``. Making a region costs up to a few milliseconds; look-up is a binary search.
/// After 2100 the last offset holds.
public struct ZoneRules: Sendable, Hashable {
  /// As written.
  public let id: String
  /// From `starts[i]` on (unix seconds) local time is UTC + `offsets[i]` seconds; the first is `Int64.min`.
  let starts: [Int64]
  let offsets: [Int32]

  /// - Throws: ``WorkflowError`` `timezone`, with the nearest ids.
  public init(_ id: String) throws(WorkflowError) {
    guard TimeZoneName.isKnown(id) else {
      throw WorkflowError(
        .timezone,
        "`\(id)` is no time zone id",
        hint: TimeZoneName.hint(for: id)
      )
    }
    self.id = id
    if let offset = ZoneRules.fixedOffset(id) {
      starts = [.min]
      offsets = [Int32(offset)]
    } else if let zone = TimeZone(identifier: id) {
      (starts, offsets) = ZoneRules.changes(of: zone)
    } else {
      throw WorkflowError(.timezone, "the zone data of this system has no `\(id)`")
    }
  }

  /// Seconds that local time is ahead of UTC at a moment.
  public func offset(at second: Int64) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= second { low = middle } else { high = middle }
    }
    return Int(offsets[low])
  }

  func civil(at second: Int64) -> CivilTime {
    CivilTime(seconds: second + Int64(offset(at: second)))
  }

  /// The moment of a local time, in unix seconds: of a time that exists twice the second, and a time that does not exist
  /// moves later by the length of the gap.
  func moment(_ civil: CivilTime) -> Int64 {
    let local = civil.seconds
    let before = Int64(offset(at: local - 86400))
    let after = Int64(offset(at: local + 86400))
    if Int64(offset(at: local - after)) == after { return local - after }
    return local - before
  }

  /// True when the offset changes within a day of a moment.
  func changes(near second: Int64) -> Bool {
    offset(at: second - 86400) != offset(at: second + 86400)
  }
}

extension ZoneRules {
  private static func changes(of zone: TimeZone) -> ([Int64], [Int32]) {
    var moment = Date(timeIntervalSince1970: -2_208_988_800)  // 1900-01-01
    let end: TimeInterval = 4_102_444_800  // 2100-01-01
    var starts: [Int64] = [.min]
    var offsets = [Int32(zone.secondsFromGMT(for: moment))]
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next > moment,
      next.timeIntervalSince1970 < end
    {
      moment = next
      let offset = Int32(zone.secondsFromGMT(for: next))
      if offset != offsets.last {
        starts.append(Int64(next.timeIntervalSince1970))
        offsets.append(offset)
      }
    }
    return (starts, offsets)
  }

  private static func fixedOffset(_ id: String) -> Int? {
    if ["UTC", "GMT", "UT", "Z"].contains(id) { return 0 }
    for prefix in ["UTC", "GMT", "UT"] where id.hasPrefix(prefix) {
      return offset(id.dropFirst(prefix.count))
    }
    return offset(Substring(id))
  }

  /// `+h`, `+hh`, `+hh:mm`, `+hhmm`, `+hh:mm:ss`, `+hhmmss`, up to 18 hours; also with `-`.
  static func offset(_ text: Substring) -> Int? {
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    var parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
    if parts.count == 1, let digits = parts.first, digits.count == 4 || digits.count == 6 {
      parts = stride(from: 0, to: digits.count, by: 2).map { digits.dropFirst($0).prefix(2) }
    }
    guard (1...3).contains(parts.count), parts.dropFirst().allSatisfy({ $0.count == 2 }),
      let hours = parts.first, (1...2).contains(hours.count), parts.count == 1 || hours.count == 2
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    let seconds = zip(numbers, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    return seconds <= 18 * 3600 ? (sign == "-" ? -seconds : seconds) : nil
  }
}
