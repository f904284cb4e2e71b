import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// A moment in an option: Unix seconds, or a text as `2024-01-31 12:00:00` or `2024-01-31 12:00:00 +0900`.
enum TimeOption {
  static func read(_ key: String, _ options: Parameters) throws -> Int64 {
    let text = try options.requiredText(key).trimmingCharacters(in: .whitespaces)
    if let seconds = Int64(text) { return seconds }
    guard let seconds = seconds(of: text) else {
      throw TaskFailure(
        .config,
        "`\(key)` must be Unix seconds or `yyyy-MM-dd HH:mm:ss[ Z]`, found `\(text)`"
      )
    }
    return seconds
  }

  private static func seconds(of text: String) -> Int64? {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.isLenient = false
    let forms = [
      "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss Z", "yyyy-MM-dd'T'HH:mm:ss",
      "yyyy-MM-dd'T'HH:mm:ssXXXXX", "yyyy-MM-dd",
    ]
    for form in forms {
      formatter.dateFormat = form
      if let date = formatter.date(from: text) { return Int64(date.timeIntervalSince1970) }
    }
    return nil
  }
}
