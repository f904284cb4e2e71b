import HTTPTypes
import Synchronization
import Testing
import Values

@testable import Server

@Suite struct HostileRequestTests {
  @Test(arguments: [
    "/api/attempts/1%00", "/api/%2e%2e/attempts", "/api/attempts/..%2f..%2fetc", "/api/attempts/%",
    "/api/attempts/%zz", "/api/attempts/%ff", "//", "/api//attempts", "/../etc/passwd", "*",
    "http://evil.example/api/version", "", "/api/attempts/1/files/%2e%2e/x",
    "/api/attempts?page_size=%00", "/api/attempts/1/files/a%2fb",
  ])
  func `a path that is none is refused`(path: String) async throws {
    let reply = try await TestServer().send(.get, path)
    #expect(reply.status == 400)
    #expect(try reply.json.object?["code"] == "bad_request")
  }

  @Test(arguments: [
    "/api/attempts/abc", "/api/attempts/-1", "/api/attempts/99999999999999999999",
    "/api/attempts/1e3",
    "/api/attempts/0x1", "/api/attempts/999", "/api/nothing", "/api/attempts/%D9%A1",
    "/api/projects/1/workflows/dayly", "/api/workflows/1000005", "/api/sessions/999/attempts",
  ])
  func `what is not there is not found`(path: String) async throws {
    #expect(try await TestServer().send(.get, path).status == 404)
  }

  @Test(arguments: [
    ("page_size=0", "page_size"), ("page_size=1001", "page_size"), ("page_size=x", "page_size"),
    ("page_size=99999999999999999999", "page_size"), ("last_id=-1", "last_id"),
    ("include_retried=1", "include_retried"), ("status=done", "status"),
  ])
  func `a wrong parameter is named`(query: String, name: String) async throws {
    let reply = try await TestServer().send(.get, "/api/attempts?\(query)")
    #expect(reply.status == 400)
    #expect(try reply.message.contains("`\(name)`"))
  }

  @Test func `broken JSON is refused with its place`() async throws {
    let reply = try await TestServer().send(.put, "/api/attempts", json: "{\"workflowId\":\n 12,,}")
    #expect(reply.status == 400)
    #expect(try reply.message.contains("line 2, column 5"))
  }

  @Test func `an unknown field is named with the one that was meant`() async throws {
    let reply = try await TestServer().send(
      .put,
      "/api/attempts",
      json: #"{"workflowId": "1000000", "retryAttemptNam": "x"}"#
    )
    #expect(reply.status == 400)
    #expect(try reply.message.contains("`retryAttemptNam`"))
    #expect(try reply.json.object?["hint"] == "did you mean `retryAttemptName`?")
  }

  @Test(arguments: [
    "[]", "1", "null", #"{"workflowId": {}}"#, #"{"workflowId": -1}"#, #"{"workflowId": 1e99}"#,
    "{}",
    #"{"workflowId": "1000000", "params": 1}"#,
    #"{"workflowId": "1000000", "sessionTime": "noon"}"#,
    #"{"workflowId": "1000000", "sessionTime": "2024-02-30"}"#,
    #"{"workflowId": "1000000", "retryAttemptName": "a\u0000b"}"#,
    #"{"workflowId": "1000000", "resume": {"mode": "half", "attemptId": "1"}}"#,
    #"{"workflowId": "1000000", "resume": {"attemptId": "1"}}"#,
    "{\"workflowId\": \(String(repeating: "[", count: 5000))",
  ])
  func `a wrong body is refused`(body: String) async throws {
    #expect(try await TestServer().send(.put, "/api/attempts", json: body).status == 400)
  }

  @Test func `a body that is no JSON by its own account is refused`() async throws {
    let reply = try await TestServer().send(
      .put,
      "/api/attempts",
      json: "{}",
      headers: ["Content-Type": "text/plain"]
    )
    #expect(reply.status == 415)
  }

  @Test func `a body that is too large is refused`() async throws {
    let long = "{\"workflowId\": \"" + String(repeating: "1", count: 2 << 20) + "\"}"
    #expect(try await TestServer().send(.put, "/api/attempts", json: long).status == 413)
  }

  @Test(arguments: [
    "evil.example", "localhost.evil.example", "LOCALHOST:x", "127.0.0.1.evil.example",
  ])
  func `another name for this machine is refused`(host: String) async throws {
    let status = try await TestServer().send(.get, "/health", host: host).status
    #expect([400, 403].contains(status))
  }

  @Test(arguments: ["localhost", "127.0.0.1:8", "[::1]:80", "LocalHost:1", "192.0.2.7:80"])
  func `loopback names and addresses are taken as hosts`(host: String) async throws {
    #expect(try await TestServer().send(.get, "/health", host: host).status == 200)
  }

  @Test func `a name that was allowed is taken as host`() async throws {
    var settings = ServerSettings()
    settings.allowedHosts = ["Tadoru.Example"]
    let server = try TestServer(settings: settings)
    #expect(try await server.send(.get, "/health", host: "tadoru.example").status == 200)
    #expect(try await server.send(.get, "/health", host: nil).status == 400)
  }

  @Test(arguments: ["http://evil.example", "null", "http://localhost:2"])
  func `a change that a foreign page asks for is refused`(origin: String) async throws {
    let server = try TestServer(hasAccounts: false)
    let reply = try await server.send(
      .post,
      "/api/attempts/3/kill",
      as: nil,
      headers: ["Origin": origin]
    )
    #expect(reply.status == 403)
    #expect(server.played.state.withLock { $0.kills.isEmpty })
  }

  @Test func `a change that a foreign page asks for without saying so is refused`() async throws {
    let server = try TestServer(hasAccounts: false)
    let foreign = try await server.send(
      .post,
      "/api/attempts/3/kill",
      as: nil,
      headers: ["Sec-Fetch-Site": "cross-site"]
    )
    #expect(foreign.status == 403)
    let own = try await server.send(
      .post,
      "/api/attempts/3/kill",
      as: nil,
      headers: ["Origin": "http://localhost:1", "Sec-Fetch-Site": "same-origin"]
    )
    #expect(own.status == 204)
  }

  @Test func `a browser session must show its second secret for a change`() async throws {
    let server = try TestServer()
    let cookie = ["Cookie": "a=b; tadoru_session=admin"]
    #expect(try await server.send(.get, "/api/attempts/1", as: nil, headers: cookie).status == 200)
    let without = try await server.send(.post, "/api/attempts/3/kill", as: nil, headers: cookie)
    #expect(without.status == 403)
    let with = try await server.send(
      .post,
      "/api/attempts/3/kill",
      as: nil,
      headers: cookie.merging(["X-CSRF-Token": "request-token"]) { $1 }
    )
    #expect(with.status == 204)
    #expect(server.played.events.map(\.status) == [403, 204])
  }

  @Test func `other methods are refused with those that are known`() async throws {
    let server = try TestServer()
    let reply = try await server.send(.delete, "/api/attempts")
    #expect(reply.status == 405)
    #expect(reply.header("Allow") == "GET, PUT, HEAD, OPTIONS")
    #expect(try reply.json.object?["code"] == "method_not_allowed")
    #expect(try await server.send(.options, "/api/attempts").status == 204)
  }

  @Test func `HEAD gives the head of GET`() async throws {
    let server = try TestServer()
    let get = try await server.send(.get, "/api/attempts/1")
    let head = try await server.send(.head, "/api/attempts/1")
    #expect(head.status == 200 && head.bytes.isEmpty)
    #expect(head.header("Content-Length") == String(get.bytes.count))
  }

  @Test func `every answer carries the strict headers and its number`() async throws {
    let server = try TestServer()
    for path in ["/api/attempts/1", "/api/nothing", "/api/%"] {
      let reply = try await server.send(.get, path)
      #expect(
        reply.header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'"
      )
      #expect(reply.header("X-Content-Type-Options") == "nosniff")
      #expect(reply.header("Referrer-Policy") == "no-referrer")
      #expect(reply.header("Cache-Control") == "no-store")
      #expect(reply.header("X-Request-Id")?.hasPrefix("id-") == true)
    }
  }

  @Test func `a fault of ours tells nothing but its number`() async throws {
    struct Fault: Error { let secret = "do-not-tell" }
    let server = try TestServer()
    server.played.state.withLock { $0.startError = Fault() }
    let reply = try await server.send(.put, "/api/attempts", json: #"{"workflowId": "1000000"}"#)
    #expect(reply.status == 500)
    #expect(!reply.text.contains("do-not-tell") && !reply.text.contains("Fault"))
    #expect(try reply.json.object?["code"] == "unexpected")
    #expect(try reply.json.object?["requestId"]?.string == reply.header("X-Request-Id"))
  }
}
