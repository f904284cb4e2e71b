import Foundation
import Values
import WorkflowEngine

/// Talks to an object store that speaks S3.
///
/// Every call retries what is passing (no answer, 5xx, 408, 429) with growing pauses, about half a minute in all, and
/// throws ``S3Failure`` for the rest.
struct S3Client: Sendable {
  let settings: S3Settings
  private let network: NetworkPolicy
  private let clock: @Sendable () -> Date
  private let pause: @Sendable (Duration) async throws -> Void
  private let tries: Int

  /// Tries of one request unless a client is made with others.
  static let mostTries = 6
  /// Seconds without a byte after which a transfer is given up.
  private static let stallTimeout = 60.0

  /// - Parameters:
  ///   - settings: where the store is, and who asks it.
  ///   - network: where it may be.
  ///   - clock: signatures hold the time.
  ///   - tries: of one request.
  ///   - pause: waits between tries.
  init(
    _ settings: S3Settings,
    network: NetworkPolicy,
    clock: @escaping @Sendable () -> Date,
    tries: Int = S3Client.mostTries,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.settings = settings
    self.network = network
    self.clock = clock
    self.tries = tries
    self.pause = pause
  }

  /// A request to a bucket, before it is signed.
  struct Call {
    var method: String
    var bucket: String
    var key = ""
    var query: [(name: String, value: String)] = []
    var headers: [HTTPRequest.Header] = []
    var body: [UInt8]?
    /// As `reading s3://bucket/key`.
    var action: String
    var keeping = HTTPRequest.Keeping.start(of: 8 << 20)
  }

  /// Sends a call until it succeeds, or fails for good.
  ///
  /// `begin` runs before each try, so that what an earlier one wrote can be taken back.
  func send(_ call: Call, begin: () throws -> Void = {}) async throws -> HTTPResponse {
    var delay = Duration.milliseconds(500)
    for number in 1... {
      try begin()
      let failure: S3Failure
      do {
        let response = try await HTTPClient.send(try request(call), within: network)
        // A store may say 200 first and find out later that something went wrong.
        let isError =
          response.body.starts(with: Array("<?xml".utf8)) && response.text.contains("<Error>")
        if (200..<300).contains(response.status), !isError { return response }
        let refusal = S3Failure(response, call.action)
        failure = isError && response.status < 300 ? refusal.passing : refusal
      } catch let trouble as HTTPFailure {
        failure = S3Failure(
          status: 0,
          code: "",
          message: "\(call.action) failed: \(trouble.reason)",
          isPassing: !trouble.isHopeless
        )
      }
      guard failure.isPassing, number < tries else { throw failure }
      try await pause(delay)
      delay = min(delay * 2, .seconds(20))
    }
    throw CancellationError()  // why: the loop ends only by returning or throwing
  }

  private func request(_ call: Call) throws(TaskFailure) -> HTTPRequest {
    let place = settings.place(of: call.bucket)
    let path = place.path + "/" + AWSText.encoded(call.key, keepsSlashes: true)
    let hash = SHA256.hexadecimal(of: call.body ?? [])
    let headers =
      call.headers + [
        HTTPRequest.Header(name: "Host", value: place.host),
        HTTPRequest.Header(name: "X-Amz-Content-Sha256", value: hash),
      ]
    let signature = AWSSignature(
      credentials: settings.credentials,
      region: settings.region,
      service: "s3"
    )
    let subject = AWSSignature.Subject(
      method: call.method,
      path: path,
      query: call.query,
      headers: headers,
      bodyHash: hash
    )
    let query = call.query.map { "\(AWSText.encoded($0.name))=\(AWSText.encoded($0.value))" }
      .joined(separator: "&")
    let address = place.origin + path + (query.isEmpty ? "" : "?" + query)
    var request = HTTPRequest(address: try HTTPAddress(address, isSecret: false))
    request.method = call.method
    request.headers = headers + signature.headers(for: subject, at: clock())
    request.body = call.body
    request.timeout = 0
    request.stallTimeout = Self.stallTimeout
    request.followsRedirects = false
    request.isForPeople = false
    request.keeping = call.keeping
    return request
  }
}

extension S3Failure {
  fileprivate var passing: S3Failure {
    S3Failure(status: 500, code: code, message: message, isPassing: true)
  }
}
