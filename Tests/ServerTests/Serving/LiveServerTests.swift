import Foundation
import Storage
import Synchronization
import TestKit
import Testing
import Values

@testable import Server

/// What needs a real connection: streams, limits, slow clients, the end of the server.
@Suite struct LiveServerTests {
  private static let head = "Host: localhost\r\nAuthorization: Bearer admin\r\n"

  @Test func `requests on one connection are answered one after the other`() async throws {
    try await withLiveServer { _, port in
      let connection = try RawConnection(port: port)
      connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(await connection.receive(until: "{\"status\":\"ok\"}").hasPrefix("HTTP/1.1 200 OK"))
      connection.send("GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(await connection.receive().contains("{\"version\":\"1.2.3\"}"))
    }
  }

  @Test func `a body that does not come is waited for no longer than allowed`() async throws {
    var settings = ServerSettings()
    settings.timeouts.body = .milliseconds(100)
    settings.timeouts.shutdown = .milliseconds(100)
    try await withLiveServer(settings) { _, port in
      let connection = try RawConnection(port: port)
      let head = "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
      connection.send("PUT /api/attempts HTTP/1.1\r\n\(Self.head)\(head)")
      let answer = await connection.receive()
      #expect(answer.hasPrefix("HTTP/1.1 408"))
      #expect(answer.contains("\"code\":\"timeout\""))
    }
  }

  @Test func `an archive that stops coming is given up and removed`() async throws {
    var settings = ServerSettings()
    settings.timeouts.archivePiece = .milliseconds(100)
    settings.timeouts.shutdown = .milliseconds(100)
    try await withLiveServer(settings) { server, port in
      let connection = try RawConnection(port: port)
      let head = "Content-Length: 1000\r\n\r\nabc"
      connection.send("PUT /api/projects?project=shop HTTP/1.1\r\n\(Self.head)\(head)")
      #expect(await connection.receive().hasPrefix("HTTP/1.1 408"))
      let left = try FileManager.default.contentsOfDirectory(
        atPath: server.folder.path + "/incoming"
      )
      #expect(left.isEmpty)
      #expect(server.played.state.withLock { $0.pushes.isEmpty })
    }
  }

  @Test(arguments: [
    "Content-Length: 300000000\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n800\r\n\(String(repeating: "x", count: 2048))\r\n",
  ])
  func `an archive that is too large is refused while it comes`(rest: String) async throws {
    var settings = ServerSettings()
    settings.limits.archive = 1000
    settings.timeouts.shutdown = .milliseconds(100)
    try await withLiveServer(settings) { _, port in
      let connection = try RawConnection(port: port)
      connection.send("PUT /api/projects?project=shop HTTP/1.1\r\n\(Self.head)\(rest)")
      #expect(await connection.receive().hasPrefix("HTTP/1.1 413"))
    }
  }

  @Test(arguments: [
    "", "GET /he", "PUT /api/projects?project=shop HTTP/1.1\r\n\(head)Content-Length: 9\r\n\r\nab",
  ])
  func `a request that is not sent to its end does not keep the server from ending`(
    part: String
  ) async throws {
    var settings = ServerSettings()
    settings.timeouts.shutdown = .milliseconds(100)
    let connection = try await {
      var open: RawConnection?
      try await withLiveServer(settings) { _, port in
        let connection = try RawConnection(port: port)
        connection.send(part)
        open = connection
      }
      return open
    }()
    #expect(connection != nil)
  }

  @Test(arguments: [
    "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
    "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /health HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n",
    "PUT /api/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "PUT /api/attempts HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ])
  func `what is no request is refused and the next one answered`(text: String) async throws {
    var settings = ServerSettings()
    settings.timeouts.idle = .milliseconds(500)
    settings.timeouts.shutdown = .milliseconds(100)
    try await withLiveServer(settings) { _, port in
      let connection = try RawConnection(port: port)
      connection.send(text)
      let answer = await connection.receive()
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
      let next = try RawConnection(port: port)
      next.send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      #expect(await next.receive().hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func `a log is followed until its attempt has ended`() async throws {
    var settings = ServerSettings()
    settings.timeouts.followPause = .milliseconds(5)
    try await withLiveServer(settings) { server, port in
      let connection = try RawConnection(port: port)
      connection.send(
        "GET /api/attempts/3/log?follow=true HTTP/1.1\r\n\(Self.head)"
          + "Accept: text/event-stream\r\nConnection: close\r\n\r\n"
      )
      #expect(await connection.receive(until: ": waiting").contains("text/event-stream"))
      let line = "2024-01-01T00:00:01.000Z [INFO] (+daily) first\n"
      let file = try server.folder.write(line, to: "attempts/3/attempt.log")
      #expect(await connection.receive(until: "first").contains("id: \(line.utf8.count)"))
      let handle = try FileHandle(forWritingTo: URL(filePath: file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("2024-01-01T00:00:02.000Z [INFO] (+daily) last\n".utf8))
      try server.database.write { connection in
        try connection.execute("UPDATE attempts SET status = 'success' WHERE id = 3")
      }
      let rest = await connection.receive()
      #expect(rest.contains("last") && rest.contains("event: end"))
    }
  }

  @Test func `followers do not keep the server from ending`() async throws {
    var settings = ServerSettings()
    settings.timeouts.followPause = .milliseconds(5)
    try await withLiveServer(settings) { _, port in
      let connection = try RawConnection(port: port)
      connection.send(
        "GET /api/attempts/3/log?follow=true HTTP/1.1\r\n\(Self.head)Accept: text/event-stream\r\n\r\n"
      )
      #expect(await connection.receive(until: ": waiting").contains("200 OK"))
    }
  }

  @Test func `more followers than allowed are told to come again`() async throws {
    var settings = ServerSettings()
    settings.limits.followers = 1
    settings.timeouts.followPause = .milliseconds(5)
    try await withLiveServer(settings) { _, port in
      let request = "GET /api/attempts/3/log?follow=true HTTP/1.1\r\n\(Self.head)"
      let first = try RawConnection(port: port)
      first.send(request + "Accept: text/event-stream\r\n\r\n")
      #expect(await first.receive(until: ": waiting").contains("200 OK"))
      let second = try RawConnection(port: port)
      second.send(request + "Connection: close\r\n\r\n")
      #expect(await second.receive().hasPrefix("HTTP/1.1 429"))
    }
  }
}
