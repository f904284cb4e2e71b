import Foundation
import TestKit
import Testing
import Values

@Suite struct WorkflowRunTests {
  @Test func `prints what the workflow prints on stdout and nothing else`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  echo>: hello ${name}\n+b:\n  sh>: printf 'x\\ty'\n"
    ])
    let (outcome, report) = try await project.run("w.dig", ["-p", "name=world"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "hello world\nx\ty")
    #expect(report.status == "success")
    #expect(report.state("+w+b") == "success")
    #expect(report.tasks("+w+b").first?["upstreams"] == ["+w+a"])
  }

  @Test func `a failing task gives exit code 1, its message, and leaves those behind it blocked`()
    async throws
  {
    let project = try ProjectFixture(["w.dig": "+a:\n  fail>: no luck\n+b:\n  echo>: never\n"])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("+w+a: no luck"))
    #expect(report.status == "error")
    #expect(report.error("+w+a") == "no luck")
    #expect(report.state("+w+b") == "blocked")
    #expect(report.state("+w") == "group_error")
    #expect(report.errors.first?["line"] == 1)
  }

  @Test func `a project with mistakes is refused with all of them and exit code 3`() async throws {
    let project = try ProjectFixture([
      "good.dig": "+a:\n  echo>: x\n",
      "bad.dig": "+a:\n  echo>: x\n  fail>: y\n+b:\n  _exprot: {}\n",
    ])
    let (outcome, report) = try await project.run("good")
    #expect(outcome.status == 3)
    #expect(report.status == "rejected")
    #expect(report.errors.count == 2)
    #expect(report.errors.allSatisfy { $0["file"] == "bad.dig" && $0["line"]?.int != nil })
    #expect(outcome.errors.contains("did you mean"))
  }

  @Test func `wrong usage gives exit code 2`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: x\n"])
    for arguments in [
      ["run"], ["run", "w", "--nonsense"], ["run", "missing"], ["run", "w", "-p", "novalue"],
      ["run", "w", "--session", "yesterday"], ["run", "w", "-P", "absent.yml"], ["frobnicate"],
      ["run", "w", "--start", "+nothing"],
    ] {
      let outcome = try await TadoruProcess.run(arguments, in: project.folder.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty)
    }
  }

  @Test func `stores travel on, errors reach the error task, checks run`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      _error:
        echo>: "saw ${error.message}"
      +loop:
        for_each>: {fruit: [apple, pear]}
        _do:
          echo>: "${fruit}"
      +checked:
        echo>: main
        _check:
          echo>: checked
      +broken:
        echo>: ${nope}
      """
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.hasPrefix(
        "apple\npear\nmain\nchecked\nsaw Failed to evaluate a variable ${nope}"
      )
    )
    #expect(report.state("+w+loop^sub+for-0=fruit=0=apple") == "success")
    #expect(report.state("+w+checked^check") == "success")
    #expect(report.state("+w^error") == "success")
    #expect(report.state("+w^failure-alert") == "success")
  }

  @Test func `the same session goes on where it failed; rerun, start and goal run more`()
    async throws
  {
    let project = try ProjectFixture([
      "w.dig": """
      +a:
        sh>: echo a >> trace
      +b:
        sh>: test -f go && echo b >> trace
      +c:
        sh>: echo c >> trace
      """
    ])
    let session = ["--session", "2024-05-02"]
    let path = project.folder.path
    func trace() throws -> String {
      try String(contentsOfFile: path + "/trace", encoding: .utf8).replacing("\n", with: "")
    }
    #expect(try await project.run("w", session).outcome.status == 1)
    try project.folder.write("", to: "go")
    #expect(try await project.run("w", session).outcome.status == 0)
    #expect(try trace() == "abc")
    #expect(try await project.run("w", session).outcome.status == 0)
    #expect(try trace() == "abc")
    #expect(try await project.run("w", session + ["--start", "+b"]).outcome.status == 0)
    #expect(try trace() == "abcbc")
    #expect(try await project.run("w", session + ["--goal", "+b"]).outcome.status == 0)
    #expect(try trace() == "abcbcb")
    #expect(try await project.run("w", session + ["--rerun"]).outcome.status == 0)
    #expect(try trace() == "abcbcbabc")
  }

  @Test func `a run without a session time is a new session each time`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: ran\n"])
    for _ in 1...3 {
      let (outcome, report) = try await project.run("w")
      #expect(outcome.output == "ran\n")
      #expect(report.status == "success")
    }
  }

  @Test func `built-in variables have the forms of the language`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      timezone: Asia/Tokyo
      schedule:
        daily>: 07:00:00
      +a:
        echo>: "${session_time} ${session_local_time} ${session_date_compact} ${session_tz_offset} ${timezone}"
      +b:
        echo>: "${last_session_date} ${next_session_time} [${last_executed_session_time}] ${task_name}"
      +c:
        echo>: "${moment(session_time).add(1, 'days').format('YYYY-MM-DD')}"
      """
    ])
    let (outcome, _) = try await project.run("w", ["--session", "2024-05-02 00:00:00"])
    #expect(
      outcome.output == """
        2024-05-02T00:00:00+09:00 2024-05-02 00:00:00 20240502 +0900 Asia/Tokyo
        2024-05-01 2024-05-03T00:00:00+09:00 [] +w+b
        2024-05-03

        """
    )
  }

  @Test func `an unknown operator fails when it runs`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  ecoh>: x\n"])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(report.error("+w+a")?.contains("Unknown task type: ecoh") == true)
    #expect(report.error("+w+a")?.contains("echo>") == true)
  }

  @Test func `too many tasks are refused at the start and in a loop`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  echo>: x\n+b:\n  echo>: y\n",
      "loop.dig": "+l:\n  loop>: 50\n  _do:\n    echo>: x\n",
    ])
    let refused = try await project.run("w", ["--task-limit", "2"])
    #expect(refused.outcome.status == 3)
    #expect(refused.report.status == "rejected")
    #expect(refused.outcome.errors.contains("Too many tasks"))
    let loop = try await project.run("loop", ["--task-limit", "20"])
    #expect(loop.outcome.status == 1)
    #expect(loop.report.error("+loop+l")?.contains("Too many loop subtasks. Limit: 20") == true)
  }

  @Test(arguments: [
    "while (true) {}", "(function f() { return f() })()", "new Array(1e9).join('x')",
  ])
  func `a template that would not end is stopped and the attempt goes on to its error task`(
    bomb: String
  ) async throws {
    let project = try ProjectFixture([
      "w.dig": "_error:\n  echo>: stopped\n+a:\n  echo>: \"${(function() { \(bomb) })()}\"\n"
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    #expect(outcome.output == "stopped\n")
    #expect(report.error("+w+a")?.contains("Failed to evaluate a variable") == true)
  }

  @Test func `a dry run runs nothing`() async throws {
    let project = try ProjectFixture([
      "w.dig": "+a:\n  sh>: touch made\n+b:\n  echo>: ${td.last_results.n}\n"
    ])
    let (outcome, _) = try await project.run("w", ["--dry-run"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("would run sh> touch made"))
    #expect(!project.folder.contains("made"))
  }

  @Test func `log lines can be JSON`() async throws {
    let project = try ProjectFixture(["w.dig": "+a:\n  echo>: x\n"])
    let (outcome, _) = try await project.run("w", ["--log-format", "json"])
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count > 2)
    for line in lines {
      #expect(try JSON.decode(String(line)).object?["message"]?.string != nil)
    }
  }
}
