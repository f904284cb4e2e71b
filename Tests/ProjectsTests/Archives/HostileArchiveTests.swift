import Foundation
import TestKit
import Testing

@testable import Projects

@Suite struct HostileArchiveTests {
  @Test(arguments: HostilePayloads.paths)
  func `a path that could harm is refused`(payload: HostilePayload) throws {
    try expectRefusal(payload)
  }

  @Test(arguments: HostilePayloads.links)
  func `a link that could harm is refused`(payload: HostilePayload) throws {
    try expectRefusal(payload)
  }

  @Test(arguments: HostilePayloads.kinds)
  func `what is no file, folder or link is refused`(payload: HostilePayload) throws {
    try expectRefusal(payload)
  }

  @Test(arguments: HostilePayloads.damaged)
  func `a damaged archive is refused`(payload: HostilePayload) throws {
    try expectRefusal(payload)
  }

  @Test(arguments: HostilePayloads.zips)
  func `a zip that could harm is refused`(payload: HostilePayload) throws {
    try expectRefusal(payload)
  }

  @Test func `more entries than allowed are refused, folders that no entry names included`() throws
  {
    var limits = ArchiveLimits()
    limits.entries = 5
    let many = (0..<6).reduce(TarBytes()) { $0.file("f\($1)") }
    try expectRefusal(HostilePayload("many", many, "more than 5 entries, at `f5`"), limits)
    try expectRefusal(
      HostilePayload("deep", TarBytes().file("a/b/c/d/e/f"), "more than 5 entries"),
      limits
    )
    let repeated = (0..<6).reduce(TarBytes()) { tar, _ in tar.file("same") }
    try expectRefusal(HostilePayload("repeated", repeated, "more than 5 entries"), limits)
  }

  @Test func `more bytes than allowed are refused`() throws {
    var limits = ArchiveLimits()
    limits.entries = 2
    limits.unpackedBytes = 10_000
    limits.freeBytes = 0
    let text = String(repeating: "x", count: 6_000)
    let tar = TarBytes().file("a", text).file("b", text)
    try expectRefusal(HostilePayload("large", tar, "unpacks to more than"), limits)
    let zip = ZipBytes().entry("a", text).entry("b", text)
    try expectRefusal(HostilePayload("large zip", zip, "unpacks to more than 0 MB, at `b`"), limits)
  }

  @Test func `a bomb is refused before anything is written`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "project/zeros")
    let zeros = try FileHandle(forWritingTo: folder.url.appending(path: "project/zeros"))
    try zeros.truncate(atOffset: 64 << 20)
    try zeros.close()
    let bomb = folder.path + "/bomb"
    try ProjectArchive.pack(folder.path + "/project", to: bomb)
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.unpack(bomb, into: folder.path + "/out")
    }
    #expect(error?.code == .badArchive)
    #expect(error?.message == "the archive unpacks to more than 200 times its size")
  }

  @Test func `links that unfold without end are refused soon`() throws {
    let path = Array(repeating: "l0", count: 30).joined(separator: "/")
    let links = (1..<30).reduce(TarBytes().link("l0", to: "l1")) { tar, number in
      tar.link("l\(number)", to: number == 29 ? "." : "l\(number + 1)/" + path)
    }
    try expectRefusal(HostilePayload("links", links, "which leads"))
  }

  private func expectRefusal(
    _ payload: HostilePayload,
    _ limits: ArchiveLimits = .standard
  ) throws {
    let folder = try TemporaryFolder()
    let archive = folder.path + "/archive"
    try Data(payload.bytes).write(to: URL(filePath: archive))
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.unpack(archive, into: folder.path + "/a/b/out", limits: limits)
    }
    #expect(error?.code == .badArchive, "\(error?.message ?? "")")
    #expect(error?.message.contains(payload.words) == true, "\(error?.message ?? "")")
    #expect(try FolderTree.names(in: folder.path) == ["a", "archive"])
    #expect(try FolderTree.names(in: folder.path + "/a") == ["b"])
    #expect(try FolderTree.names(in: folder.path + "/a/b") == [])
  }
}
