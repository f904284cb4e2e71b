import Foundation
public import Values
import WorkflowEngine

/// One request of a command to a server: the same client that tasks use.
public struct WebCall: Sendable {
  /// What is sent along.
  public enum Body: Sendable {
    case none
    case json(Value)
    /// The bytes of a file.
    case file(String, type: String)
  }

  /// What came back.
  public struct Answer: Sendable {
    public let status: Int
    /// The body; empty when it was written to a file.
    public let body: [UInt8]

    public var isSuccess: Bool { (200..<300).contains(status) }
  }

  /// No answer came.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  private static let longestBody = 256 << 20

  public var method = "GET"
  public var address: String
  public var query: [(name: String, value: String)] = []
  public var headers: [(name: String, value: String)] = []
  /// Sent as `Authorization: Bearer …`.
  public var token: Secret?
  /// Sent as `Authorization: Basic …`.
  public var password: (name: String, password: Secret)?
  public var body = Body.none
  /// Seconds for the whole exchange.
  public var timeout = 60.0
  /// Where the body of a success goes, instead of into the answer.
  public var file: String?

  public init(_ address: String) { self.address = address }

  /// - Throws: ``Failure`` when there is no answer or a file cannot be read or written.
  public func send() async throws -> Answer {
    var request = try request()
    var output: FileHandle?
    if let file {
      guard FileManager.default.createFile(atPath: file, contents: nil),
        let handle = FileHandle(forWritingAtPath: file)
      else { throw Failure(description: "`\(file)` cannot be written") }
      output = handle
      request.keeping = .file(handle.fileDescriptor)
    } else {
      request.keeping = .start(of: Self.longestBody)
    }
    defer { withExtendedLifetime(output) {} }
    do {
      let response = try await HTTPClient.send(request, within: .open)
      return Answer(status: response.status, body: response.body)
    } catch let failure as HTTPFailure {
      throw Failure(description: failure.reason)
    }
  }

  private func request() throws -> HTTPRequest {
    var address = try HTTPAddress(address, isSecret: false)
    var pairs = ObjectValue()
    for (name, value) in query { pairs[name] = .string(value) }
    address.append(query: HTTPAddress.query(pairs), isSecret: false)
    var request = HTTPRequest(address: address)
    request.method = method
    request.timeout = timeout
    request.headers = try headers.map { try HTTPRequest.header($0.name, $0.value) }
    if let token {
      request.headers.append(
        try HTTPRequest.header("Authorization", "Bearer " + token.reveal())
      )
    }
    if let password {
      request.user = Secret(password.name)
      request.password = password.password
    }
    switch body {
    case .none: break
    case .json(let value):
      request.headers.append(try HTTPRequest.header("Content-Type", "application/json"))
      request.body = Array(JSON.encode(value).utf8)
    case .file(let path, let type):
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Failure(description: "`\(path)` cannot be read")
      }
      request.headers.append(try HTTPRequest.header("Content-Type", type))
      request.body = Array(bytes)
    }
    return request
  }
}
