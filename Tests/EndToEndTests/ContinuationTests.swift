import Foundation
import TestKit
import Testing
import Values

/// A session whose process was killed goes on with the same attempt.
@Suite struct ContinuationTests {
  private let session = ["--session", "2024-01-01"]

  /// Runs until a task says that it has begun, then kills the process.
  private func cutOff(_ project: ProjectFixture) async throws {
    let process = TadoruProcess(["run", "w"] + session, in: project.folder.path)
    try process.start()
    let deadline = ContinuousClock.now + .seconds(20)
    while !project.folder.contains("begun"), ContinuousClock.now < deadline { await Task.yield() }
    process.send(SIGKILL)
    _ = await process.finish()
  }

  private func project() throws -> ProjectFixture {
    try ProjectFixture([
      "w.dig": """
      _export: {word: old}
      +a:
        sh>: echo a >> trace
      +loop:
        loop>: 3
        _do:
          +x:
            sh>: echo x${i} >> trace
      +b:
        sh>: touch begun; test -f go || sleep 60
      +c:
        echo>: "${word} ${attempt_id} ${p}"
      """
    ])
  }

  private func trace(_ project: ProjectFixture) throws -> String {
    try String(contentsOfFile: project.folder.path + "/trace", encoding: .utf8)
  }

  @Test func `the same attempt goes on with its definition and its parameters`() async throws {
    let project = try project()
    try project.folder.write("{\"p\": \"first\"}", to: "p.json")
    let process = TadoruProcess(
      ["run", "w", "-P", project.folder.path + "/p.json"] + session,
      in: project.folder.path
    )
    try process.start()
    let deadline = ContinuousClock.now + .seconds(20)
    while !project.folder.contains("begun"), ContinuousClock.now < deadline { await Task.yield() }
    process.send(SIGKILL)
    _ = await process.finish()

    let text = try String(contentsOfFile: project.folder.path + "/w.dig", encoding: .utf8)
    try project.folder.write(text.replacing("word: old", with: "word: new"), to: "w.dig")
    try project.folder.write("", to: "go")
    let (outcome, report) = try await project.run("w", session + ["-p", "p=second"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "old 1 first\n")
    #expect(outcome.errors.contains("the workflow changed since attempt 1 began"))
    #expect(outcome.errors.contains("--rerun"))
    #expect(outcome.errors.contains("with the parameters it began with"))
    #expect(report.state("+w+loop^sub+loop-2+x") == "success")
    #expect(try trace(project) == "a\nx0\nx1\nx2\n")
    let again = try await project.run("w", session)
    #expect(again.outcome.errors.contains("attempt 2"))
    #expect(!again.outcome.errors.contains("goes on where"))
  }

  @Test func `asked to run everything again, a new attempt begins and the old one is closed`()
    async throws
  {
    let project = try project()
    try await cutOff(project)
    try project.folder.write("", to: "go")
    let (outcome, _) = try await project.run("w", session + ["--rerun", "-p", "p=x"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("attempt 1 was cut off"))
    #expect(outcome.output == "old 2 x\n")
    #expect(try trace(project) == "a\nx0\nx1\nx2\na\nx0\nx1\nx2\n")
  }

  @Test func `a dry run leaves nothing that a run would take for done`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  sh>: echo a >> trace\n"])
    #expect(try await project.run("w", session + ["--dry-run"]).outcome.status == 0)
    #expect(!project.folder.contains("trace"))
    #expect(try await project.run("w", session).outcome.status == 0)
    #expect(try trace(project) == "a\n")
  }

  @Test func `a task beyond its time limit ends the attempt as killed`() async throws {
    let project = try ProjectFixture([
      "w.dig": "_error:\n  echo>: never\n+a:\n  sh>: sleep 60\n+b:\n  echo>: never\n"
    ])
    let (outcome, report) = try await project.run("w", ["--task-timeout", "1s"])
    #expect(outcome.status == 130)
    #expect(outcome.output.isEmpty)
    #expect(report.status == "killed")
    #expect(report.error("+w+a")?.contains("time limit of a task, 1s") == true)
    #expect(outcome.errors.contains("+w+a"))
    let wrong = try await TadoruProcess.run(
      ["run", "w", "--task-timeout", "soon"],
      in: project.folder.path
    )
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("--task-timeout"))
  }

  @Test func `a million iterations beyond the limit are refused before they are made`() async throws
  {
    let list = "[" + (0..<1_000_000).map(String.init).joined(separator: ",") + "]"
    let project = try ProjectFixture([
      "w.dig": """
      _parallel: true
      +loop: {loop>: 1000000000, _do: {echo>: x}}
      +each:
        for_each>: {a: "${list}", b: "${list}"}
        _do: {echo>: x}
      +range: {for_range>: {from: 0, to: 9223372036854775807, step: 1}, _do: {echo>: x}}
      +many:
        loop>: 1000
        _do: {+a: {echo>: x}, +b: {echo>: x}}
      """,
      "p.json": "{\"list\": \(list)}",
    ])
    let (outcome, report) = try await project.run("w", ["-P", project.folder.path + "/p.json"])
    #expect(outcome.status == 1)
    #expect(report.error("+w+loop")?.contains("Too many loop subtasks. Limit: 1000") == true)
    #expect(report.error("+w+each")?.contains("Too many for_each subtasks. Limit: 1000") == true)
    #expect(report.error("+w+range")?.contains("Too many for_range subtasks. Limit: 1000") == true)
    #expect(report.error("+w+many")?.contains("Too many tasks. Limit: 1000") == true)
  }

  @Test func `limits come from the configuration, and an option has the last word`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: a\n+b:\n  echo>: b\n"])
    let file = try project.folder.write("limits: {tasks: 2, parallel: 1}\n", to: "config.yml")
    func run(_ options: [String], _ configuration: String) async throws -> TadoruProcess.Outcome {
      try await TadoruProcess.run(
        ["run", "w"] + options,
        in: project.folder.path,
        environment: ["TADORU_CONFIG": configuration]
      )
    }
    let refused = try await run([], file)
    #expect(refused.status == 3)
    #expect(refused.errors.contains("Too many tasks. Limit: 2"))
    #expect(try await run(["--task-limit", "3"], file).status == 0)
    for text in ["limits: {tasks: 0}", "limits: {task_timeout: soon}", "limits: {tsaks: 5}"] {
      let wrong = try project.folder.write(text, to: "wrong.yml")
      let outcome = try await run([], wrong)
      #expect(outcome.status == 2, "\(text)")
      #expect(outcome.errors.contains("of the configuration"))
    }
  }
}
