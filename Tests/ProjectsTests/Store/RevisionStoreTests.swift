import Foundation
import Storage
import TestKit
import Testing
import Values
import WorkflowLanguage

@testable import Projects

@Suite struct RevisionStoreTests {
  private func flow(_ number: Int) -> [String: String] { ["a.dig": "+t: {echo>: \(number)}"] }

  @Test func `revisions come newest first, page by page`() throws {
    let data = try DataFolder()
    let made = try (0..<5).map { try data.push("p", "v\($0)", flow($0)) }
    _ = try data.push("other", flow(9))
    let project = made[0].project
    let first = try data.store.revisions(of: project, limit: 2)
    #expect(first.map(\.name) == ["v4", "v3"])
    let second = try data.store.revisions(of: project, before: first.last?.id, limit: 2)
    #expect(second.map(\.name) == ["v2", "v1"])
    #expect(try data.store.revisions(of: project, before: second.last?.id).map(\.name) == ["v0"])
    #expect(try data.store.latest(of: project) == made[4])
    #expect(try data.store.latest(of: 999) == nil)
    #expect(try data.store.revision(of: project, named: "v3") == made[3])
    #expect(try data.store.revision(of: project, named: "v9") == nil)
    #expect(try data.store.revision(999) == nil)
  }

  @Test func `projects are listed by name with what was pushed last`() throws {
    let data = try DataFolder()
    _ = try data.push("b", flow(1))
    let a = try data.push("a", flow(1))
    let b = try data.push("b", flow(2))
    #expect(try data.store.projects().map(\.name) == ["a", "b"])
    #expect(try data.store.projects().map(\.latest) == [a, b])
    #expect(try data.store.project(named: "b")?.id == b.project)
    #expect(try data.store.project(named: "c") == nil)
    #expect(try data.store.project(a.project)?.createdAt == 1_000)
  }

  @Test func `a deleted project frees its name and keeps its history`() throws {
    let data = try DataFolder()
    let old = try data.push("p", "v1", flow(1))
    try data.store.delete(project: old.project)
    #expect(try data.store.projects() == [])
    #expect(try data.store.project(named: "p") == nil)
    #expect(try data.store.project(old.project)?.deletedAt == 1_000)
    #expect(try data.store.revision(old.id) == old)
    #expect(try data.store.files(of: old).hasSuffix(old.hash))
    let names = try data.database.read { try $0.rows("SELECT name FROM projects ORDER BY id") }
    #expect(names.map { $0["name"]?.string } == ["p#deleted-\(old.project)"])
    let new = try data.push("p", "v1", flow(2))
    #expect(new.project != old.project)
    #expect(try data.store.projects().map(\.id) == [new.project])
    let error = #expect(throws: ProjectError.self) { try data.store.delete(project: old.project) }
    #expect(error?.code == .unknown)
  }

  @Test func `files may be read and not written, and come back when they are gone`() throws {
    let data = try DataFolder()
    let made = try data.push("p", ["a.dig": "+t: {echo>: 1}", "sub/x.sql": "SELECT 1"])
    let files = try data.store.files(of: made)
    let unpacked = UnpackedFolder(folder: data.folder, path: files)
    for _ in 0..<2 {
      #expect(try unpacked.text("sub/x.sql") == "SELECT 1")
      #expect(try unpacked.mode("") == 0o555)
      #expect(try unpacked.mode("sub") == 0o555)
      #expect(try unpacked.mode("sub/x.sql") == 0o444)
      try FolderTree.remove(files)
      #expect(try data.store.files(of: made) == files)
    }
    #expect(try data.unpacked == [made.hash])
  }

  @Test func `an archive that is damaged or gone is told`() throws {
    let data = try DataFolder()
    let made = try data.push("p", flow(1))
    try FolderTree.remove(try data.store.files(of: made))
    let archive = try data.store.archive(of: made)
    try FolderTree.remove(archive)
    let gone = #expect(throws: ProjectError.self) { try data.store.files(of: made) }
    #expect(gone?.message.contains("is missing") == true)
    #expect(throws: ProjectError.self) { try data.store.archive(of: made) }
    try Data("other".utf8).write(to: URL(filePath: archive))
    let damaged = #expect(throws: ProjectError.self) { try data.store.files(of: made) }
    #expect(damaged?.code == .io)
    #expect(damaged?.message.contains("is damaged") == true)
    #expect(try data.push("p", flow(1)).hash == made.hash)
    #expect(try data.store.files(of: made).hasSuffix(made.hash))
  }

  @Test func `workflows are loaded once for each archive`() throws {
    let data = try DataFolder()
    let made = try data.push("p", flow(1))
    #expect(try data.store.workflows(of: made).map(\.name) == ["a"])
    try FolderTree.remove(try data.store.files(of: made))
    try FolderTree.remove(try data.store.archive(of: made))
    #expect(try data.store.workflows(of: made).map(\.name) == ["a"])
  }

  @Test func `the cache forgets what was used longest ago`() throws {
    let cache = WorkflowCache(capacity: 2)
    var loaded: [String] = []
    for hash in ["a", "b", "a", "c", "a", "b"] {
      _ = try cache.workflows(of: hash) {
        loaded.append(hash)
        return []
      }
    }
    #expect(loaded == ["a", "b", "c", "b"])
  }

  @Test func `what no revision names can be removed when it is old`() throws {
    let data = try DataFolder()
    let made = try data.push("p", flow(1))
    let orphan = String(repeating: "0", count: 64)
    try data.folder.write("12345", to: "archives/\(orphan).tar.gz")
    try data.folder.write("x", to: "revisions/\(orphan)/sub/x")
    try RevisionFiles.protect(data.folder.path + "/revisions/\(orphan)")
    try data.folder.write("x", to: "revisions/.unfinished-1/x")
    try data.folder.write("x", to: "archives/young.tar.gz")
    let old = Date(timeIntervalSince1970: 0)
    for name in [
      "archives/\(orphan).tar.gz", "revisions/\(orphan)", "revisions/.unfinished-1",
      "archives/\(made.hash).tar.gz",
    ] {
      try FileManager.default.setAttributes(
        [.modificationDate: old],
        ofItemAtPath: data.folder.path + "/" + name
      )
    }
    #expect(
      try data.store.unused(keeping: [orphan], age: 500).paths.map { $0.suffix(13) } == [
        ".unfinished-1"
      ]
    )
    #expect(try data.store.unused(age: 1_000).paths == [])
    let unused = try data.store.unused(age: 500)
    #expect(unused.sizeInBytes == 5)
    #expect(unused.paths.count == 3)
    #expect(try data.store.removeUnused(age: 500) == unused)
    #expect(try data.archives == ["\(made.hash).tar.gz", "young.tar.gz"].sorted())
    #expect(try data.unpacked == [made.hash])
  }
}
