/// A path of this server: links and forms lead nowhere else.
struct ConsoleAddress: Sendable, Hashable {
  private let path: String
  private var parameters: [(name: String, value: String)] = []
  private var anchor: String?

  /// - Parameter segments: as text; `/` in them is escaped.
  init(_ segments: String...) { self.init(segments) }

  init(_ segments: [String]) {
    path = "/" + segments.map(Self.escaped).joined(separator: "/")
  }

  /// A path below this one whose parts are separated by `/`.
  func below(_ file: String) -> ConsoleAddress {
    ConsoleAddress(
      raw: path + "/"
        + file.split(separator: "/").map { Self.escaped(String($0)) }
        .joined(separator: "/")
    )
  }

  private init(raw: String) { path = raw }

  /// With a parameter; nil leaves it out.
  func query(_ name: String, _ value: String?) -> ConsoleAddress {
    guard let value, !value.isEmpty else { return self }
    var copy = self
    copy.parameters.append((name, value))
    return copy
  }

  func at(_ anchor: String) -> ConsoleAddress {
    var copy = self
    copy.anchor = anchor
    return copy
  }

  var text: String {
    let query = parameters.map { Self.escaped($0.name) + "=" + Self.escaped($0.value) }
    return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
      + (anchor.map { "#" + Self.escaped($0) } ?? "")
  }

  static func == (left: ConsoleAddress, right: ConsoleAddress) -> Bool { left.text == right.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}

extension ConsoleAddress {
  static let home = ConsoleAddress("")
  static func project(_ id: Int64) -> ConsoleAddress { ConsoleAddress("projects", "\(id)") }
  static func revision(_ project: Int64, _ id: Int64) -> ConsoleAddress {
    ConsoleAddress("projects", "\(project)", "revisions", "\(id)")
  }
  static func workflow(_ project: Int64, _ name: String) -> ConsoleAddress {
    ConsoleAddress("projects", "\(project)", "workflows", name)
  }
  static func secrets(_ project: Int64) -> ConsoleAddress {
    ConsoleAddress("projects", "\(project)", "secrets")
  }
  static func attempt(_ id: Int64) -> ConsoleAddress { ConsoleAddress("attempts", "\(id)") }
  static let sessions = ConsoleAddress("sessions")
  static let attempts = ConsoleAddress("attempts")
  static let schedules = ConsoleAddress("schedules")
  static let account = ConsoleAddress("account")
  static let users = ConsoleAddress("users")
  static let audit = ConsoleAddress("audit")
}
