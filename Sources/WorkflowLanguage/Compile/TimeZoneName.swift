import Values

/// The ids of time zones as Java's `ZoneId.of` accepts them.
///
/// Regions (`Asia/Tokyo`, `PST8PDT`), `Z`, offsets (`+9`, `+09`, `+0930`, `+09:30`, with seconds too, up to 18 hours),
/// and `UTC`, `GMT`, `UT` alone or with an offset. Case matters; `PST`, `JST` and `EST` are none.
public enum TimeZoneName {
  public static func isKnown(_ name: String) -> Bool {
    if TimeZoneRegions.contains(name) || name == "Z" { return true }
    for prefix in ["UTC", "GMT", "UT"] where name.hasPrefix(prefix) {
      let offset = String(name.dropFirst(prefix.count))
      return offset.isEmpty || isOffset(offset)
    }
    return isOffset(name)
  }

  /// What a name that is not known may have meant, as a hint for people; nil where nothing is near.
  public static func hint(for name: String) -> String? {
    if name.contains("${") { return "`timezone` is no template" }
    if let region = abbreviations[name.uppercased()] {
      return "`\(name)` is ambiguous; write a region such as `\(region)`"
    }
    let near = Suggestion.nearest(to: name, among: TimeZoneRegions.all.sorted())
    guard !near.isEmpty else {
      return "write a region such as `Asia/Tokyo`, or `UTC`, or an offset such as `+09:00`"
    }
    return "did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))"
  }

  private static let abbreviations = [
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "MST": "America/Denver",
    "MDT": "America/Denver", "CST": "America/Chicago", "CDT": "America/Chicago",
    "EST": "America/New_York", "EDT": "America/New_York", "HST": "Pacific/Honolulu",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "IST": "Asia/Kolkata", "SGT": "Asia/Singapore",
    "BST": "Europe/London", "CEST": "Europe/Berlin", "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
  ]

  /// `±h`, `±hh`, `±hh:mm`, `±hhmm`, `±hh:mm:ss` or `±hhmmss`, at most 18 hours.
  private static func isOffset(_ text: String) -> Bool {
    guard let sign = text.first, sign == "+" || sign == "-" else { return false }
    let digits = text.dropFirst()
    let parts: [Substring]
    if digits.contains(":") {
      parts = digits.split(separator: ":", omittingEmptySubsequences: false)
      guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 }) else { return false }
    } else {
      guard [1, 2, 4, 6].contains(digits.count) else { return false }
      let all = Array(digits)
      parts = stride(from: 0, to: all.count, by: 2).map {
        Substring(String(all[$0..<min($0 + 2, all.count)]))
      }
    }
    let numbers = parts.compactMap { part in
      part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
    }
    guard numbers.count == parts.count else { return false }
    let minutes = numbers.count > 1 ? numbers[1] : 0
    let seconds = numbers.count > 2 ? numbers[2] : 0
    return minutes < 60 && seconds < 60 && numbers[0] * 3600 + minutes * 60 + seconds <= 18 * 3600
  }
}
