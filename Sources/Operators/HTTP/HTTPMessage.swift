import Foundation
import Values

/// A request, ready to be sent.
struct HTTPRequest: Sendable {
  var method = "GET"
  var address: HTTPAddress
  /// `Name: value` in order.
  var headers: [Header] = []
  var body: [UInt8]?
  var user: Secret?
  var password: Secret?
  var timeout = 30.0
  var followsRedirects = true
  /// True when any certificate will do.
  var isInsecure = false
  /// As `http://proxy:8080`.
  var proxy: String?
  /// What becomes of the body of the answer.
  var keeping = Keeping.start(of: HTTPResponse.longestBody)
  /// Seconds without a byte after which the transfer is given up; nil when only ``timeout`` counts.
  var stallTimeout: Double?
  /// True when a compressed answer is unpacked, and `/../` in the path resolved; storage wants both left as they are.
  var isForPeople = true

  /// What becomes of the body of an answer.
  enum Keeping: Sendable {
    /// As many bytes of it stay in memory.
    case start(of: Int)
    /// The body of a success is written to an open file; of other answers the start stays in memory.
    case file(Int32)
  }

  struct Header: Sendable, Hashable {
    let name: String
    let value: String
  }

  func has(_ header: String) -> Bool {
    headers.contains { $0.name.lowercased() == header.lowercased() }
  }

  /// `GET https://host/path`, secrets left out.
  var shown: String { "\(method) \(address.shown)" }
}

/// What came back.
struct HTTPResponse: Sendable {
  /// The longest body that is kept unless a request says otherwise, in bytes.
  static let longestBody = 64 << 10

  var status = 0
  /// `Not Found`; empty where the server says none, as in HTTP/2.
  var reason = ""
  var contentType: String?
  /// Seconds that a busy server asks for.
  var retryAfter: Double?
  /// All headers, in order.
  var headers: [HTTPRequest.Header] = []
  /// What was kept of it.
  var body: [UInt8] = []
  /// How long the body was.
  var bodyLength = 0

  var isWhole: Bool { bodyLength == body.count }

  /// The value of a header; names differ in nothing but case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// `404 Not Found`.
  var shown: String { reason.isEmpty ? "\(status)" : "\(status) \(reason)" }

  /// `application/json` of `application/json; charset=utf-8`, in small letters.
  var mediaType: String? {
    contentType.map {
      $0.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }
  }

  /// The body in the character set that the server names, else UTF-8.
  var text: String {
    let parts = contentType?.lowercased().split(separator: ";") ?? []
    let charset = parts.map { $0.filter { !$0.isWhitespace && $0 != "\"" } }
      .first { $0.hasPrefix("charset=") }?.dropFirst(8)
    let encoding: String.Encoding? =
      switch charset {
      case "iso-8859-1", "latin1": .isoLatin1
      case "windows-1252": .windowsCP1252
      case "shift_jis", "sjis", "windows-31j": .shiftJIS
      case "euc-jp": .japaneseEUC
      case "utf-16": .utf16
      default: nil
      }
    return encoding.flatMap { String(bytes: body, encoding: $0) }
      ?? String(decoding: body, as: UTF8.self)
  }
}
