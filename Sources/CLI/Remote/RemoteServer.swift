import Foundation
import Operators
import Values
import WorkflowEngine

/// A Tadoru server, as commands talk to it.
struct RemoteServer: Sendable {
  /// Without a slash at the end.
  let endpoint: String
  let token: Secret?

  func get(_ path: String, _ query: [(String, String?)] = []) async throws -> ObjectValue {
    try await call("GET", path, query)
  }

  /// The members of an answer; empty for one without a body.
  func call(
    _ method: String,
    _ path: String,
    _ query: [(String, String?)] = [],
    _ body: ObjectValue? = nil
  ) async throws -> ObjectValue {
    var call = request(method, path, query)
    if let body { call.body = .json(.object(body)) }
    let (status, members) = try await answer(call)
    guard (200..<300).contains(status) else { throw refusal(status, members) }
    return members
  }

  /// The same with a password, as before there is a token.
  func call(
    _ method: String,
    _ path: String,
    as account: (name: String, password: Secret),
    body: ObjectValue
  ) async throws -> ObjectValue {
    var call = request(method, path, [])
    call.token = nil
    call.body = .json(.object(body))
    call.password = account
    let (status, members) = try await answer(call)
    guard (200..<300).contains(status) else { throw refusal(status, members) }
    return members
  }

  /// The same where a conflict is an answer too.
  func start(_ body: ObjectValue) async throws -> (isNew: Bool, attempt: ObjectValue) {
    var call = request("PUT", "/api/attempts", [])
    call.body = .json(.object(body))
    let (status, members) = try await answer(call)
    if status == 409, members["id"] != nil { return (false, members) }
    guard (200..<300).contains(status) else { throw refusal(status, members) }
    return (true, members)
  }

  /// Sends a file as the body.
  func upload(
    _ file: String,
    to path: String,
    _ query: [(String, String?)]
  ) async throws -> ObjectValue {
    var call = request("PUT", path, query)
    call.body = .file(file, type: "application/gzip")
    call.timeout = 600
    let (status, members) = try await answer(call)
    guard (200..<300).contains(status) else { throw refusal(status, members) }
    return members
  }

  /// Writes the body of an answer to a file.
  func download(_ path: String, _ query: [(String, String?)], to file: String) async throws {
    var call = request("GET", path, query)
    call.file = file
    call.timeout = 600
    let (status, members) = try await answer(call)
    guard (200..<300).contains(status) else { throw refusal(status, members) }
  }

  /// The body of an answer as it is.
  func bytes(
    _ path: String,
    _ query: [(String, String?)],
    headers: [(String, String)]
  ) async throws -> [UInt8] {
    var call = request("GET", path, query)
    call.headers += headers.map { (name: $0.0, value: $0.1) }
    let answer = try await send(call)
    guard answer.isSuccess else { throw refusal(answer.status, members(answer)) }
    return answer.body
  }

  private func request(_ method: String, _ path: String, _ query: [(String, String?)]) -> WebCall {
    var call = WebCall(endpoint + path)
    call.method = method
    call.query = query.compactMap { name, value in value.map { (name: name, value: $0) } }
    call.headers = [(name: "Accept", value: "application/json")]
    call.token = token
    return call
  }

  private func answer(_ call: WebCall) async throws -> (Int, ObjectValue) {
    let answer = try await send(call)
    return (answer.status, members(answer))
  }

  private func send(_ call: WebCall) async throws -> WebCall.Answer {
    do {
      return try await call.send()
    } catch let failure as WebCall.Failure {
      throw CommandFailure(
        .failed,
        "the server at \(endpoint) gives no answer: \(failure)",
        hint: "`tadoru server` starts one; `--endpoint` or TADORU_ENDPOINT says where it is"
      )
    } catch let failure as TaskFailure {
      throw CommandFailure(.usage, "`--endpoint`: \(failure.message)")
    }
  }

  private func members(_ answer: WebCall.Answer) -> ObjectValue {
    guard !answer.body.isEmpty else { return [:] }
    do {
      return try JSON.decode(String(decoding: answer.body, as: UTF8.self)).object ?? [:]
    } catch {
      return [:]  // why: what answers is no Tadoru server; the status says the rest
    }
  }

  private func refusal(_ status: Int, _ members: ObjectValue) -> CommandFailure {
    guard let message = members["message"]?.string else {
      return CommandFailure(
        .failed,
        "the server at \(endpoint) answered \(status), and nothing that Tadoru would say",
        hint: "check the endpoint; a proxy may stand in between"
      )
    }
    let details = (members["details"]?.array ?? []).compactMap(\.string)
    let words = ([message] + details).joined(separator: "\n  ")
    let hint: String? =
      status == 401 ? "`tadoru login` or TADORU_TOKEN says who you are" : members["hint"]?.string
    return CommandFailure(status == 422 ? .refused : .failed, words, hint: hint)
  }
}
