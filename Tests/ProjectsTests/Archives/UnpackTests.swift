import Foundation
import TestKit
import Testing

@testable import Projects

@Suite struct UnpackTests {
  @Test(arguments: ["gzip", "tar", "zip"])
  func `files come out of a gzip tar, a tar and a zip`(format: String) throws {
    let tar = TarBytes().folder("./").file("a.dig", "one").file("sub/日本.sql", "two").ended
    let zip = ZipBytes().entry("a.dig", "one").entry("sub/日本.sql", "two").ended
    let bytes = format == "zip" ? zip : format == "tar" ? tar : GzipBytes.pack(tar)
    let out = try unpack(bytes)
    #expect(try out.text("a.dig") == "one")
    #expect(try out.text("sub/日本.sql") == "two")
    #expect(try out.names() == ["a.dig", "sub", "sub/日本.sql"])
  }

  @Test func `names that only look dangerous are ordinary names`() throws {
    let names = [
      "‥", "．．", "...", "..a", "a..", "%2e%2e", "~", "$HOME", "-rf", "a b", "c:d", "é", "e\u{301}",
    ]
    let out = try unpack(names.reduce(TarBytes()) { $0.file($1, $1) }.ended)
    #expect(
      try out.names().map { Array($0.utf8) }
        == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    )
    for name in names { #expect(try Array(out.text(name).utf8) == Array(name.utf8)) }
  }

  @Test func `rights other than to execute are dropped`() throws {
    let tar = TarBytes().entry("set", mode: 0o6777).entry("bare", mode: 0).folder("d")
      .entry("sticky", "5", mode: 0o1000)
    let out = try unpack(tar.ended)
    #expect(try out.mode("set") == 0o755)
    #expect(try out.mode("bare") == 0o644)
    #expect(try out.mode("d") == 0o755)
    #expect(try out.mode("sticky") == 0o755)
    #expect(try out.mode("") == 0o755)
  }

  @Test func `links that stay inside are made`() throws {
    let tar = TarBytes().file("d/x", "1").link("l", to: "d/x").link("d/up", to: "../d/./x")
      .link("later", to: "z/y").file("z/y", "2").hardLink("h", to: "./d//x").link("gone", to: "no")
      .link("root", to: ".").link("through", to: "root/d/x")
    let out = try unpack(tar.ended)
    #expect(try out.text("l") == "1")
    #expect(try out.text("d/up") == "1")
    #expect(try out.text("later") == "2")
    #expect(try out.text("h") == "1")
    #expect(try out.text("through") == "1")
    #expect(try out.target("gone") == "no")
  }

  @Test func `of two entries with one name the last counts`() throws {
    let tar = TarBytes().file("a", "old").hardLink("b", to: "a").file("a", "new")
      .link("l", to: "a").link("l", to: "b").folder("d").folder("d/")
    let out = try unpack(tar.ended)
    #expect(try out.text("a") == "new")
    #expect(try out.text("b") == "old")
    #expect(try out.target("l") == "b")
  }

  @Test func `long names come in headers of POSIX and of GNU`() throws {
    let name = String(repeating: "n", count: 255)
    let path = String(repeating: "folder/", count: 200) + name
    let tar = TarBytes().file(name, "1").gnu(Array("g/\(name)".utf8)).file("x", "2").file(path, "3")
    let out = try unpack(tar.ended)
    #expect(try out.text(name) == "1")
    #expect(try out.text("g/\(name)") == "2")
    #expect(try out.text(path) == "3")
  }

  @Test func `a folder that exists is left alone`() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", to: "out/x")
    let archive = folder.path + "/archive"
    try Data(TarBytes().file("x").ended).write(to: URL(filePath: archive))
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.unpack(archive, into: folder.path + "/out")
    }
    #expect(error?.code == .conflict)
    #expect(try String(contentsOfFile: folder.path + "/out/x", encoding: .utf8) == "mine")
    #expect(try FolderTree.names(in: folder.path) == ["archive", "out"])
  }

  @Test func `an archive that is not there is told with its path`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ProjectError.self) {
      try ProjectArchive.unpack(folder.path + "/nowhere", into: folder.path + "/out")
    }
    #expect(error?.code == .io)
    #expect(error?.message.contains("nowhere") == true)
  }

  // The check value of CRC-32 in the catalogue of parametrised CRC algorithms by G. Cook.
  @Test func `the checksum is that of gzip`() {
    #expect(GzipBytes.crc(Array("123456789".utf8)) == 0xcbf4_3926)
  }

  private func unpack(_ bytes: [UInt8]) throws -> UnpackedFolder {
    let folder = try TemporaryFolder()
    let archive = folder.path + "/archive"
    try Data(bytes).write(to: URL(filePath: archive))
    try ProjectArchive.unpack(archive, into: folder.path + "/out")
    return UnpackedFolder(folder: folder, path: folder.path + "/out")
  }
}

/// What was unpacked, for looking at.
struct UnpackedFolder {
  let folder: TemporaryFolder
  let path: String

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func target(_ name: String) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)
  }

  func mode(_ name: String) throws -> Int {
    let found = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
    return try #require(found[.posixPermissions] as? NSNumber).intValue
  }

  /// Every file, folder and link, in the order of their bytes.
  func names(in inner: String = "") throws -> [String] {
    let place = inner.isEmpty ? path : path + "/" + inner
    return try FolderTree.names(in: place).flatMap { name in
      let full = inner.isEmpty ? name : inner + "/" + name
      var status = stat()
      lstat(path + "/" + full, &status)
      return [full] + (status.st_mode & S_IFMT == S_IFDIR ? try names(in: full) : [])
    }
  }
}
