import Foundation
import TestKit
import Testing

@testable import Projects

@Suite struct PackTests {
  @Test func `what was packed comes out again`() throws {
    let project = try TemporaryFolder()
    try project.write("+t: {echo>: 1}", to: "a.dig")
    try project.write("SELECT 1", to: "queries/日本 1.sql")
    try project.write("#!/bin/sh", to: "run.sh")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700],
      ofItemAtPath: project.path + "/run.sh"
    )
    try FileManager.default.createDirectory(
      at: project.url.appending(path: "empty"),
      withIntermediateDirectories: false
    )
    try link(project, "l", to: "queries/日本 1.sql")
    let (packed, out) = try roundTrip(project)
    #expect(try out.names() == ["a.dig", "empty", "l", "queries", "queries/日本 1.sql", "run.sh"])
    #expect(packed.entries == 6)
    #expect(try out.text("l") == "SELECT 1")
    #expect(try out.mode("run.sh") == 0o755)
    #expect(try out.mode("a.dig") == 0o644)
    #expect(packed.hash.count == 64)
  }

  @Test func `equal names and contents give equal bytes`() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    for name in ["b.dig", "a.dig", "d/x", "d-x", "日.sql"] { try one.write(name, to: name) }
    for name in ["日.sql", "d-x", "d/x", "a.dig", "b.dig"] { try two.write(name, to: name) }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000), .posixPermissions: 0o600],
      ofItemAtPath: two.path + "/a.dig"
    )
    let target = try TemporaryFolder()
    let first = try ProjectArchive.pack(one.path, to: target.path + "/1")
    let second = try ProjectArchive.pack(two.path, to: target.path + "/2")
    #expect(first == second)
    #expect(
      FileManager.default.contentsEqual(atPath: target.path + "/1", andPath: target.path + "/2")
    )
    #expect(try FolderTree.names(in: target.path) == ["1", "2"])
    try two.write("b.dix", to: "b.dig")
    #expect(try ProjectArchive.pack(two.path, to: target.path + "/2").hash != first.hash)
  }

  @Test func `names with a dot in front and what the ignore file names stay behind`() throws {
    let project = try TemporaryFolder()
    try project.write("*.csv\n!keep.csv\n/build/\ncache/**\n", to: ".digdagignore")
    for name in [
      ".env", ".git/config", "sub/.hidden", "a.dig", "x.csv", "keep.csv", "sub/y.csv",
      "sub/keep.csv",
      "build/x", "sub/build/x", "cache/a/b",
    ] { try project.write("", to: name) }
    let (_, out) = try roundTrip(project)
    #expect(
      try out.names() == [
        "a.dig", "cache", "keep.csv", "sub", "sub/build", "sub/build/x", "sub/keep.csv",
      ]
    )
  }

  @Test(
    arguments: [
      ("/etc", "is outside"), ("../..", "is outside"), ("../other", "is outside"), ("l", "circle"),
      ("/nowhere/at/all", "is outside"), ("../gone", "leaves"),
    ])
  func `a link that leaves the project is refused with its path`(
    target: String,
    words: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "other")
    try folder.write("x", to: "project/a.dig")
    try link(folder, "project/l", to: target)
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.pack(folder.path + "/project", to: folder.path + "/archive")
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("`l`") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(try FolderTree.names(in: folder.path) == ["other", "project"])
  }

  @Test func `what outgoing links lead to is copied where that is asked for`() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "project/a.dig")
    try folder.write("shared", to: "shared/q/x.sql")
    try link(folder, "shared/q/y.sql", to: "x.sql")
    try link(folder, "project/shared", to: "../shared")
    try link(folder, "project/one.sql", to: folder.path + "/shared/q/x.sql")
    try link(folder, "project/inside", to: folder.path + "/project/a.dig")
    let archive = folder.path + "/archive"
    try ProjectArchive.pack(folder.path + "/project", to: archive, copyOutgoingLinks: true)
    try ProjectArchive.unpack(archive, into: folder.path + "/out")
    let out = UnpackedFolder(folder: folder, path: folder.path + "/out")
    #expect(try out.text("shared/q/y.sql") == "shared")
    #expect(try out.text("one.sql") == "shared")
    #expect(try out.target("inside") == "a.dig")
    #expect(
      try out.names() == [
        "a.dig", "inside", "one.sql", "shared", "shared/q", "shared/q/x.sql", "shared/q/y.sql",
      ]
    )
  }

  @Test func `a link to a folder around the project is not copied without end`() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "project/a.dig")
    try link(folder, "project/up", to: "..")
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.pack(
        folder.path + "/project",
        to: folder.path + "/archive",
        copyOutgoingLinks: true
      )
    }
    #expect(error?.message.contains("leads to a folder it lies in") == true)
  }

  @Test func `a pipe is refused with its path`() throws {
    let project = try TemporaryFolder()
    try project.write("x", to: "sub/a")
    #expect(mkfifo(project.path + "/sub/p", 0o600) == 0)
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.pack(project.path, to: project.path + "/.archive")
    }
    #expect(error?.message == "`sub/p` is no file, folder or link")
  }

  @Test func `names that could not be unpacked are refused`() throws {
    for name in ["a\\b", "a\nb"] {
      let project = try TemporaryFolder()
      try project.write("x", to: name)
      let error = #expect(throws: ProjectError.self) {
        try ProjectArchive.pack(project.path, to: project.path + "/.archive")
      }
      #expect(error?.code == .refused)
      #expect(error?.hint == "rename it")
    }
    let project = try TemporaryFolder()
    try project.write("x", to: "x")
    #expect(
      rename(project.path + "/x", [CChar](project.path.utf8CString.dropLast()) + [0x2f, -1, 0]) == 0
    )
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.pack(project.path, to: project.path + "/.archive")
    }
    #expect(error?.message.contains("is not UTF-8") == true)
  }

  @Test func `a folder that is not there is told with its path`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.pack(folder.path + "/nowhere", to: folder.path + "/archive")
    }
    #expect(error?.code == .io)
    #expect(error?.message.contains("nowhere") == true)
  }

  private func link(_ folder: TemporaryFolder, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/" + name,
      withDestinationPath: target
    )
  }

  private func roundTrip(
    _ project: TemporaryFolder
  ) throws -> (ProjectArchive.Packed, UnpackedFolder) {
    let folder = try TemporaryFolder()
    let packed = try ProjectArchive.pack(project.path, to: folder.path + "/archive")
    try ProjectArchive.unpack(folder.path + "/archive", into: folder.path + "/out")
    return (packed, UnpackedFolder(folder: folder, path: folder.path + "/out"))
  }
}
