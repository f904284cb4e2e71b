import Foundation
import HTTPTypes
import TestKit
import Testing
import Values

@testable import Server

/// The pages as a browser asks for them.
@Suite struct ConsoleRouteTests {
  private static let html = ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"]
  static let pages = [
    "/", "/projects/1", "/projects/1/revisions/10", "/projects/1/revisions/10/files/daily.dig",
    "/projects/1/revisions/10/diff", "/projects/1/workflows/daily", "/projects/1/secrets",
    "/sessions",
    "/sessions?project=shop&status=error", "/attempts", "/attempts?session=1",
    "/attempts?workflow=daily&project=nowhere", "/attempts/1", "/attempts/1?state=error&page=9",
    "/attempts/1/notebooks/+daily+load/notebook.html", "/schedules", "/login", "/account", "/users",
    "/audit", "/audit?action=attempt.start",
  ]

  private func server(hasAccounts: Bool = true) throws -> TestServer {
    let server = try TestServer(hasAccounts: hasAccounts)
    try server.folder.write("+load:\n  echo>: <script>\n", to: "revision/daily.dig")
    try server.folder.write(
      "2024-01-01T00:00:02.000Z [INFO] (+daily+load) <script>alert(1)</script>\n",
      to: "attempts/1/attempt.log"
    )
    try server.folder.write(
      "<h1>Result</h1><script>alert(1)</script><img src=x onerror=alert(1)>",
      to: "attempts/1/notebooks/+daily+load/notebook.html"
    )
    try server.folder.write("{}", to: "attempts/1/notebooks/+daily+load/notebook.ipynb")
    return server
  }

  @Test(arguments: pages)
  func `a page is HTML under the policy of pages, without script or style of its own`(
    path: String
  ) async throws {
    let reply = try await server().send(.get, path, headers: Self.html)
    #expect(reply.status == 200)
    #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
    #expect(reply.header("Content-Security-Policy") == ConsolePolicy.page)
    #expect(reply.header("Cache-Control") == "private, no-store")
    #expect(reply.header("Referrer-Policy") == "same-origin")
    #expect(reply.header("X-Frame-Options") == "DENY")
    #expect(!reply.text.contains("<style") && !reply.text.contains(" style="))
    #expect(reply.text.components(separatedBy: "<script").count == 2)
  }

  @Test(arguments: pages)
  func `a page is JSON for programs`(path: String) async throws {
    let server = try server()
    let json = ["Accept": "application/json"]
    let reply = try await server.send(.get, path, headers: json)
    #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
    #expect(try reply.json.object?.isEmpty == false)
    let mark = path.contains("?") ? "&" : "?"
    let byQuery = try await server.send(.get, path + mark + "format=json", headers: Self.html)
    #expect(try byQuery.json == reply.json)
  }

  @Test func `an attempt shows its tasks, its log and its notebook`() async throws {
    let text = try await server().send(.get, "/attempts/1", headers: Self.html).text
    #expect(text.contains("no such file"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(text.contains("href=\"/attempts/1/notebooks/%2Bdaily%2Bload/notebook.html\""))
  }

  @Test func `of a long log the last lines are shown, read from near its end`() async throws {
    let server = try server()
    let lines = (0..<30_000).map { number in
      "2024-01-01T00:00:02.000Z [INFO] (+daily+load) this is line number \(number)\n"
    }
    let log = try server.folder.write(lines.joined(), to: "attempts/1/attempt.log")
    let tail = try LogTail(endOf: log)
    #expect(tail.isCut && tail.lines.count == LogTail.size)
    #expect(tail.lines.first?.message == "this is line number 29500")
    #expect(tail.lines.last?.message == "this is line number 29999")
    #expect(try LogTail(endOf: log + ".none").lines.isEmpty)
  }

  @Test func `a file is shown as text, cut when it is long, and binary files are not`() {
    let long = Array(String(repeating: "é", count: 10).utf8)
    guard case .text(let cut, true) = RevisionLoading.content(of: Array(long[..<19]), size: 20)
    else { return #expect(Bool(false), "is no text") }
    #expect(cut == String(repeating: "é", count: 9))
    guard case .binary = RevisionLoading.content(of: [0xff, 0xfe], size: 2),
      case .binary = RevisionLoading.content(of: [65, 0], size: 2),
      case .text("", false) = RevisionLoading.content(of: [], size: 0)
    else { return #expect(Bool(false), "is text") }
  }

  @Test(arguments: [
    "/projects/1/revisions/20", "/projects/1/revisions/20/files/daily.dig",
    "/projects/1/revisions/10/files/nothing",
    "/projects/1/workflows/dayly", "/attempts/999", "/attempts/1/notebooks/attempt.log",
    "/attempts/1/notebooks/+daily+load/notebook.ipynb", "/nothing", "/attempts/x",
  ])
  func `what is not there is a page that says so`(path: String) async throws {
    let reply = try await server().send(.get, path, headers: Self.html)
    #expect(reply.status == 404)
    #expect(reply.header("Content-Security-Policy") == ConsolePolicy.page)
    #expect(reply.text.contains("<h1>"))
    let json = try await server().send(.get, path)
    #expect(try json.json.object?["code"] == "not_found")
  }

  @Test func `no symbolic link leads out of a folder`() async throws {
    let server = try server()
    let outside = try server.folder.write("hidden", to: "outside.html")
    for folder in ["/revision", "/attempts/1/notebooks"] {
      try FileManager.default.createSymbolicLink(
        atPath: server.folder.path + folder + "/link.html",
        withDestinationPath: outside
      )
    }
    for path in [
      "/projects/1/revisions/10/files/link.html", "/attempts/1/notebooks/link.html",
      "/attempts/1/notebook-frame/link.html",
    ] {
      #expect(try await server.send(.get, path, headers: Self.html).status == 404)
    }
  }

  @Test func `who is not known is led to the login, and from there back`() async throws {
    let server = try server()
    let reply = try await server.send(.get, "/attempts/1?state=error", as: nil, headers: Self.html)
    #expect(reply.status == 303)
    #expect(reply.header("Location") == "/login?next=%2Fattempts%2F1%3Fstate%3Derror")
    #expect(
      try await server.send(.get, "/", as: nil, headers: Self.html).header("Location") == "/login"
    )
    #expect(try await server.send(.get, "/", as: nil).status == 401)
    let login = try await server.send(
      .get,
      "/login?next=//evil.example/",
      as: nil,
      headers: Self.html
    )
    #expect(login.status == 200 && !login.text.contains("evil.example"))
  }

  @Test func `who may not see a page is told on a page`() async throws {
    let server = try server()
    let refused = try await server.send(.get, "/users", as: "viewer@1", headers: Self.html)
    #expect(refused.status == 403 && refused.text.contains("role `admin`"))
    #expect(
      try await server.send(.get, "/attempts/4", as: "viewer@1", headers: Self.html).status == 404
    )
    let secrets = try await server.send(
      .get,
      "/projects/1/secrets",
      as: "viewer@1",
      headers: Self.html
    )
    #expect(secrets.status == 403)
  }

  @Test func `lists have only what may be seen`() async throws {
    let server = try server()
    for path in ["/", "/sessions", "/attempts", "/attempts?project=other", "/schedules"] {
      let reply = try await server.send(.get, path + "", as: "viewer@1", headers: Self.html)
      #expect(!reply.text.contains("/projects/2"), "\(path)")
    }
    #expect(try await server.send(.get, "/", headers: Self.html).text.contains("/projects/2"))
  }

  @Test func `files that pages use are kept for ever, and are open`() async throws {
    let server = try server()
    for asset in ConsoleAssets.all {
      let reply = try await server.send(.get, asset.address.text, as: nil)
      #expect(reply.bytes == asset.content && reply.header("Content-Type") == asset.type)
      #expect(reply.header("Cache-Control") == ConsolePolicy.assetCache)
    }
    #expect(try await server.send(.get, "/assets/console.js", as: nil).status == 404)
  }

  @Test func `the document of a notebook is cleaned and may do nothing`() async throws {
    let path = "/attempts/1/notebook-frame/+daily+load/notebook.html"
    let server = try server()
    let reply = try await server.send(.get, path, headers: Self.html)
    #expect(reply.status == 200)
    #expect(reply.header("Content-Security-Policy") == ConsolePolicy.notebook)
    #expect(reply.header("X-Frame-Options") == "SAMEORIGIN")
    #expect(reply.text.contains("<h1>Result</h1>"))
    #expect(!reply.text.contains("script") && !reply.text.contains("onerror"))
    #expect(try await server.send(.get, path, as: "viewer@2", headers: Self.html).status == 404)
  }

  @Test func `a notebook is found by what was stored, on a server or in a folder`() {
    for address in [
      "http://h:1/attempts/7/notebooks/+a%5Esub/notebook.html",
      "file:///d/attempts/7/notebooks/+a%5Esub/notebook.html",
    ] { #expect(NotebookPages.path(in: address, of: 7) == "+a^sub/notebook.html") }
    #expect(NotebookPages.path(in: "http://h:1/attempts/8/notebooks/x.html", of: 7) == nil)
  }

  @Test func `a server without accounts has neither login nor users in its pages`() async throws {
    let reply = try await server(hasAccounts: false).send(.get, "/", as: nil, headers: Self.html)
    #expect(reply.status == 200)
    #expect(!reply.text.contains("/logout") && !reply.text.contains("csrf_token"))
  }
}
