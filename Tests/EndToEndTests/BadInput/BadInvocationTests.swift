import Foundation
import TestKit
import Testing
import Values

/// Command lines that cannot be meant, and streams that go away.
@Suite struct BadInvocationTests {
  private let project: ProjectFixture

  init() throws {
    project = try ProjectFixture(["shop/w.dig": "+first:\n  echo>: x\n+second:\n  echo>: y\n"])
  }

  private func shell(_ script: String) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(
      ["-c", script],
      in: project.folder.path,
      environment: ["T": TadoruProcess.executable],
      executable: "/bin/sh"
    )
  }

  @Test(arguments: [
    (["chek"], "there is no command `chek`; did you mean `check`?"),
    (["run", "shop"], "`shop` is a folder, expected a workflow"),
    (["run", "w", "--project", "shop/w.dig"], "`shop/w.dig` is a file, a project is a folder"),
    (["check", "shop/w.dig"], "`shop/w.dig` is a file, a project is a folder"),
    (["check", "nowhere"], "there is no project folder `nowhere`"),
    (["run", "nowhere/w.dig"], "there is no project folder"),
    (["run", "shop/v.dig"], "error: workflow `v` does not exist"),
    (["run", "shop/w.dig", "--start", "+secnod"], "did you mean `+second`?"),
    (["run", "shop/w.dig", "--session", "yesterday"], "`yesterday` is no session time"),
    (["run", "shop/w.dig", "-p", "abc"], "`-p` takes `name=value`, found `abc`"),
    (["run", "shop/w.dig", "-P", "nofile"], "`nofile` cannot be read"),
    (["run", "shop/w.dig", "--secrets", "nofile"], "`nofile` cannot be read"),
    (["run", "shop/w.dig", "--report", "no/such/r.json"], "there is no folder"),
    (["run", "shop/w.dig", "--projcet", "x"], "Did you mean '--project'?"),
    (["query", "absent.sql"], "there is no file `absent.sql`"),
    (["data", "load", "adlut"], "'adult', 'flights' or 'employment'"),
  ])
  func `wrong usage says what was expected, gives 2 and runs nothing`(
    arguments: [String],
    words: String
  ) async throws {
    let outcome = try await TadoruProcess.run(arguments, in: project.folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.contains("error: error:"))
  }

  @Test func `a run whose output nobody reads any more goes on to its end`() async throws {
    try project.folder.write(
      "+a:\n  sh>: \"for i in $(seq 5000); do echo line $i; done\"\n+b:\n  sh>: echo done > trace\n",
      to: "shop/long.dig"
    )
    let outcome = try await shell("\"$T\" run shop/long.dig --report r.json 2>&1 | head -1")
    #expect(outcome.status == 0)
    #expect(project.folder.contains("shop/trace"))
    let report = try String(contentsOfFile: project.folder.path + "/r.json", encoding: .utf8)
    #expect(report.contains("\"status\": \"success\""))
  }

  @Test func `a script's own pipes still end by the signal`() async throws {
    try project.folder.write("+a:\n  sh>: yes | head -1\n", to: "shop/pipe.dig")
    #expect(try await shell("\"$T\" run shop/pipe.dig 2>&1").output.contains("\ny\n"))
  }

  @Test func `output that has no room is not taken for success`() async throws {
    for command in ["query 'SELECT 1 AS n'", "run shop/w.dig"] {
      let outcome = try await shell("\"$T\" \(command) > /dev/full")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("No space left on device"))
    }
  }

  @Test func `closed streams do not let files of the state take their place`() async throws {
    let outcome = try await shell(
      "\"$T\" run shop/w.dig <&- >&- 2>&-; echo $?; \"$T\" run shop/w.dig"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "0\nx\ny\n")
  }

  @Test func `what stands in the way before the first task is in the report too`() async throws {
    let report = project.folder.path + "/r.json"
    let outcome = try await TadoruProcess.run(
      ["run", "shop/w.dig", "--session", "yesterday", "--report", report],
      in: project.folder.path
    )
    #expect(outcome.status == 2)
    let text = try String(contentsOfFile: report, encoding: .utf8)
    #expect(text.contains("`yesterday` is no session time"))
  }

  @Test func `blanks and letters of other scripts in paths are as good as others`() async throws {
    let folder = "mein Projekt ä"
    try project.folder.write(
      "+a:\n  td>: \"sub dir/q ü.sql\"\n  database: d\n  store_last_results: true\n"
        + "+b:\n  echo>: \"${td.last_results.n}\"\n",
      to: folder + "/w.dig"
    )
    try project.folder.write("SELECT 'ß' AS n", to: folder + "/sub dir/q ü.sql")
    let outcome = try await TadoruProcess.run(["run", folder + "/w.dig"], in: project.folder.path)
    #expect(outcome.output == "ß\n", "\(outcome.errors)")
  }
}
