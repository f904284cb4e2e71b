import Foundation
import Storage
import TestKit
import Testing
import Values
import WorkflowLanguage

@testable import Projects

@Suite struct PushTests {
  private let flow = "+t: {echo>: 1}"

  @Test func `a push makes a project and a revision`() throws {
    let data = try DataFolder()
    let archive = try data.archive(["b.dig": flow, "a.dig": flow, "q.sql": "SELECT 1"])
    let made = try data.store.push(project: "churn", revision: "v1", archive: archive, account: 7)
    #expect(made.projectName == "churn")
    #expect(made.name == "v1")
    #expect(made.workflows == ["a", "b"])
    #expect(made.account == 7)
    #expect(made.createdAt == 1_000)
    #expect(made.hash == (try ProjectArchive.hash(of: archive).hash))
    #expect(made.sizeInBytes == (try ProjectArchive.hash(of: archive).sizeInBytes))
    #expect(try data.store.revision(made.id) == made)
    #expect(try data.archives == [made.hash + ".tar.gz"])
    #expect(try data.unpacked == [made.hash])
    #expect(
      FileManager.default.contentsEqual(atPath: archive, andPath: try data.store.archive(of: made))
    )
  }

  @Test func `a revision without a name is given one`() throws {
    let data = try DataFolder()
    #expect(try data.push("p", ["a.dig": flow]).name == "name-1")
    #expect(try data.push("p", ["a.dig": flow]).name == "name-2")
    #expect(try data.archives.count == 1)
  }

  @Test func `the same bytes under the same name change nothing, others are a conflict`() throws {
    let data = try DataFolder()
    let first = try data.push("p", "v1", ["a.dig": flow])
    #expect(try data.push("p", "v1", ["a.dig": flow]) == first)
    let error = #expect(throws: ProjectError.self) {
      try data.push("p", "v1", ["a.dig": "+other: {echo>: 2}"])
    }
    #expect(error?.code == .conflict)
    #expect(error?.message == "the project `p` has a revision `v1` with other files")
    #expect(try data.store.revisions(of: first.project) == [first])
    #expect(try data.push("q", "v1", ["a.dig": flow]).project != first.project)
  }

  @Test func `a project with mistakes is refused with all of them and nothing is kept`() throws {
    let data = try DataFolder()
    let error = #expect(throws: ProjectError.self) {
      try data.push(
        "p",
        ["a.dig": "+t: {a>: 1, b>: 2}", "b.dig": flow, "c.dig": "x: ${a ? b : c}"]
      )
    }
    #expect(error?.code == .refused)
    let files = error?.diagnostics.filter { $0.severity == .error }.compactMap { $0.location?.file }
    #expect(files.map { Set($0) } == ["a.dig", "c.dig"])
    #expect(try data.store.projects() == [])
    #expect(try data.archives == [])
    #expect(try data.unpacked == [])
  }

  @Test func `an archive without workflows is refused and its place is not told`() throws {
    let data = try DataFolder()
    let error = #expect(throws: ProjectError.self) { try data.push("p", ["a.txt": ""]) }
    #expect(error?.code == .refused)
    #expect(error?.diagnostics.first?.message.contains("no workflow in the archive") == true)
  }

  @Test func `a bad archive is refused and nothing is kept`() throws {
    let data = try DataFolder()
    let archive = data.folder.path + "/bad"
    let bytes = GzipBytes.pack(TarBytes().file("a.dig", flow).file("../evil").ended)
    try Data(bytes).write(to: URL(filePath: archive))
    let error = #expect(throws: ProjectError.self) {
      try data.store.push(project: "p", archive: archive)
    }
    #expect(error?.code == .badArchive)
    #expect(try data.archives == [])
    #expect(try data.unpacked == [])
  }

  @Test(arguments: ["tar", "zip"])
  func `a tar and a zip are kept as a gzip tar`(format: String) throws {
    let data = try DataFolder()
    let archive = data.folder.path + "/pushed"
    let tar = TarBytes().file("a.dig", flow).file(".keep", "").ended
    let zip = ZipBytes().entry("a.dig", flow).entry(".keep", "").ended
    try Data(format == "tar" ? tar : zip).write(to: URL(filePath: archive))
    let made = try data.store.push(project: "p", revision: "v", archive: archive)
    #expect(try data.store.push(project: "p", revision: "v", archive: archive) == made)
    let kept = try data.store.archive(of: made)
    #expect(try ArchiveCheck.format(of: kept) == .gzipTar)
    #expect(try ProjectArchive.hash(of: kept).hash == made.hash)
    #expect(try FolderTree.names(in: data.store.files(of: made)) == [".keep", "a.dig"])
  }

  @Test(
    arguments: [
      "", " ", "1st", "_x", "-x", ".x", "x.dig", "a/b", "a\\b", "a\nb", "a#b", " a", "a ",
      "\u{202e}a",
      String(repeating: "a", count: 256),
    ])
  func `a name that cannot be used is refused`(name: String) throws {
    let data = try DataFolder()
    let error = #expect(throws: ProjectError.self) { try data.push(name, ["a.dig": flow]) }
    #expect(error?.code == .invalidName)
  }

  @Test(arguments: ["churn", "Customer churn", "日本", "a.b-c_d", String(repeating: "a", count: 255)])
  func `other names can be used`(name: String) throws {
    #expect(try DataFolder().push(name, ["a.dig": flow]).projectName == name)
  }

  @Test func `a revision name that cannot be used is refused`() throws {
    let data = try DataFolder()
    for name in ["", "a\u{0}b", " a", String(repeating: "a", count: 256)] {
      let error = #expect(throws: ProjectError.self) { try data.push("p", name, ["a.dig": flow]) }
      #expect(error?.code == .invalidName)
    }
    #expect(try data.push("p", "2026-11-28/1 #3", ["a.dig": flow]).name == "2026-11-28/1 #3")
  }

  @Test func `pushes at the same time are all kept`() async throws {
    let data = try DataFolder()
    let same = try data.archive(["a.dig": flow])
    let others = try (0..<4).map { try data.archive(["a.dig": "+t\($0): {echo>: 1}"]) }
    let store = data.store
    let made = try await withThrowingTaskGroup(of: Revision.self) { group in
      for archive in others + [same, same, same, same] {
        group.addTask {
          let hash = try ProjectArchive.hash(of: archive).hash
          return try store.push(project: "p", revision: hash, archive: archive)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(made.map(\.id)).count == 5)
    #expect(try store.projects().count == 1)
    #expect(try data.archives.count == 5)
    #expect(try data.unpacked.count == 5)
  }

  @Test func `a project the engine knows already is taken over`() throws {
    let data = try DataFolder()
    try data.database.write { connection in
      _ = try connection.execute("INSERT INTO projects (id, name) VALUES (41, 'p')")
    }
    #expect(try data.push("p", ["a.dig": flow]).project == 41)
  }
}
