import Foundation
import Values

/// An object of a bucket.
struct S3Object: Sendable, Hashable, CustomStringConvertible {
  var bucket: String
  var key: String
  /// One of its versions; nil for the newest.
  var version: String?

  /// `s3://bucket/key`.
  var description: String { "s3://\(bucket)/\(key)" }
}

/// What a store tells of an object without its bytes.
struct S3ObjectHead: Sendable {
  let sizeInBytes: Int64
  /// By header, as `Content-Length`, `ETag` (without quotes), `Last-Modified` (milliseconds since 1970).
  let metadata: ObjectValue
  /// What the writer of the object noted, by names without `x-amz-meta-`.
  let userMetadata: ObjectValue

  init(_ response: HTTPResponse) {
    var (metadata, user) = (ObjectValue(), ObjectValue())
    for header in response.headers {
      let name = header.name.lowercased()
      if name.hasPrefix("x-amz-meta-") {
        user[String(name.dropFirst("x-amz-meta-".count))] = .string(header.value)
      } else if !Self.ofTheExchange.contains(name) {
        let shown = name == "etag" ? "ETag" : Self.titled(name)
        metadata[shown] = Self.value(name, header.value)
      }
    }
    sizeInBytes = metadata["Content-Length"]?.int ?? 0
    self.metadata = metadata
    userMetadata = user
  }

  /// Headers that say something about this answer and nothing about the object.
  private static let ofTheExchange: Set<String> = [
    "connection", "date", "server", "transfer-encoding", "x-amz-id-2", "x-amz-request-id",
    "x-amzn-requestid", "keep-alive",
  ]

  private static func titled(_ name: String) -> String {
    name.hasPrefix("x-amz-")
      ? name
      : name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        .joined(separator: "-")
  }

  private static func value(_ name: String, _ text: String) -> Value {
    switch name {
    case "content-length": return Int64(text).map { .int($0) } ?? .string(text)
    case "etag": return .string(text.filter { $0 != "\"" })
    case "last-modified":
      let formatter = DateFormatter()
      formatter.locale = Locale(identifier: "en_US_POSIX")
      formatter.timeZone = TimeZone(secondsFromGMT: 0)
      formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
      guard let date = formatter.date(from: text) else { return .string(text) }
      return .int(Int64(date.timeIntervalSince1970) * 1000)
    default: return .string(text)
    }
  }
}

/// One object of a list.
struct S3Listing: Sendable, Hashable {
  let key: String
  let sizeInBytes: Int64
  let tag: String
}
