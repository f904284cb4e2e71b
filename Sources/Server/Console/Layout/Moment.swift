import Foundation
import WorkflowEngine

/// Times and durations as people read them.
enum Moment {
  /// The time in a zone, with how long ago or ahead it is.
  static func html(_ seconds: Double, zone: String = "UTC", now: Double) -> HTML {
    tag("time", Attribute("datetime", TimeText.text(seconds))) {
      tag("span", .class("abs")) { text(seconds, zone: zone) }
      " "
      tag("span", .class("rel")) { relative(seconds, now: now) }
    }
  }

  static func html(_ seconds: Int64, zone: String = "UTC", now: Double) -> HTML {
    html(Double(seconds), zone: zone, now: now)
  }

  /// `2026-11-28 16:00:05 +09:00`, or `UTC` behind it.
  static func text(_ seconds: Double, zone: String) -> String {
    let date = Date(timeIntervalSince1970: seconds)
    let offset = TimeZone(identifier: zone)?.secondsFromGMT(for: date) ?? 0
    let local = TimeText.text(seconds + Double(offset))
    return local.prefix(10) + " " + local.dropFirst(11).prefix(8) + " " + name(offset)
  }

  private static func name(_ offset: Int) -> String {
    guard offset != 0 else { return "UTC" }
    let minutes = abs(offset) / 60
    return (offset < 0 ? "−" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
  }

  static func relative(_ seconds: Double, now: Double) -> String {
    let distance = now - seconds
    if abs(distance) < 2 { return "now" }
    let words = rough(abs(distance))
    return distance > 0 ? words + " ago" : "in " + words
  }

  private static func rough(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e12))
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min"
    case ..<86_400: "\(whole / 3600) h"
    case ..<(86_400 * 60): "\(whole / 86_400) d"
    case ..<(86_400 * 730): "\(whole / (86_400 * 30)) months"
    default: "\(whole / (86_400 * 365)) years"
    }
  }

  /// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`, `4 d 3 h`.
  static func duration(_ seconds: Double) -> String {
    let bounded = min(max(seconds, 0), 1e12)
    guard bounded >= 10 else { return tenths(bounded) + " s" }
    let whole = Int(bounded)
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(two(whole % 60)) s"
    case ..<86_400: "\(whole / 3600) h \(two(whole / 60 % 60)) min"
    default: "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
  }

  private static func tenths(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
}

/// Sizes as people read them.
enum ByteCount {
  static func text(_ bytes: Int64) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    guard bytes >= 1000 else { return "\(bytes) B" }
    var number = Double(bytes) / 1000
    var unit = 0
    while number >= 1000, unit < units.count - 1 {
      number /= 1000
      unit += 1
    }
    let tenths = Int((number * 10).rounded())
    return number >= 100
      ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
