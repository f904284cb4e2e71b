import Foundation
import TestKit
import Testing

@Suite struct KillTests {
  /// Processes whose command line holds a word.
  private func processes(_ word: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { Int($0) != nil }.filter { pid in
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
        return false
      }
      return String(decoding: bytes, as: UTF8.self).contains(word)
    }
  }

  private func eventually(_ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      if condition() { return true }
      await Task.yield()
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    return condition()
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal kills the attempt with its processes and gives 130`(signal: Int32) async throws {
    let mark = "7\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture([
      "w.dig": "_error:\n  echo>: never\n+a:\n  sh>: sleep \(mark)\n+b:\n  echo>: never\n"
    ])
    let file = project.folder.path + "/report.json"
    let process = TadoruProcess(["run", "w", "--report", file], in: project.folder.path)
    try process.start()
    #expect(try await eventually { !processes("sleep\0\(mark)").isEmpty })
    process.send(signal)
    let outcome = await process.finish()
    #expect(outcome.status == 130)
    #expect(outcome.output.isEmpty)
    #expect(try await eventually { processes("sleep\0\(mark)").isEmpty })
    let report = try String(contentsOfFile: file, encoding: .utf8)
    #expect(report.contains("\"killed\""))
    #expect(report.contains("\"canceled\""))
  }

  @Test func `kill -9 leaves no process of a task behind and the session goes on afterwards`()
    async throws
  {
    let mark = "8\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture([
      "w.dig": "+a:\n  sh>: echo a >> trace\n+b:\n  sh>: test -f go || sleep \(mark)\n"
    ])
    let process = TadoruProcess(["run", "w", "--session", "2024-01-01"], in: project.folder.path)
    try process.start()
    #expect(try await eventually { !processes("sleep\0\(mark)").isEmpty })
    process.send(SIGKILL)
    _ = await process.finish()
    #expect(try await eventually { processes("sleep\0\(mark)").isEmpty })
    try project.folder.write("", to: "go")
    let (outcome, report) = try await project.run("w", ["--session", "2024-01-01"])
    #expect(outcome.status == 0)
    #expect(report.status == "success")
    #expect(try String(contentsOfFile: project.folder.path + "/trace", encoding: .utf8) == "a\n")
  }

  @Test func `a session that runs is not run a second time, and a dead run is gone on with`()
    async throws
  {
    let mark = "6\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture(["w.dig": "+a:\n  sh>: test -f go || sleep \(mark)\n"])
    let session = ["--session", "2024-01-01"]
    let process = TadoruProcess(["run", "w"] + session, in: project.folder.path)
    try process.start()
    #expect(try await eventually { !processes("sleep\0\(mark)").isEmpty })
    let second = try await project.run("w", session)
    #expect(second.outcome.status == 1)
    #expect(second.outcome.errors.contains("is being run already"))
    process.send(SIGKILL)
    _ = await process.finish()
    try project.folder.write("", to: "go")
    let third = try await project.run("w", session)
    #expect(third.outcome.status == 0)
    #expect(third.outcome.errors.contains("attempt 1"))
    #expect(third.outcome.errors.contains("goes on where it was cut off"))
    #expect(!(try await project.run("w", session)).outcome.errors.contains("was cut off"))
  }

  @Test func `a dead run of another session is recorded as failed, with the command that goes on`()
    async throws
  {
    let mark = "5\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture(["w.dig": "+a:\n  sh>: test -f go || sleep \(mark)\n"])
    let process = TadoruProcess(["run", "w", "--session", "2024-01-01"], in: project.folder.path)
    try process.start()
    #expect(try await eventually { !processes("sleep\0\(mark)").isEmpty })
    process.send(SIGKILL)
    _ = await process.finish()
    try project.folder.write("", to: "go")
    let other = try await project.run("w", ["--session", "2024-01-02"])
    #expect(other.outcome.status == 0)
    #expect(other.outcome.errors.contains("attempt 1 was cut off"))
    #expect(other.outcome.errors.contains("tadoru retry 1"))
  }
}
