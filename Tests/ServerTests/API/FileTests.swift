import Foundation
import HTTPTypes
import TestKit
import Testing
import Values

@testable import Server

@Suite struct FileTests {
  private func server() throws -> TestServer {
    let server = try TestServer()
    try server.folder.write("0123456789", to: "attempts/1/out/a.txt")
    try server.folder.write("", to: "attempts/1/empty")
    try server.folder.write("secret", to: "outside")
    try server.folder.write("other", to: "attempts/2/b.txt")
    let link = server.folder.path + "/attempts/1/"
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: link + "link", withDestinationPath: "../../outside")
    try manager.createSymbolicLink(atPath: link + "up", withDestinationPath: "../..")
    return server
  }

  @Test func `the files of an attempt are listed without links`() async throws {
    let reply = try await server().send(.get, "/api/attempts/1/files")
    let files = try #require(try reply.json.object?["files"]?.array)
    #expect(files.compactMap { $0.object?["path"]?.string } == ["empty", "out/a.txt"])
    #expect(files.last?.object?["sizeInBytes"] == 10)
    let none = try await server().send(.get, "/api/attempts/3/files")
    #expect(try none.json == ["files": [], "complete": true])
  }

  @Test(
    arguments: [
      (nil, 200, "0123456789", nil), ("bytes=0-0", 206, "0", "bytes 0-0/10"),
      ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
      ("bytes=-3", 206, "789", "bytes 7-9/10"), ("bytes=-100", 206, "0123456789", "bytes 0-9/10"),
      ("bytes=5-99", 206, "56789", "bytes 5-9/10"), ("bytes=0-1,3-4", 200, "0123456789", nil),
      ("lines=1-2", 200, "0123456789", nil), ("bytes=4-2", 200, "0123456789", nil),
      ("bytes=a-b", 200, "0123456789", nil), ("bytes=-", 200, "0123456789", nil),
      ("bytes=0-99999999999999999999", 206, "0123456789", "bytes 0-9/10"),
    ] as [(String?, Int, String, String?)]
  )
  func `a part of a file is what was asked for`(
    range: String?,
    status: Int,
    text: String,
    contentRange: String?
  ) async throws {
    let reply = try await server().send(
      .get,
      "/api/attempts/1/files/out/a.txt",
      headers: range.map { ["Range": $0] } ?? [:]
    )
    #expect(reply.status == status && reply.text == text)
    #expect(reply.header("Content-Range") == contentRange)
    #expect(reply.header("Content-Length") == String(text.utf8.count))
    #expect(reply.header("Content-Disposition")?.hasPrefix("attachment") == true)
  }

  @Test(arguments: ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=99999999999999999999-"])
  func `a part behind the end is refused with the size`(range: String) async throws {
    let path = "/api/attempts/1/files/out/a.txt"
    let reply = try await server().send(.get, path, headers: ["Range": range])
    #expect(reply.status == 416)
    #expect(reply.header("Content-Range") == "bytes */10")
  }

  @Test func `an empty file is given, and has no parts`() async throws {
    let server = try server()
    #expect(try await server.send(.get, "/api/attempts/1/files/empty").status == 200)
    let part = try await server.send(
      .get,
      "/api/attempts/1/files/empty",
      headers: ["Range": "bytes=0-"]
    )
    #expect(part.status == 416)
  }

  @Test func `what a client has already is not sent again`() async throws {
    let server = try server()
    let path = "/api/attempts/1/files/out/a.txt"
    let tag = try #require(try await server.send(.get, path).header("ETag"))
    let again = try await server.send(.get, path, headers: ["If-None-Match": tag])
    #expect(again.status == 304 && again.bytes.isEmpty)
    let other = try await server.send(
      .get,
      path,
      headers: ["Range": "bytes=0-1", "If-Range": "\"older\""]
    )
    #expect(other.status == 200)
  }

  @Test(arguments: [
    "link", "up/outside", "up/attempts/2/b.txt", "out", "nothing", "out/a.txt/x", "out/nothing",
  ])
  func `nothing outside of the folder is given, nor what is no file`(path: String) async throws {
    #expect(try await server().send(.get, "/api/attempts/1/files/\(path)").status == 404)
  }

  @Test func `the file of another project is not found`() async throws {
    let reply = try await server().send(.get, "/api/attempts/1/files/empty", as: "viewer@2")
    #expect(reply.status == 404)
  }
}
