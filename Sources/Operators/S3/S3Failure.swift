import WorkflowEngine

/// An object store refused, or could not be reached; names neither keys nor tokens.
struct S3Failure: Error, Sendable, CustomStringConvertible {
  /// Of the answer; 0 without one.
  let status: Int
  /// As `NoSuchBucket`; empty when the store gave none.
  let code: String
  let message: String
  /// True when the same request may succeed later.
  let isPassing: Bool

  var description: String { message }

  /// The same for the author of a workflow: what a store forbids or does not have is a mistake in it.
  var failure: TaskFailure {
    TaskFailure((400..<500).contains(status) ? .config : .runtime, message)
  }
}

extension S3Failure {
  /// - Parameters:
  ///   - response: an answer that is no success.
  ///   - action: what was tried, as `reading s3://bucket/key`.
  init(_ response: HTTPResponse, _ action: String) {
    let body = S3Answer(response.text)
    status = response.status
    code = body["Code"] ?? ""
    isPassing =
      [408, 429].contains(status) || status >= 500
      || ["RequestTimeout", "SlowDown", "InternalError"].contains(code)
    let reason = [code, body["Message"] ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    var words = "\(action) failed: \(response.shown)" + (reason.isEmpty ? "" : " - \(reason)")
    if let region = response.header("x-amz-bucket-region"), [301, 307, 400].contains(status) {
      words += "; the bucket is in the region `\(region)`: set `region`"
    } else if status == 403 {
      words += "; check the secrets `aws.s3.access_key_id` and `aws.s3.secret_access_key`"
    }
    message = words
  }
}

/// The XML of a store's answer, which is flat enough to be read tag by tag.
struct S3Answer {
  private let text: Substring

  init(_ text: some StringProtocol) { self.text = Substring(text) }

  /// The text of the first element of a name.
  subscript(name: String) -> String? { inner(name).first.map { Self.plain($0) } }

  /// All elements of a name, which may hold others.
  func elements(_ name: String) -> [S3Answer] { inner(name).map { S3Answer($0) } }

  private func inner(_ name: String) -> [Substring] {
    var found: [Substring] = []
    var rest = text
    while let start = rest.firstRange(of: "<\(name)>"),
      let end = rest[start.upperBound...].firstRange(of: "</\(name)>")
    {
      found.append(rest[start.upperBound..<end.lowerBound])
      rest = rest[end.upperBound...]
    }
    return found
  }

  private static func plain(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    var plain = ""
    var rest = text
    while let ampersand = rest.firstIndex(of: "&") {
      plain += rest[..<ampersand]
      let behind = rest[rest.index(after: ampersand)...]
      guard let end = behind.firstIndex(of: ";"), let sign = sign(behind[..<end]) else {
        plain += "&"
        rest = behind
        continue
      }
      plain.append(sign)
      rest = behind[behind.index(after: end)...]
    }
    return plain + rest
  }

  private static func sign(_ name: Substring) -> Character? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.first == "#" else { return nil }
      let isHexadecimal = name.dropFirst().first == "x"
      let digits = name.dropFirst(isHexadecimal ? 2 : 1)
      return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        .map(Character.init)
    }
  }
}
