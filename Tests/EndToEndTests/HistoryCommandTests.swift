import Foundation
import TestKit
import Testing
import Values

@Suite struct HistoryCommandTests {
  private func json(_ project: ProjectFixture, _ arguments: [String]) async throws -> Value {
    let outcome = try await TadoruProcess.run(arguments + ["--json"], in: project.folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSON.decode(outcome.output)
  }

  @Test func `sessions, attempts and tasks are listed for people and for scripts`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  store>: {x: 1}\n+b:\n  echo>: ${x}\n", "v.dig": "+f:\n  fail>: no\n",
    ])
    for workflow in ["w", "v"] {
      _ = try await project.run(workflow, ["--session", "2024-01-01", "-p", "k=v"])
    }
    let sessions = try #require(try await json(project, ["sessions"]).array).compactMap(\.object)
    #expect(sessions.map { $0["workflow"]?.string } == ["v", "w"])
    #expect(sessions.map { $0["status"]?.string } == ["error", "success"])
    #expect(try await json(project, ["sessions", "w.dig"]).array?.count == 1)
    let attempts = try #require(try await json(project, ["attempts", "--session", "1"]).array)
    #expect(attempts.first?.object?["session_time"] == "2024-01-01T00:00:00+00:00")
    let attempt = try #require(try await json(project, ["attempt", "1"]).object)
    #expect(attempt["params"] == ["k": "v"])
    #expect(attempt["status"] == "success")
    let tasks = try #require(try await json(project, ["tasks", "1"]).array).compactMap(\.object)
    #expect(tasks.map { $0["name"]?.string } == ["+w", "+w+a", "+w+b"])
    #expect(tasks[1]["store_params"] == ["x": 1])
    #expect(tasks[2]["upstreams"] == [2])
    let text = try await TadoruProcess.run(["tasks", "1"], in: project.folder.path).output
    #expect(text.hasSuffix("3 entries.\n"))
    #expect(text.contains("name: +w+a"))
  }

  @Test(arguments: [
    ["attempt", "9"], ["tasks", "9"], ["log", "9"], ["attempts", "--session", "9"],
  ])
  func `an unknown number is refused with the numbers there are`(arguments: [String]) async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: hi\n"])
    let early = try await TadoruProcess.run(arguments, in: project.folder.path)
    #expect(early.status == 1)
    #expect(early.errors.contains("nothing was run"))
    _ = try await project.run("w")
    let outcome = try await TadoruProcess.run(arguments, in: project.folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("9"))
    #expect(outcome.errors.contains("lists"))
  }

  @Test func `the log of one task is a view of the log of its attempt`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      _parallel: true
      +a:
        sh>: "echo one; printf 'no end'"
      +b:
        echo>: two
      """
    ])
    _ = try await project.run("w")
    let log = try await TadoruProcess.run(["log", "1", "+a"], in: project.folder.path).output
    #expect(log.split(separator: "\n").count == 4)
    #expect(log.contains("Z [OUT] (+w+a) one\n"))
    #expect(log.contains("Z [OUT+] (+w+a) no end\n"))
    #expect(!log.contains("+w+b"))
    let raw = try await TadoruProcess.run(["log", "1", "a", "--raw"], in: project.folder.path)
    #expect(raw.output == "one\nno end")
    let quiet = try await TadoruProcess.run(
      ["log", "1", "--level", "warning"],
      in: project.folder.path
    )
    #expect(quiet.output.isEmpty)
    let lines = try await TadoruProcess.run(["log", "1", "+b", "--json"], in: project.folder.path)
    let last = try #require(lines.output.split(separator: "\n").dropLast().last)
    #expect(try JSON.decode(String(last)).object?["message"] == "two")
  }

  @Test func `a log is followed until the attempt ends`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  sh>: \"echo first; while ! test -f go; do sleep 0.05; done; echo last\"\n"
    ])
    let run = TadoruProcess(["run", "w"], in: project.folder.path)
    try run.start()
    let file = project.folder.path + "/.tadoru/attempts/1/attempt.log"
    while FileManager.default.contents(atPath: file)?.range(of: Data("] (+w+a) first".utf8)) == nil
    {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    let follow = TadoruProcess(["log", "1", "--raw", "--follow"], in: project.folder.path)
    try follow.start()
    try project.folder.write("", to: "go")
    #expect(await follow.finish().output == "first\nlast\n")
    #expect(await run.finish().status == 0)
  }

  // 500 MB at several hundred MB/s; the executable needs about 40 MB, and what is measured must not grow with the output.
  @Test func `half a gigabyte of output does not grow the memory`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  sh>: head -c 500000000 /dev/zero | tr '\\\\0' x | fold -w 120\n"
    ])
    let process = TadoruProcess(
      ["-c", "exec '\(TadoruProcess.executable)' run w >/dev/null"],
      in: project.folder.path,
      executable: "/bin/sh"
    )
    try process.start()
    async let outcome = process.finish()
    var peak = 0
    while let status = FileManager.default.contents(atPath: "/proc/\(process.identifier)/status"),
      let line = String(decoding: status, as: UTF8.self).firstMatch(of: /VmHWM:\s+(\d+) kB/)
    {
      peak = max(peak, Int(line.1) ?? 0)
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    let ended = await outcome
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(peak > 0)
    #expect(peak < 150 << 10, "\(peak) kB")
    let file = project.folder.path + "/.tadoru/attempts/1/attempt.log"
    let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
    #expect(try #require(size) < 65 << 20)
  }
}
