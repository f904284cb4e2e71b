import Access
import Foundation
import HTTPTypes
import Synchronization
import Testing
import Values

@testable import Server

/// The forms as a browser sends them.
@Suite struct ConsoleFormTests {
  /// The form of a browser session, with the fields that make it succeed.
  private static let forms: [(path: String, fields: String)] = [
    ("/projects/1/workflows/daily/start", "session_time=2024-01-02&params=%7B%22x%22%3A1%7D"),
    ("/attempts/3/kill", ""), ("/attempts/1/retry", "scope=all"), ("/schedules/1/enable", ""),
    ("/schedules/1/disable", ""), ("/schedules/1/skip", "count=2"),
    ("/schedules/1/backfill", "from=2024-01-01&count=&dry_run=true"),
    ("/projects/1/secrets", "key=db.password&value=hush"),
    ("/account/tokens/5/revoke", ""), ("/account/password", "old=a&new=b"),
    ("/users", "name=bo&email=bo%40example.com&password=long+enough&role="),
    ("/users/7/role", "role=viewer"), ("/users/7/disable", ""), ("/users/7/enable", ""),
    ("/logout", ""),
  ]

  private func headers(_ more: [String: String] = [:]) -> [String: String] {
    ["Accept": "text/html", "Cookie": "tadoru_session=admin", "Origin": "http://localhost:1"]
      .merging(more) { _, new in new }
  }

  private func send(
    _ server: TestServer,
    _ path: String,
    _ fields: String,
    token: String? = "request-token",
    headers: [String: String] = [:]
  ) async throws -> Reply {
    let all = [fields, token.map { "csrf_token=\($0)" } ?? ""].filter { !$0.isEmpty }
    return try await server.send(
      .post,
      path,
      as: nil,
      form: all.joined(separator: "&"),
      headers: self.headers(headers)
    )
  }

  /// What the next page says after a form; it forgets it then.
  private func flash(after reply: Reply, _ server: TestServer) async throws -> String {
    let cookie = reply.headers[values: .setCookie].compactMap { header in
      header.hasPrefix("tadoru_flash=") ? header.prefix { $0 != ";" } : nil
    }
    let page = try await server.send(
      .get,
      "/",
      as: nil,
      headers: headers(["Cookie": "tadoru_session=admin; \(cookie.first ?? "")"])
    )
    guard let range = page.text.firstRange(of: /<p class="flash [^>]*>/) else { return "" }
    #expect(page.headers[values: .setCookie].contains { $0.hasPrefix("tadoru_flash=; ") })
    return String(page.text[range.lowerBound...].prefix { $0 != "\n" })
  }

  @Test(arguments: forms.indices)
  func `a form with the token is done, audited, and leads to a page`(index: Int) async throws {
    let (path, fields) = Self.forms[index]
    let server = try TestServer()
    let reply = try await send(server, path, fields)
    #expect(reply.status == 303, "\(reply.text)")
    let location = try #require(reply.header("Location"))
    #expect(LoginPage.safe(location) == location)
    let event = try #require(server.played.events.last)
    #expect(event.status == 303)
    let segments = path.split(separator: "/").map(String.init)
    guard case .route(let route, _) = server.door.table.match(.post, segments) else {
      return #expect(Bool(false), "there is no such form")
    }
    #expect(event.action == route.change)
  }

  @Test(arguments: forms.indices)
  func `a form without the token, with a wrong one or from elsewhere does nothing`(
    index: Int
  ) async throws {
    let (path, fields) = Self.forms[index]
    let server = try TestServer()
    let refused = [
      try await send(server, path, fields, token: nil),
      try await send(server, path, fields, token: "wrong"),
      try await send(server, path, fields, headers: ["Origin": "https://evil.example"]),
      try await send(server, path, fields, headers: ["Origin": "null"]),
    ]
    for reply in refused {
      #expect(reply.status == 403)
      #expect(reply.header("Content-Type")?.hasPrefix("text/html") == true)
    }
    #expect(server.played.state.withLock { $0.starts.isEmpty && $0.kills.isEmpty })
    #expect(server.played.events.allSatisfy { $0.status == 403 })
  }

  @Test func `a server without accounts asks for no token, but for the origin`() async throws {
    let server = try TestServer(hasAccounts: false)
    let plain = ["Accept": "text/html", "Origin": "http://localhost:1"]
    let done = try await server.send(.post, "/attempts/3/kill", as: nil, form: "", headers: plain)
    #expect(done.status == 303 && done.header("Location") == "/attempts/3")
    let foreign = ["Accept": "text/html", "Origin": "http://localhost:2"]
    let refused = try await server.send(
      .post,
      "/attempts/3/kill",
      as: nil,
      form: "",
      headers: foreign
    )
    #expect(refused.status == 403)
  }

  @Test func `a start hands over what was typed, times in the zone of the workflow`() async throws {
    let server = try TestServer()
    let reply = try await send(
      server,
      "/projects/1/workflows/daily/start",
      "session_time=2024-01-02&retry_name=again&params=%7B%22x%22%3A1%7D"
    )
    #expect(reply.header("Location") == "/attempts/3")
    let start = try #require(server.played.state.withLock { $0.starts.first })
    #expect(start.sessionTime == 1_704_121_200)
    #expect(start.retryName == "again" && start.parameters == ["x": 1])
    #expect(start.principal.name == "admin")
    #expect(server.played.events.last?.object == "attempt 3")
  }

  @Test(arguments: [
    ("params=%7B", "`params` is no JSON"), ("params=1", "`params` must be a JSON object"),
    ("session_time=tomorrow", "`session_time` must be a time"),
    ("retry_name=taken", "The session has this attempt already"),
  ])
  func `what was typed wrongly is said on the page it came from`(
    fields: String,
    words: String
  ) async throws {
    let server = try TestServer()
    let reply = try await send(server, "/projects/1/workflows/daily/start", fields)
    #expect(reply.status == 303)
    let flash = try await flash(after: reply, server)
    #expect(flash.contains(words) && flash.contains("flash failed"))
    let status = try #require(server.played.events.last?.status)
    #expect(status == (fields.hasPrefix("retry") ? 409 : 400))
  }

  @Test func `a program that sends a form is answered in JSON`() async throws {
    let server = try TestServer()
    let reply = try await server.send(.post, "/schedules/1/skip", form: "count=x")
    #expect(reply.status == 400)
    #expect(try reply.message.contains("`count`"))
  }

  @Test func `a flash holds no markup, and none that we did not sign`() async throws {
    let server = try TestServer()
    let reply = try await send(server, "/projects/1/secrets", "key=%3Cscript%3E&value=x")
    let flash = try await flash(after: reply, server)
    #expect(flash.contains("The secret &lt;script&gt; is set."))
    let forged = FlashCookie(key: [1], isSecure: false)
      .header(PageFrame.Flash(tone: .done, text: "Send your password to Eve"))
    let page = try await server.send(
      .get,
      "/",
      as: nil,
      headers: headers(["Cookie": "tadoru_session=admin; \(forged.prefix { $0 != ";" })"])
    )
    #expect(page.status == 200 && !page.text.contains("Eve"))
  }

  @Test func `a form must be one, with fields that are known, each once`() async throws {
    let server = try TestServer()
    for fields in ["hack=1", "scope=all&scope=failed", "scope=%zz", "scope=%ff"] {
      let reply = try await send(server, "/attempts/1/retry", fields)
      #expect(reply.status == 400, "\(fields)")
    }
    let json = try await server.send(.post, "/attempts/1/retry", json: "{}")
    #expect(json.status == 415)
    let long = "scope=" + String(repeating: "x", count: 300_000)
    #expect(try await send(server, "/attempts/1/retry", long).status == 413)
  }

  @Test func `a login begins a session and leads on`() async throws {
    let server = try TestServer()
    let fields = "user=admin&password=right&next=%2Fattempts%2F1"
    let reply = try await send(server, "/login", fields, token: nil)
    #expect(reply.status == 303 && reply.header("Location") == "/attempts/1")
    let cookie = reply.headers[values: .setCookie].first { $0.hasPrefix("tadoru_session=admin;") }
    #expect(cookie?.contains("HttpOnly; SameSite=Strict") == true)
    let away = try await send(
      server,
      "/login",
      "user=admin&password=right&next=%2F%2Fevil.example",
      token: nil
    )
    #expect(away.header("Location") == "/")
  }

  @Test func `a login that failed leads back to the login, and the audit knows`() async throws {
    let server = try TestServer()
    let fields = "user=ann&password=wrong&next=%2Faudit"
    let reply = try await send(server, "/login", fields, token: nil)
    #expect(reply.header("Location") == "/login?next=%2Faudit")
    #expect(!reply.headers[values: .setCookie].contains { $0.hasPrefix("tadoru_session") })
    let event = try #require(server.played.events.last)
    #expect(event.status == 401 && event.actor == "ann" && event.action == "session.begin")
    #expect(try await flash(after: reply, server).contains("Name or password is wrong."))
  }

  @Test func `logging out forgets the cookie`() async throws {
    let reply = try await send(TestServer(), "/logout", "")
    #expect(reply.header("Location") == "/login")
    #expect(reply.headers[values: .setCookie].contains { $0.hasPrefix("tadoru_session=; ") })
  }

  @Test func `a new token is shown once, in the answer that made it`() async throws {
    let server = try TestServer()
    let reply = try await send(server, "/account/tokens", "name=ci&days=30")
    #expect(reply.status == 200 && reply.text.contains("secret-token-text"))
    #expect(reply.header("Cache-Control") == "private, no-store")
    #expect(reply.header("Content-Security-Policy") == ConsolePolicy.page)
    #expect(reply.headers[values: .setCookie].isEmpty)
    let later = try await server.send(.get, "/account", headers: ["Accept": "text/html"])
    #expect(!later.text.contains("secret-token-text"))
    #expect(server.played.events.last?.object == "token 5")
  }

  @Test func `deleting a secret that is not there says so`() async throws {
    let server = try TestServer()
    _ = try await send(server, "/projects/1/secrets", "key=k&value=v")
    #expect(try await send(server, "/projects/1/secrets/delete", "key=k").status == 303)
    #expect(try await send(server, "/projects/1/secrets/delete", "key=k").status == 404)
  }

  @Test func `every form of the table is tried here`() {
    let tried =
      Self.forms.map(\.path) + ["/login", "/account/tokens", "/projects/1/secrets/delete"]
    #expect(tried.count == ConsoleForm.all.count)
    #expect(Set(ConsoleForm.all.map(\.deed)).count == ConsoleForm.Deed.allCases.count)
  }
}
