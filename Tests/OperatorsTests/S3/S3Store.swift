import Foundation
import Synchronization
import TestKit
import Values
import WorkflowEngine

@testable import Operators

/// A real object store with the empty bucket `lake`, and a client of it that never really waits.
struct S3Store {
  let server: S3Server
  let client: S3Client
  let pauses: Pauses

  /// The pauses between tries that were asked for.
  final class Pauses: Sendable {
    private let asked = Mutex<[Duration]>([])

    var all: [Duration] { asked.withLock { $0 } }
    func add(_ pause: Duration) { asked.withLock { $0.append(pause) } }
  }

  init(token: String? = nil) async throws {
    let (server, pauses) = (try S3Server(), Pauses())
    var settings = S3Settings(
      credentials: AWSCredentials(
        accessKeyID: Secret(AWSSecrets.accessKeyID),
        secretAccessKey: Secret(AWSSecrets.secretAccessKey),
        sessionToken: token.map { Secret($0) }
      )
    )
    settings.endpoint = server.endpoint
    client = S3Client(settings, network: .open, clock: { Date() }, pause: { pauses.add($0) })
    (self.server, self.pauses) = (server, pauses)
    _ = try await client.send(S3Client.Call(method: "PUT", bucket: "lake", action: "making lake"))
  }

  /// Makes an object of a text.
  func put(_ key: String, _ text: String, metadata: [String: String] = [:]) async throws {
    var call = S3Client.Call(method: "PUT", bucket: "lake", key: key, action: "writing \(key)")
    call.body = Array(text.utf8)
    call.headers = metadata.map { .init(name: "x-amz-meta-\($0)", value: $1) }
    _ = try await client.send(call)
  }

  /// The text of an object.
  func text(_ key: String) async throws -> String {
    let call = S3Client.Call(method: "GET", bucket: "lake", key: key, action: "reading \(key)")
    return try await client.send(call).text
  }

  /// Lets the next requests fail.
  func close(code: Int, times: Int) async throws {
    var request = HTTPRequest(
      address: try HTTPAddress("\(server.endpoint)/gate/\(code)/\(times)", isSecret: false)
    )
    request.method = "POST"
    _ = try await HTTPClient.send(request, within: .open)
  }

  /// Lets the next requests through before those that fail.
  func pass(_ times: Int) async throws { try await close(code: 0, times: times) }

  /// The requests that the store has seen: method, path, query, headers.
  func seen() async throws -> [ObjectValue] {
    var request = HTTPRequest(address: try HTTPAddress("\(server.endpoint)/seen", isSecret: false))
    request.keeping = .start(of: 8 << 20)
    return try JSON.decode(await HTTPClient.send(request, within: .open).text).array?.compactMap(
      \.object
    ) ?? []
  }
}
