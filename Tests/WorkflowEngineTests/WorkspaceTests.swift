import Foundation
import Storage
import Synchronization
import TestKit
import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct WorkspaceTests {
  /// Writes into its folder, and notes where that was and what it found there.
  private final class Writer: Operator {
    let writes: Bool
    private let seen = Mutex<[(folder: String, project: String?, files: [String])]>([])
    var places: [(folder: String, project: String?, files: [String])] { seen.withLock { $0 } }

    init(writes: Bool) { self.writes = writes }

    func writesFiles(_ parameters: ObjectValue) -> Bool { writes }

    func run(_ context: TaskContext) async throws -> TaskOutcome {
      let files = try FileManager.default.contentsOfDirectory(atPath: context.workingDirectory)
      let project = context.parameters.value("_project_path")?.string
      seen.withLock { $0.append((context.workingDirectory, project, files.sorted())) }
      if writes {
        try "x".write(
          toFile: context.workingDirectory + "/made",
          atomically: false,
          encoding: .utf8
        )
      }
      return .done(TaskResult())
    }
  }

  private func run(_ worker: Writer, files: String, below root: String) async throws {
    let store = try AttemptStore(database: .inMemory())
    let root2 = group("+w", [task("+a"), task("+b")])
    let session = try store.session(
      project: store.project(named: "p"),
      workflow: "w",
      time: 0,
      newID: "s"
    )
    var machine = try AttemptStateMachine(root: root2)
    let attempt = try store.begin(
      NewAttempt(session: session.id, definition: definition(root2)),
      &machine,
      at: 0
    )
    let counter = Mutex(0)
    var environment = AttemptEnvironment.testing(["echo": worker], project: files)
    environment.workspace = {
      let number = counter.withLock { count in
        count += 1
        return count
      }
      return try Workspace(copying: files, to: "\(root)/\(number)")
    }
    let claim = try store.claim(attempt, owner: "test", lease: .seconds(30), at: 0)
    let runner = AttemptRunner(
      machine: machine,
      environment: environment,
      journal: store.journal(of: claim)
    )
    #expect(try await runner.run() == .success)
  }

  @Test func `a task that writes has a copy of its own, which is removed`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "files/a.txt")
    let worker = Writer(writes: true)
    try await run(worker, files: folder.path + "/files", below: folder.path + "/copies")
    #expect(worker.places.map(\.files) == [["a.txt"], ["a.txt"]])
    #expect(worker.places.map(\.folder) == [1, 2].map { "\(folder.path)/copies/\($0)" })
    #expect(worker.places.map(\.project) == worker.places.map(\.folder))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/copies").isEmpty
    )
    #expect(!folder.contains("files/made"))
  }

  @Test func `a task that only reads does so where the files are`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "files/a.txt")
    let worker = Writer(writes: false)
    try await run(worker, files: folder.path + "/files", below: folder.path + "/copies")
    #expect(worker.places.map(\.folder) == Array(repeating: folder.path + "/files", count: 2))
    #expect(!folder.contains("copies"))
  }

  @Test func `what may not be written to may be in the copy, and the copy goes whatever it holds`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write("1", to: "files/below/a.txt")
    let manager = FileManager.default
    for (path, mode) in [("files/below/a.txt", 0o444), ("files/below", 0o555), ("files", 0o555)] {
      try manager.setAttributes(
        [.posixPermissions: mode],
        ofItemAtPath: folder.path + "/" + path
      )
    }
    let copy = try Workspace(copying: folder.path + "/files", to: folder.path + "/w/1")
    let file = copy.directory + "/below/a.txt"
    let mode = try manager.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o644)
    try manager.setAttributes([.posixPermissions: 0], ofItemAtPath: copy.directory + "/below")
    copy.remove()
    #expect(!folder.contains("w/1"))
    for path in ["files", "files/below"] {
      try manager.setAttributes(
        [.posixPermissions: 0o755],
        ofItemAtPath: folder.path + "/" + path
      )
    }
  }
}
