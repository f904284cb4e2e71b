/// One line of the log of an attempt: `TIME [LEVEL] (TASK) text`.
public struct LogLine: Sendable, Hashable {
  /// What kind of line it is.
  public enum Level: String, Sendable, Hashable, CaseIterable {
    case debug = "DEBUG"
    case info = "INFO"
    case warning = "WARNING"
    case error = "ERROR"
    /// What a task printed: a whole line, or the end of one.
    case output = "OUT"
    /// The beginning or the middle of a printed line: it was too long, or its end came later.
    case outputPart = "OUT+"

    public var isOutput: Bool { self == .output || self == .outputPart }

    /// What a task prints is as loud as `info`.
    public var loudness: LogLevel {
      switch self {
      case .debug: .debug
      case .info, .output, .outputPart: .info
      case .warning: .warning
      case .error: .error
      }
    }

    init(_ level: LogLevel) {
      switch level {
      case .debug: self = .debug
      case .info: self = .info
      case .warning: self = .warning
      case .error: self = .error
      }
    }
  }

  /// Stands for the task in lines about the attempt as a whole.
  static let attempt = "attempt"

  /// ISO 8601 in UTC.
  public let time: String
  public let level: Level
  /// The full name; nil for a line about the attempt as a whole.
  public let task: String?
  /// The bytes as they came, without a newline.
  public let message: [UInt8]

  /// Reads a line; nil when it is none, as after a disk was full.
  public init?(_ bytes: ArraySlice<UInt8>) {
    guard let blank = bytes.firstIndex(of: UInt8(ascii: " ")),
      bytes[blank...].starts(with: " [".utf8),
      let bracket = bytes[blank...].firstIndex(of: UInt8(ascii: "]")),
      bytes[bracket...].starts(with: "] (".utf8),
      let level = Level(rawValue: String(decoding: bytes[(blank + 2)..<bracket], as: UTF8.self)),
      let end = Self.endOfName(in: bytes[(bracket + 3)...])
    else { return nil }
    time = String(decoding: bytes[..<blank], as: UTF8.self)
    self.level = level
    let name = String(decoding: bytes[(bracket + 3)..<end], as: UTF8.self)
    task = name == Self.attempt ? nil : name
    message = Array(bytes[(end + 2)...])
  }

  /// Where the `) ` stands that ends a name: no name of a task holds a blank.
  private static func endOfName(in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.firstIndex(of: UInt8(ascii: " ")).map { $0 - 1 }.flatMap { end in
      bytes.indices.contains(end) && bytes[end] == UInt8(ascii: ")") ? end : nil
    }
  }

  /// The message as text; what is not UTF-8 is shown as U+FFFD.
  public var text: String { String(decoding: message, as: UTF8.self) }
}

/// Which lines of a log are wanted.
public struct LogFilter: Sendable {
  /// The beginning of full names, or whole parts inside of them: `+wf+train` and `+train` find `+wf+train` and all below it.
  public var task: String?
  public var minimum: LogLevel
  /// Only what tasks printed.
  public var isOutputOnly: Bool

  public init(task: String? = nil, minimum: LogLevel = .debug, isOutputOnly: Bool = false) {
    self.task = task.map { $0.hasPrefix("+") || $0.hasPrefix("^") ? $0 : "+" + $0 }
    self.minimum = minimum
    self.isOutputOnly = isOutputOnly
  }

  public func wants(_ line: LogLine) -> Bool {
    guard line.level.loudness >= minimum, !isOutputOnly || line.level.isOutput else { return false }
    guard let task else { return true }
    guard let name = line.task else { return false }
    return name.ranges(of: task).contains { range in
      range.upperBound == name.endIndex || "+^".contains(name[range.upperBound])
    }
  }
}
