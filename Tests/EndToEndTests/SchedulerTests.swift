import Foundation
import TestKit
import Testing
import Values

@Suite struct SchedulerTests {
  private func trace(_ project: ProjectFixture, _ file: String = "trace") -> [Int] {
    // why: no session has run yet
    let text = try? String(contentsOfFile: project.folder.path + "/" + file, encoding: .utf8)
    return text?.split(separator: "\n").compactMap { Int($0) } ?? []
  }

  private func wait(_ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(40)
    while !condition(), ContinuousClock.now < deadline {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    #expect(condition())
  }

  @Test func `no session is lost or run twice by a scheduler that dies`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      schedule:
        seconds_interval>: 1
      +a:
        sh>: echo ${session_unixtime} >> trace
      +b:
        sh>: sleep 0.3; echo ${session_unixtime} >> ends
      """
    ])
    for round in 1...3 {
      let scheduler = TadoruProcess(["scheduler"], in: project.folder.path)
      try scheduler.start()
      let count = trace(project).count
      try await wait { trace(project).count >= count + 2 }
      scheduler.send(round < 3 ? SIGKILL : SIGTERM)
      let outcome = await scheduler.finish()
      #expect(outcome.status == (round < 3 ? 137 : 0), "\(outcome.errors)")
    }
    // Every second from the first on; a session whose script had not begun may be the last.
    let sessions = trace(project).sorted()
    let first = try #require(sessions.first)
    #expect(Set(sessions) == Set(first...(sessions.last ?? first)))
    #expect(Set(trace(project, "ends")) == Set(sessions))
    let outcome = try await TadoruProcess.run(
      ["attempts", "--json", "--limit", "1000"],
      in: project.folder.path
    )
    let attempts = try #require(try JSON.decode(outcome.output).array).compactMap(\.object)
    #expect(attempts.count == Set(sessions).count)
    #expect(Set(attempts.map { $0["session_time"]?.string }).count == attempts.count)
    #expect(attempts.allSatisfy { $0["status"] == "success" })
  }

  @Test func `one scheduler runs a project, and SIGTERM waits for what runs`() async throws {
    let project = try ProjectFixture([
      "w.dig": """
      schedule:
        seconds_interval>: 1
        skip_on_overtime: true
      +a:
        sh>: "touch begun; while ! test -f go; do sleep 0.05; done; echo 1 >> trace"
      """
    ])
    let scheduler = TadoruProcess(["scheduler", "."], in: project.folder.path)
    try scheduler.start()
    try await wait { project.folder.contains("begun") }
    let second = try await TadoruProcess.run(["scheduler"], in: project.folder.path)
    #expect(second.status == 1)
    #expect(second.errors.contains("is running already"))
    scheduler.send(SIGTERM)
    try project.folder.write("", to: "go")
    let outcome = await scheduler.finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("stopping"))
    #expect(trace(project) == [1])
  }
}
