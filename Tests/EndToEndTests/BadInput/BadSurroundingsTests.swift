import Foundation
import TestKit
import Testing
import Values

/// A machine that lacks something: the message says what and how to mend it, and the state survives.
@Suite struct BadSurroundingsTests {
  private static let query =
    "+a:\n  td>: {data: SELECT 1 AS n}\n  database: shop\n  create_table: t\n"
  private static let setup = "+a:\n  td_ddl>:\n  database: shop\n  create_databases: [shop]\n"

  /// The root of the checkout that the tests were built in.
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `without the Python runtime SQL still runs and a notebook says how to make it`()
    async throws
  {
    let project = try ProjectFixture([
      "s.dig": Self.setup, "q.dig": Self.query, "n.ipynb": "{}",
      "n.dig": "+t:\n  ipynb>: {notebook: n.ipynb}\n",
    ])
    let home = project.folder.url.appending(path: "home")
    let files = FileManager.default
    try files.createDirectory(
      at: home.appending(path: "runtime"),
      withIntermediateDirectories: true
    )
    for (name, target) in [
      ("lib", ".deps/lib"), ("share", ".deps/share"), ("runtime/sql", ".deps/runtime/sql"),
      ("notebooks", "notebooks"), ("python", "python"),
    ] {
      try files.createSymbolicLink(
        at: home.appending(path: name),
        withDestinationURL: Self.checkout.appending(path: target)
      )
    }
    let environment = ["TADORU_HOME": home.path(percentEncoded: false)]
    for workflow in ["s", "q"] {
      let (outcome, _) = try await project.run(workflow, environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let (outcome, report) = try await project.run("n", environment: environment)
    #expect(outcome.status == 1)
    let message = report.error("+n+t") ?? ""
    #expect(message.contains("no Python runtime at"), "\(message)")
    #expect(message.contains("make it with `make runtime`"), "\(message)")
  }

  @Test func `a warehouse that a foreign program holds is named with the program`() async throws {
    let project = try ProjectFixture(["s.dig": Self.setup, "q.dig": Self.query])
    try #require(try await project.run("s").outcome.status == 0)
    let warehouse = project.folder.path + "/.tadoru/warehouse.duckdb"
    // A lock of the kind that the engine itself takes: the first byte of the file, for writing.
    let holder = """
      import fcntl, sys
      file = open(sys.argv[1], "r+b")
      fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
      print("held", flush=True)
      sys.stdin.read()
      """
    let process = Process()
    process.executableURL = URL(filePath: TestPython.path)
    process.arguments = ["-c", holder, warehouse]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    _ = try output.fileHandleForReading.read(upToCount: 5)
    let (outcome, report) = try await project.run("q")
    #expect(outcome.status == 1)
    let message = report.error("+q+a") ?? ""
    #expect(message.contains("warehouse.duckdb` is open in "), "\(message)")
    #expect(message.contains("(PID \(process.processIdentifier))"), "\(message)")
    #expect(message.contains("close it there and try again"), "\(message)")
    let query = try await TadoruProcess.run(["query", "SELECT 1"], in: project.folder.path)
    #expect(query.status == 1)
    #expect(query.errors.contains("is open in "))
    try input.fileHandleForWriting.close()
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        process.waitUntilExit()
        continuation.resume()
      }
    }
    #expect(try await project.run("q").outcome.status == 0)
  }

  @Test func `a mail server that refuses is named, and the password is not`() async throws {
    let project = try ProjectFixture([
      "w.dig":
        "+m:\n  mail>: {data: hello}\n  subject: s\n  to: [nobody@example.com]\n  from: a@example.com\n  tls: false\n",
      "secrets.yml": "mail: {host: 127.0.0.1, username: joe, password: hushhush}\n",
    ])
    let server = try SMTPServer(.plain)
    let secrets = ["--secrets", project.folder.path + "/secrets.yml", "--log-level", "debug"]
    try project.folder.write(
      try String(contentsOfFile: project.folder.path + "/w.dig", encoding: .utf8)
        + "  port: \(server.port)\n",
      to: "w.dig"
    )
    let (outcome, report) = try await project.run("w", secrets)
    #expect(outcome.status == 1)
    let message = report.error("+w+m") ?? ""
    #expect(message.contains("550"), "\(message)")
    #expect(message.contains("nobody@example.com"), "\(message)")
    #expect(try server.messages().isEmpty)
    #expect(!outcome.errors.contains("hushhush"))
    #expect(
      try !Self.text(below: project.folder.url.appending(path: ".tadoru")).contains("hushhush")
    )
    #expect(!JSON.encode(report.value).contains("hushhush"))
  }

  @Test func `a port where no mail server listens is named`() async throws {
    let project = try ProjectFixture([
      "w.dig":
        "+m:\n  mail>: {data: hello}\n  subject: s\n  to: [a@example.com]\n  from: a@example.com\n  host: 127.0.0.1\n  port: 1\n"
    ])
    let (outcome, report) = try await project.run("w")
    #expect(outcome.status == 1)
    let message = report.error("+w+m") ?? ""
    #expect(message.contains("mail not sent: `127.0.0.1:1` cannot be reached"), "\(message)")
    #expect(message.contains("check `host` and `port`"), "\(message)")
  }

  /// Everything that stands in the files of a folder.
  private static func text(below folder: URL) throws -> String {
    let root = folder.path(percentEncoded: false)
    return try FileManager.default.subpathsOfDirectory(atPath: root)
      .compactMap { FileManager.default.contents(atPath: root + "/" + $0) }
      .map { String(decoding: $0, as: UTF8.self) }.joined()
  }
}
