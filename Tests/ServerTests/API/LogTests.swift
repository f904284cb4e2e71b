import Foundation
import HTTPTypes
import TestKit
import Testing
import Values

@testable import Server

@Suite struct LogTests {
  private static let lines = [
    "2024-01-01T00:00:01.000Z [INFO] (+daily+load) started sh>",
    "2024-01-01T00:00:02.000Z [OUT] (+daily+load) 42 rows",
    "2024-01-01T00:00:03.000Z [WARNING] (+daily+send) slow",
    "2024-01-01T00:00:04.000Z [ERROR] (attempt) failed",
  ]

  private func server() throws -> TestServer {
    let server = try TestServer()
    try server.folder.write(
      Self.lines.joined(separator: "\n") + "\n",
      to: "attempts/1/attempt.log"
    )
    return server
  }

  @Test func `a log is given as its lines`() async throws {
    let server = try server()
    let reply = try await server.send(.get, "/api/attempts/1/log", as: "viewer@1")
    #expect(reply.text == Self.lines.joined(separator: "\n") + "\n")
    #expect(reply.header("Content-Type") == "text/plain; charset=utf-8")
    #expect(try await server.send(.get, "/api/attempts/2/log").text.isEmpty)
  }

  @Test(
    arguments: [
      ("task=%2Bload", [0, 1]), ("task=load&level=warning", []), ("level=warning", [2, 3]),
      ("level=error", [3]), ("task=%2Bdaily%2Bsend", [2]),
    ] as [(String, [Int])]
  )
  func `lines are chosen by task and level`(query: String, wanted: [Int]) async throws {
    let reply = try await server().send(.get, "/api/attempts/1/log?\(query)")
    #expect(reply.text == wanted.map { Self.lines[$0] + "\n" }.joined())
  }

  @Test func `events carry where the next line begins, and a client goes on from there`()
    async throws
  {
    let server = try server()
    let accept = ["Accept": "text/event-stream"]
    let all = try await server.send(.get, "/api/attempts/1/log", headers: accept)
    #expect(all.header("Content-Type") == "text/event-stream")
    let first = Self.lines[0].utf8.count + 1
    #expect(
      all.text.hasPrefix(
        """
        id: \(first)
        data: {"time":"2024-01-01T00:00:01.000Z","level":"INFO","task":"+daily+load",\
        "message":"started sh>"}


        """
      )
    )
    let rest = try await server.send(
      .get,
      "/api/attempts/1/log",
      headers: accept.merging(["Last-Event-ID": String(first)]) { $1 }
    )
    #expect(all.text.hasSuffix(rest.text))
    #expect(rest.text.matches(of: /data: \{"time"/).count == 3)
  }

  @Test func `following an attempt that has ended ends`() async throws {
    let reply = try await server().send(
      .get,
      "/api/attempts/1/log?follow=true",
      headers: ["Accept": "text/event-stream"]
    )
    #expect(reply.text.hasSuffix("event: end\ndata: {}\n\n"))
  }

  @Test(arguments: ["x", "-1", "99999999999999999999"])
  func `a place that no log gave is refused`(id: String) async throws {
    let path = "/api/attempts/1/log"
    let reply = try await server().send(.get, path, headers: ["Last-Event-ID": id])
    #expect(reply.status == 400)
  }

  @Test func `a place behind the end gives nothing`() async throws {
    let reply = try await server().send(
      .get,
      "/api/attempts/1/log",
      headers: ["Last-Event-ID": "100000"]
    )
    #expect(reply.status == 200 && reply.text.isEmpty)
  }

  @Test func `digdag's clients find a file for each task`() async throws {
    let server = try server()
    let reply = try await server.send(.get, "/api/logs/1/files")
    let files = try #require(try reply.json.object?["files"]?.array)
    #expect(
      files.compactMap { $0.object?["taskName"]?.string } == ["+daily+load", "+daily+send", ""]
    )
    let one = try await server.send(.get, "/api/logs/1/files?task=%2Bdaily%2Bsend")
    #expect(try one.json.object?["files"]?.array?.count == 1)
    let missing = try await server.send(.get, "/api/logs/2/files/%2Bdaily%2Bload.log.gz")
    #expect(missing.status == 404)
  }

  @Test func `a log file is gzip that other programs read`() async throws {
    let server = try server()
    let reply = try await server.send(.get, "/api/logs/1/files/%2Bdaily%2Bload.log.gz")
    #expect(reply.status == 200)
    let file = server.folder.path + "/log.gz"
    try Data(reply.bytes).write(to: URL(filePath: file))
    let gunzip = Process()
    gunzip.executableURL = URL(filePath: "/bin/gzip")
    gunzip.arguments = ["-dc", file]
    let output = Pipe()
    gunzip.standardOutput = output
    try gunzip.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    gunzip.waitUntilExit()
    #expect(gunzip.terminationStatus == 0)
    #expect(String(decoding: text, as: UTF8.self) == Self.lines[..<2].map { $0 + "\n" }.joined())
  }
}
