import Foundation
import TestKit
import Testing
import Values

@Suite struct RequireTests {
  @Test func `a workflow of the project is run in the same process, once for a session`()
    async throws
  {
    let project = try ProjectFixture([
      "a.dig": "+r:\n  require>: b\n  params: {x: 7}\n+after:\n  sh>: echo a >> trace\n",
      "b.dig": "+s:\n  sh>: echo b $x >> trace\n",
    ])
    for _ in 0..<2 {
      let (outcome, _) = try await project.run(
        "a",
        ["--session", "2024-01-01", "--rerun", "-p", "x=1"]
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let trace = try String(contentsOfFile: project.folder.path + "/trace", encoding: .utf8)
    #expect(trace == "b 7\na\na\n")
    let log = try await TadoruProcess.run(["log", "2", "--raw"], in: project.folder.path)
    #expect(log.status == 0)
    let sessions = try await TadoruProcess.run(["sessions", "--json"], in: project.folder.path)
    let list = try #require(try JSON.decode(sessions.output).array).compactMap(\.object)
    #expect(list.map { $0["workflow"]?.string } == ["a", "b"])
    #expect(list.map { $0["attempts"]?.int } == [2, 1])
  }

  @Test func `a workflow that several require runs once`() async throws {
    let tasks = (0..<8).map { "  +r\($0):\n    require>: \($0 % 2 == 0 ? "b" : "c")\n" }
    let project = try ProjectFixture([
      "a.dig": "+all:\n  _parallel: true\n" + tasks.joined(),
      "b.dig": "+s:\n  sh>: sleep 0.2; echo b >> trace\n", "c.dig": "+r:\n  require>: b\n",
    ])
    let (outcome, _) = try await project.run("a", ["--session", "2024-01-01"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let trace = try String(contentsOfFile: project.folder.path + "/trace", encoding: .utf8)
    #expect(trace == "b\n")
  }

  @Test func `a workflow of the project beside is run there`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("+r:\n  require>: load\n  project_name: sources\n", to: "main/a.dig")
    try folder.write("+s:\n  sh>: echo here > trace\n", to: "sources/load.dig")
    let outcome = try await TadoruProcess.run(["run", "a"], in: folder.path + "/main")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(folder.contains("sources/trace"))
    #expect(folder.contains("sources/.tadoru/attempts/1/attempt.log"))
  }

  @Test(arguments: [
    ("require>: c", "Dependent workflow does not exist: `c`"),
    ("require>: b.dig", "write the name without `.dig`"),
    ("require>: b\n  project_name: nowhere", "there is no project `nowhere` beside"),
    ("require>: b\n  project_name: ../x", "must be the name of a folder"),
    ("require>: b\n  project_id: 77", "a local run knows no project 77"),
    ("require>: b", "Dependent workflow failed: b, attempt 2: error"),
  ])
  func `what cannot be required fails the task`(option: String, words: String) async throws {
    let project = try ProjectFixture([
      "a.dig": "+r:\n  \(option)\n", "b.dig": "+s:\n  fail>: no\n",
    ])
    let (outcome, report) = try await project.run("a")
    #expect(outcome.status == 1)
    #expect(try #require(report.error("+a+r")).contains(words), "\(outcome.errors)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `attempts that wait for each other are refused with the chain`() async throws {
    let project = try ProjectFixture([
      "a.dig": "+r:\n  require>: b\n", "b.dig": "+r:\n  require>: c\n",
      "c.dig": "+r:\n  require>: a\n", "own.dig": "+r:\n  require>: own\n",
    ])
    let (outcome, _) = try await project.run("a", ["--session", "2024-01-01"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("they would wait for ever"))
    #expect(
      outcome.errors.contains("`c` requires `a` requires `b` requires `c`")
        || outcome.errors.contains("`a` requires `b` requires `c` requires `a`")
        || outcome.errors.contains("`b` requires `c` requires `a` requires `b`")
    )
    let (_, own) = try await project.run("own")
    #expect(try #require(own.error("+own+r")).contains("`own` requires `own`"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a circle through two processes is refused too`() async throws {
    let project = try ProjectFixture([
      "a.dig": "+w:\n  sh>: while ! test -f go; do sleep 0.05; done\n+r:\n  require>: b\n",
      "b.dig": "+w:\n  sh>: while ! test -f go; do sleep 0.05; done\n+r:\n  require>: a\n",
    ])
    let processes = ["a", "b"].map {
      TadoruProcess(["run", $0, "--session", "2024-01-01"], in: project.folder.path)
    }
    for process in processes { try process.start() }
    let lock = project.folder.path + "/.tadoru/attempts/2/attempt.log"
    while processes.allSatisfy(\.isRunning),
      FileManager.default.contents(atPath: lock)?.range(of: Data("started sh".utf8)) == nil
    {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    try project.folder.write("", to: "go")
    var words = ""
    for process in processes {
      let outcome = await process.finish()
      #expect(outcome.status == 1, "\(outcome.errors)")
      words += outcome.errors
    }
    #expect(words.contains("they would wait for ever"), "\(words)")
  }

  @Test func `what is required is killed with the attempt that requires it`() async throws {
    let mark = "8\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture([
      "a.dig": "+r:\n  require>: b\n", "b.dig": "+s:\n  sh>: sleep \(mark)\n",
    ])
    let run = TadoruProcess(["run", "a"], in: project.folder.path)
    try run.start()
    let processes = ProcessesOfFolder(project.folder.path)
    #expect(
      try await processes.wait(atMost: .seconds(20)) { lines in
        lines.contains { $0.hasPrefix("sleep \(mark)") }
      }
    )
    _ = try await TadoruProcess.run(["kill", "1"], in: project.folder.path)
    #expect(await run.finish().status == 130)
    #expect(try await processes.wait(atMost: .seconds(5)) { $0.isEmpty })
    let attempts = try await TadoruProcess.run(["attempts", "--json"], in: project.folder.path)
    let states = try JSON.decode(attempts.output).array?.map { $0.object?["status"]?.string }
    #expect(states == ["killed", "killed"])
  }

  @Test func `what was required when the process died goes on with the one that requires it`()
    async throws
  {
    let mark = "9\(Int.random(in: 100_000...999_999))"
    let project = try ProjectFixture([
      "a.dig": "+r:\n  require>: b\n",
      "b.dig": "+s:\n  sh>: echo s >> trace\n+t:\n  sh>: test -f go || sleep \(mark)\n",
    ])
    let run = TadoruProcess(["run", "a", "--session", "2024-01-01"], in: project.folder.path)
    try run.start()
    let processes = ProcessesOfFolder(project.folder.path)
    #expect(
      try await processes.wait(atMost: .seconds(20)) { lines in
        lines.contains { $0.hasPrefix("sleep \(mark)") }
      }
    )
    run.send(SIGKILL)
    _ = await run.finish()
    #expect(try await processes.wait(atMost: .seconds(5)) { $0.isEmpty })
    try project.folder.write("", to: "go")
    let (outcome, _) = try await project.run("a", ["--session", "2024-01-01"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try String(contentsOfFile: project.folder.path + "/trace", encoding: .utf8) == "s\n"
    )
  }
}
