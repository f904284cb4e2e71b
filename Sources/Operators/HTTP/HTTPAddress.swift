import Values
import WorkflowEngine

/// Where a request goes, and how that may be shown.
struct HTTPAddress: Sendable, Hashable {
  /// Fit for the wire: other characters than a URI has are percent-encoded.
  private(set) var text: String
  /// True when a part of it is a secret.
  private(set) var isSecret: Bool

  /// - Throws: ``TaskFailure`` `config` when it does not begin with `http://` or `https://` and a host.
  init(_ written: String, isSecret: Bool) throws(TaskFailure) {
    let trimmed = written.drop(while: \.isWhitespace)
    let last = trimmed.lastIndex { !$0.isWhitespace }
    text = Self.encoded(String(last.map { trimmed[...$0] } ?? ""), keeping: Self.legal)
    self.isSecret = isSecret
    let scheme = text.prefix { $0 != ":" }
    let rest = text.dropFirst(scheme.count)
    let host = rest.dropFirst(3).prefix { !"/?#".contains($0) }
    guard ["http", "https"].contains(scheme.lowercased()), rest.hasPrefix("://"), !host.isEmpty
    else {
      throw TaskFailure(
        .config,
        "expected an address as `https://host/path`, found \(isSecret ? "another text" : "`\(written)`")"
      )
    }
  }

  /// As it is shown in logs and messages: `https://***` for a secret, else without user and password.
  var shown: String {
    let scheme = text.prefix { $0 != ":" } + "://"
    if isSecret { return scheme + "***" }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return text }
    return scheme + "***" + rest[at...]
  }

  /// Adds parameters behind those that are there.
  mutating func append(query: String, isSecret: Bool) {
    guard !query.isEmpty else { return }
    let fragment = text.firstIndex(of: "#").map { text[$0...] } ?? ""
    let base = text.dropLast(fragment.count)
    let joint = !base.contains("?") ? "?" : base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&"
    text = base + joint + query + fragment
    self.isSecret = self.isSecret || isSecret
  }

  /// `a=b&c=d` as written; what a URI may not hold is percent-encoded.
  static func query(_ written: String) -> String {
    encoded(written, keeping: legal.subtracting("#".utf8))
  }

  /// `a=b&c=d` of a map; a list gives its key once for each element, null an empty value.
  static func query(_ pairs: ObjectValue, blank: String = "%20") -> String {
    let part = { (text: String) in
      encoded(text, keeping: unreserved).split(separator: "%20", omittingEmptySubsequences: false)
        .joined(separator: blank)
    }
    return pairs.flatMap { key, value in
      (value.array ?? [value]).map { part(key) + "=" + part($0.isNull ? "" : $0.text) }
    }.joined(separator: "&")
  }

  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
  )
  private static let legal = unreserved.union(":/?#[]@!$&'()*+,;=%".utf8)

  private static func encoded(_ text: String, keeping kept: Set<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if kept.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
