public import HTTPTypes
public import Hummingbird
import NIOCore
public import Values

/// What a route answers.
public struct Answer: Sendable {
  public var status: HTTPResponse.Status
  public var headers: HTTPFields = [:]
  public var body: ResponseBody
  /// What was made or changed, for the audit, when the path does not say it.
  public var subject: String?
  /// What the audit is to keep where it is not the status: a form that failed is answered by another page.
  var outcome: Int?

  public init(_ status: HTTPResponse.Status, body: ResponseBody = ResponseBody()) {
    self.status = status
    self.body = body
  }

  /// A JSON document.
  public static func json(_ value: Value, status: HTTPResponse.Status = .ok) -> Answer {
    var answer = Answer(
      status,
      body: ResponseBody(byteBuffer: ByteBuffer(string: JSON.encode(value) + "\n"))
    )
    answer.headers[.contentType] = "application/json; charset=utf-8"
    return answer
  }

  /// Nothing, which is what was asked for.
  public static var nothing: Answer { Answer(.noContent) }

  /// A text of a media type.
  public static func text(_ text: String, type: String) -> Answer {
    var answer = Answer(.ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    answer.headers[.contentType] = type
    return answer
  }

  /// Bytes of a media type.
  static func bytes(_ bytes: [UInt8], type: String) -> Answer {
    var answer = Answer(.ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    answer.headers[.contentType] = type
    return answer
  }

  /// The same answer about something the audit is to name.
  public func about(_ subject: String) -> Answer {
    var copy = self
    copy.subject = subject
    return copy
  }
}
