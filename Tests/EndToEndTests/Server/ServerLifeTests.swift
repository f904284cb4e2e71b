import Foundation
import TestKit
import Testing
import Values

/// What a team does with a server, with the real binary on both sides.
@Suite struct ServerLifeTests {
  @Test(.timeLimit(.minutes(2)))
  func `a project is pushed, its schedule fires, its log is followed, it is killed and retried`()
    async throws
  {
    let server = try await ServerProcess()
    try await server.push(
      "shop",
      [
        "daily.dig": """
        timezone: UTC
        schedule:
          seconds_interval>: 1
        +first:
          sh>: echo first of ${session_time}
        +second:
          sh>: echo waiting; while ! test -f \(server.folder.path)/go; do sleep 0.05; done
        +third:
          echo>: done
        """
      ]
    )
    var attempt: Int64 = 0
    while attempt == 0 {
      let list = try await server.json(["attempts"]).array ?? []
      attempt = list.last?.object?["attempt_id"]?.int ?? 0
    }
    let schedules = try await server.json(["schedules"]).array ?? []
    let schedule = try #require(schedules.first?.object?["id"]?.int)
    #expect(try await server.tadoru(["schedules", "\(schedule)", "--disable"]).status == 0)

    var log = ""
    while !log.contains("waiting") {
      log = try await server.tadoru(["log", "\(attempt)"]).output
    }
    #expect(log.contains("first of"))
    async let followed = server.tadoru(["log", "\(attempt)", "--follow"])
    #expect(try await server.tadoru(["kill", "\(attempt)"]).status == 0)
    #expect(try await server.end(of: attempt) == "killed")
    #expect(try await followed.output.contains("waiting"))

    try server.folder.write("", to: "go")
    let retried = try await server.json(["retry", "\(attempt)"]).object ?? [:]
    let second = try #require(retried["attempt_id"]?.int)
    #expect(
      retried["session_id"]
        == (try await server.json(["attempt", "\(attempt)"])).object?["session_id"]
    )
    #expect(try await server.end(of: second) == "success")
    // What had succeeded was taken over.
    #expect(try await !server.tadoru(["log", "\(second)"]).output.contains("first of"))
    #expect(await server.stop() == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a session is started once, however many ask at the same time`() async throws {
    let server = try await ServerProcess()
    try await server.push(
      "shop",
      ["a.dig": "+t:\n  sh>: echo once >> \(server.folder.path)/trace\n"]
    )
    let outcomes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try await server.tadoru(["start", "shop", "a", "--session", "2024-01-01"]).status
        }
      }
      return try await group.reduce(into: [Int32]()) { $0.append($1) }
    }
    #expect(outcomes.sorted() == [0, 1, 1, 1, 1, 1])
    let attempts = try await server.json(["attempts"]).array ?? []
    #expect(attempts.count == 1)
    #expect(try await server.end(of: 1) == "success")
    let trace = try String(contentsOfFile: server.folder.path + "/trace", encoding: .utf8)
    #expect(trace == "once\n")
  }

  @Test(.timeLimit(.minutes(1)))
  func `an attempt keeps its revision, and files of one task are not seen by the next`()
    async throws
  {
    let server = try await ServerProcess()
    let gate = server.folder.path + "/go"
    try await server.push(
      "shop",
      [
        "a.dig": """
        +write:
          sh>: echo mine > own.txt; cat text.txt
        +wait:
          sh>: while ! test -f \(gate); do sleep 0.05; done
        +read:
          sh>: cat text.txt; test ! -e own.txt
        """,
        "text.txt": "of the first revision\n",
      ]
    )
    let attempt = try #require(
      try await server.json(["start", "shop", "a"]).object?["attempt_id"]?.int
    )
    try await server.push(
      "shop",
      ["a.dig": "+t:\n  echo>: other\n", "text.txt": "of the second\n"]
    )
    try server.folder.write("", to: "go")
    #expect(try await server.end(of: attempt) == "success")
    let log = try await server.tadoru(["log", "\(attempt)", "--raw"]).output
    #expect(log == "of the first revision\nof the first revision\n")
    let revisions = try await server.json(["revisions", "shop"]).array ?? []
    #expect(revisions.count == 2)
  }

  @Test(.timeLimit(.minutes(1)))
  func
    `a server that is killed goes on with its attempts, one that is ended leaves them for the next`()
    async throws
  {
    let folder = try TemporaryFolder()
    let gate = folder.path + "/go"
    for signal in [SIGKILL, SIGTERM] {
      // why: it is there in the second round only
      try? FileManager.default.removeItem(atPath: gate)
      let first = try await ServerProcess(in: folder, ["--grace", "0s"])
      try await first.push(
        "shop",
        [
          "a.dig": """
          +one:
            sh>: echo one
          +two:
            sh>: echo two; test -f \(gate) || sleep 600
          +three:
            sh>: echo three
          """
        ]
      )
      let attempt = try #require(
        try await first.json(["start", "shop", "a"]).object?["attempt_id"]?.int
      )
      while try await !first.tadoru(["log", "\(attempt)", "--raw"]).output.contains("two") {}
      first.send(signal)
      let status = await first.finish()
      #expect(signal == SIGKILL || status == 0, "\(first.said)")
      try folder.write("", to: "go")
      let second = try await ServerProcess(in: folder)
      #expect(try await second.end(of: attempt) == "success", "\(second.said)")
      let log = try await second.tadoru(["log", "\(attempt)", "--raw"]).output
      #expect(log == "one\ntwo\ntwo\nthree\n")
      #expect(await second.stop() == 0)
    }
  }

  @Test func `one data folder has one server`() async throws {
    let server = try await ServerProcess()
    let second = try await TadoruProcess.run(
      ["server", "--data", server.data, "--port", "0"],
      in: server.folder.path,
      environment: ["TADORU_CONFIG": server.folder.path + "/server.yml"]
    )
    #expect(second.status == 1)
    #expect(second.errors.contains("in use by another server, process \(server.identifier)"))
  }

  @Test func `an address that others reach takes accounts`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("{}\n", to: "server.yml")
    let outcome = try await TadoruProcess.run(
      ["server", "--data", folder.path + "/data", "--port", "0", "--bind", "0.0.0.0"],
      in: folder.path,
      environment: ["TADORU_CONFIG": folder.path + "/server.yml"]
    )
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("it has no accounts"))
    #expect(outcome.errors.contains("--first-admin"))
  }
}
