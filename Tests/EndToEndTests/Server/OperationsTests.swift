import Foundation
import TestKit
import Testing
import Values

/// What an administrator does with the data folder of a server, with the real binary.
@Suite struct OperationsTests {
  @Test(.timeLimit(.minutes(2)))
  func `a backup made while attempts run is restored to a server that has all of it`() async throws
  {
    let server = try await ServerProcess()
    let gate = server.folder.path + "/go"
    try await server.push(
      "shop",
      [
        "done.dig":
          "+t:\n  sh>: test \"${secret:greeting}\" = \"a value to find again\" && echo of the first\n",
        "waits.dig":
          "+one:\n  sh>: echo one\n+two:\n  sh>: echo two; while ! test -f \(gate); do sleep 0.05; done\n",
      ]
    )
    try await server.keepSecret("greeting", "a value to find again", in: "shop")
    let done = try await server.started("shop", "done")
    #expect(try await server.end(of: done) == "success")
    let waiting = try await server.started("shop", "waits")
    while try await !server.tadoru(["log", "\(waiting)", "--raw"]).output.contains("two") {}

    let backup = server.folder.path + "/backup"
    let made = try await server.operate(["backup", backup, "--with-key", "--json"])
    #expect(made.status == 0, "\(made.errors)")
    #expect(try JSON.decode(made.output).object?["has_key"] == true)
    let again = try await server.operate(["backup", backup])
    #expect(again.status == 2)
    #expect(again.errors.contains("exists already"))
    let before = try await server.json(["attempts"]).array ?? []
    let projects = try await server.json(["projects"])
    try server.folder.write("", to: "go")
    #expect(await server.stop() == 0)

    let other = try TemporaryFolder()
    let restored = try await Self.tadoru(
      ["restore", backup, "--data", other.path + "/data"],
      other
    )
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(!restored.errors.contains("warning"))
    let checked = try await Self.tadoru(["fsck", "--data", other.path + "/data"], other)
    #expect(checked.status == 0, "\(checked.output)")
    let second = try await ServerProcess(in: other)
    #expect(try await second.json(["projects"]) == projects)
    let ids = before.compactMap { $0.object?["attempt_id"] }
    #expect(
      try await second.json(["attempts"]).array?.compactMap { $0.object?["attempt_id"] } == ids
    )
    #expect(try await second.tadoru(["log", "\(done)", "--raw"]).output.contains("of the first"))
    // What was cut off in the copy goes on there, and secrets can be read.
    #expect(try await second.end(of: waiting) == "success")
    let next = try await second.started("shop", "done")
    #expect(try await second.end(of: next) == "success")
    #expect(await second.stop() == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a damaged backup is named and not restored, and one without the key says so`() async throws
  {
    let server = try await ServerProcess()
    let attempt = try await server.ran("shop")
    let backup = server.folder.path + "/backup"
    #expect(try await server.operate(["backup", backup]).status == 0)
    #expect(!server.folder.contains("backup/secret.key"))
    #expect(await server.stop() == 0)
    let place = server.folder.path + "/copy"
    let log = backup + "/attempts/\(attempt)/attempt.log"

    try Self.flip(log)
    let damaged = try await server.tadoru(["restore", backup, "--data", place])
    #expect(damaged.status == 1)
    #expect(damaged.errors.contains("`attempts/\(attempt)/attempt.log` is not what was written"))
    #expect(!server.folder.contains("copy"))
    try Self.flip(log)

    try Self.flip(backup + "/manifest.json")
    let manifest = try await server.tadoru(["restore", backup, "--data", place])
    #expect(manifest.status == 1)
    #expect(manifest.errors.contains("manifest.json` is damaged"))
    try Self.flip(backup + "/manifest.json")

    let restored = try await server.tadoru(["restore", backup, "--data", place])
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(restored.errors.contains("the backup has no key for secrets"))
    let full = try await server.tadoru(["restore", backup, "--data", place])
    #expect(full.status == 1)
    #expect(full.errors.contains("is not empty"))
  }

  @Test(.timeLimit(.minutes(2)))
  func `fsck finds each damage, names it, and is content with a folder that is whole`() async throws
  {
    let server = try await ServerProcess()
    let attempt = try await server.ran("shop")
    try await server.keepSecret("key", "some value", in: "shop")
    // Also while the server runs.
    #expect(try await server.findings().isEmpty)
    #expect(await server.stop() == 0)
    #expect(try await server.findings().isEmpty)

    let data = server.data
    let files = FileManager.default
    let archive = try #require(
      files.contentsOfDirectory(atPath: data + "/archives").first { $0.hasSuffix(".tar.gz") }
    )
    try Self.flip(data + "/archives/" + archive)
    #expect(try await server.findings() == ["archives"])
    try Self.flip(data + "/archives/" + archive)

    let log = data + "/attempts/\(attempt)/attempt.log"
    try files.moveItem(atPath: log, toPath: log + ".away")
    #expect(try await server.findings() == ["attempts"])
    try files.moveItem(atPath: log + ".away", toPath: log)

    try files.moveItem(atPath: data + "/secret.key", toPath: data + "/secret.away")
    #expect(try await server.findings() == ["secrets"])
    _ = files.createFile(
      atPath: data + "/secret.key",
      contents: Data(repeating: 7, count: 32),
      attributes: [.posixPermissions: 0o600]
    )
    #expect(try await server.findings() == ["secrets"])
    try files.removeItem(atPath: data + "/secret.key")
    try files.moveItem(atPath: data + "/secret.away", toPath: data + "/secret.key")

    try await server.change("UPDATE audit_entries SET account_name = 'nobody' WHERE position = 1")
    #expect(try await server.findings() == ["audit"])
    let outcome = try await server.operate(["fsck"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("entry 1 on: the entry was edited"))
  }

  @Test(.timeLimit(.minutes(2)))
  func `gc removes what is old and ended, and nothing else`() async throws {
    let server = try await ServerProcess()
    let gate = server.folder.path + "/go"
    let old = try await server.ran("shop")
    try await server.push(
      "shop",
      ["a.dig": "+t:\n  sh>: echo begun; while ! test -f \(gate); do sleep 0.05; done\n"]
    )
    let running = try await server.started("shop", "a")
    while try await !server.tadoru(["log", "\(running)", "--raw"]).output.contains("begun") {}
    let log = "data/attempts/\(old)/attempt.log"
    let none = try await server.operate(["gc"])
    #expect(none.status == 0, "\(none.errors)")
    #expect(server.folder.contains(log))

    // In 400 days, as this command sees it.
    let now = Int(Date().timeIntervalSince1970)
    let clock = ["TADORU_TEST_CLOCK": "\(now + 400 * 86_400)@\(now)x1"]
    let dry = try await server.operate(["gc", "--dry-run", "--json"], environment: clock)
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(server.folder.contains(log))
    let done = try await server.operate(["gc", "--json"], environment: clock)
    #expect(done.status == 0, "\(done.errors)")
    let removed = try JSON.decode(done.output).object?["removed"]?.array ?? []
    let counts = removed.reduce(into: [String: Int64]()) { counts, kind in
      counts[kind.object?["kind"]?.string ?? ""] = kind.object?["count"]?.int
    }
    #expect(counts["attempt logs"] == 1)
    #expect(counts["revisions"] == 1)
    #expect(counts["archives and unpacked files"] == 2)
    #expect(!server.folder.contains(log))
    #expect(server.folder.contains("data/attempts/\(running)/attempt.log"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: server.data + "/archives").count == 1
    )

    // The row stays, its missing log is no damage, and what ran goes on.
    let record = try await server.json(["attempt", "\(old)"]).object ?? [:]
    #expect(record["status"] == "success")
    #expect(try await server.findings().isEmpty)
    try server.folder.write("", to: "go")
    #expect(try await server.end(of: running) == "success")
    #expect(await server.stop() == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func `tables of a newer version are refused by the server and by the commands`() async throws {
    let server = try await ServerProcess()
    #expect(await server.stop() == 0)
    try await server.change(
      "INSERT INTO tadoru_migrations (room, position, name) VALUES ('WorkflowEngine', 99, '9999-later')"
    )
    let start = try await server.operate(["server", "--port", "0"])
    #expect(start.status == 1)
    #expect(start.errors.contains("was written by a newer version"))
    #expect(start.errors.contains("`9999-later`"))
    #expect(try await server.findings() == ["schema"])
    let collected = try await server.operate(["gc"])
    #expect(collected.status == 1)
    #expect(collected.errors.contains("use the newer version"))
  }

  private static func tadoru(
    _ arguments: [String],
    _ folder: TemporaryFolder
  ) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(
      arguments,
      in: folder.path,
      environment: ["TADORU_CONFIG": "/dev/null"]
    )
  }

  /// Changes a byte in the middle of a file; a second time changes it back.
  private static func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
  }
}

extension ServerProcess {
  /// A command on the data folder of this server.
  fileprivate func operate(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) async throws -> TadoruProcess.Outcome {
    try await tadoru(
      arguments + ["--data", data],
      environment: ["TADORU_CONFIG": "/dev/null"].merging(environment) { _, new in new }
    )
  }

  /// The parts in which `tadoru fsck` finds damage.
  fileprivate func findings() async throws -> [String] {
    let outcome = try await operate(["fsck", "--json"])
    let findings = try JSON.decode(outcome.output).object?["findings"]?.array ?? []
    let damaged = findings.compactMap(\.object).filter { $0["weight"] == "damaged" }
    #expect((outcome.status == 1) == !damaged.isEmpty, "\(outcome.errors)")
    #expect(damaged.allSatisfy { $0["remedy"]?.string?.isEmpty == false })
    return damaged.compactMap { $0["part"]?.string }
  }

  fileprivate func started(_ project: String, _ workflow: String) async throws -> Int64 {
    try #require(try await json(["start", project, workflow]).object?["attempt_id"]?.int)
  }

  /// Pushes a project and runs it.
  fileprivate func ran(_ project: String) async throws -> Int64 {
    try await push(project, ["a.dig": "+t:\n  sh>: echo done\n"])
    let attempt = try await started(project, "a")
    #expect(try await end(of: attempt) == "success")
    return attempt
  }

  fileprivate func keepSecret(_ key: String, _ value: String, in project: String) async throws {
    let file = try folder.write("\(key): \(value)\n", to: "secrets-\(key).yml")
    let outcome = try await tadoru(["secrets", "--project", project, "--set", "@\(file)"])
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  /// Changes the database as somebody with the right to its file would.
  fileprivate func change(_ statement: String) async throws {
    let script = """
      import sqlite3, sys
      database = sqlite3.connect(sys.argv[1])
      database.execute(sys.argv[2])
      database.commit()
      """
    let outcome = try await TadoruProcess.run(
      ["-c", script, data + "/tadoru.db", statement],
      in: folder.path,
      executable: TestPython.path
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
  }
}
