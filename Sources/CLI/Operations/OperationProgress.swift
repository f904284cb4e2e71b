import Foundation

/// What a command that takes long says on stderr, so that nobody takes it for stuck.
final class OperationProgress {
  private static let pause = Duration.seconds(5)

  private var last = ContinuousClock.now

  func note(_ text: String) {
    StandardError.line(text)
    last = ContinuousClock.now
  }

  /// Says something when nothing was said for a while.
  func tick(_ text: @autoclosure () -> String) {
    if ContinuousClock.now - last >= Self.pause { note(text()) }
  }

  /// A number of bytes for people: `3.1 MB`.
  static func size(_ bytes: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (number, unit) = (Double(bytes), 0)
    while number >= 1000, unit < units.count - 1 { (number, unit) = (number / 1000, unit + 1) }
    return unit == 0 ? "\(bytes) B" : String(format: "%.1f ", number) + units[unit]
  }
}
