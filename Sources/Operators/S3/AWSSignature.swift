import Foundation
import Values

/// Who asks a service that speaks as Amazon's do.
struct AWSCredentials: Sendable, Hashable {
  var accessKeyID: Secret
  var secretAccessKey: Secret
  /// Of credentials that were lent for a while.
  var sessionToken: Secret?
}

/// Signature Version 4: signs a request for one region and one service.
///
/// Source: AWS, "Signature Version 4 signing process", "Create a signed AWS API request".
struct AWSSignature: Sendable {
  let credentials: AWSCredentials
  let region: String
  let service: String

  /// What is signed of a request.
  struct Subject {
    var method: String
    /// Percent-encoded as it goes over the wire.
    var path: String
    /// Names and values, not encoded.
    var query: [(name: String, value: String)] = []
    /// All headers that are signed, with `Host` among them.
    var headers: [HTTPRequest.Header]
    /// SHA-256 of the body in hexadecimal digits, or `UNSIGNED-PAYLOAD`.
    var bodyHash: String
  }

  /// The headers that a request needs in addition to those of its subject: the time, the token, and the signature over all.
  func headers(for subject: Subject, at time: Date) -> [HTTPRequest.Header] {
    let moment = Self.text(of: time)
    var added = [HTTPRequest.Header(name: "X-Amz-Date", value: moment)]
    if let token = credentials.sessionToken {
      added.append(HTTPRequest.Header(name: "X-Amz-Security-Token", value: token.reveal()))
    }
    var signed = subject
    signed.headers += added
    let day = String(moment.prefix(8))
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let request = Self.canonical(signed)
    let text = [
      "AWS4-HMAC-SHA256", moment, scope, SHA256.hexadecimal(of: Array(request.utf8)),
    ].joined(separator: "\n")
    let signature = SHA256.hexadecimalDigits(
      of: SHA256.authenticationCode(of: Array(text.utf8), key: key(day: day))
    )
    let value =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID.reveal())/\(scope), "
      + "SignedHeaders=\(Self.names(signed)), Signature=\(signature)"
    return added + [HTTPRequest.Header(name: "Authorization", value: value)]
  }

  private func key(day: String) -> [UInt8] {
    var key = Array("AWS4\(credentials.secretAccessKey.reveal())".utf8)
    for part in [day, region, service, "aws4_request"] {
      key = SHA256.authenticationCode(of: Array(part.utf8), key: key)
    }
    return key
  }

  private static func canonical(_ subject: Subject) -> String {
    let query = subject.query
      .map { (name: AWSText.encoded($0.name), value: AWSText.encoded($0.value)) }
      .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
      .map { "\($0.name)=\($0.value)" }
      .joined(separator: "&")
    let headers = grouped(subject).map { "\($0.name):\($0.value)\n" }.joined()
    return [subject.method, subject.path, query, headers, names(subject), subject.bodyHash]
      .joined(separator: "\n")
  }

  private static func names(_ subject: Subject) -> String {
    grouped(subject).map(\.name).joined(separator: ";")
  }

  /// Headers by their names in small letters, sorted; the values of one name in order, runs of blanks as one.
  private static func grouped(_ subject: Subject) -> [(name: String, value: String)] {
    var values: [String: [String]] = [:]
    for header in subject.headers {
      let words = header.value.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline })
      values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
    }
    return values.map { ($0.key, $0.value.joined(separator: ",")) }.sorted { $0.0 < $1.0 }
  }

  /// `20150830T123600Z`.
  static func text(of time: Date) -> String {
    var seconds = time_t(time.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let two = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
  }
}

/// Text as requests to Amazon's services have it.
enum AWSText {
  /// Percent-encoded but for letters, digits and `-._~`, and for slashes when asked.
  static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if plain.contains(byte) || keepsSlashes && byte == UInt8(ascii: "/") {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
  )
}
