import Foundation
import TestKit
import Testing
import Values

@Suite struct CommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tadoru(_ arguments: String...) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(arguments, in: folder.path)
  }

  @Test func `version and help name the product`() async throws {
    #expect(try await tadoru("version").output.hasPrefix("tadoru 0."))
    let help = try await tadoru("--help")
    #expect(help.status == 0)
    for command in ["init", "check", "run", "query", "tables", "data", "doctor", "completions"] {
      #expect(help.output.contains("  \(command) "), "\(command) is in the help")
    }
  }

  @Test func `a new project checks and runs`() async throws {
    #expect(try await tadoru("init", "mine").status == 0)
    let check = try await tadoru("check", "mine")
    #expect(check.status == 0)
    #expect(check.output.contains("hello: 6 tasks, timezone UTC"))
    #expect(check.errors.isEmpty, "\(check.errors)")
    let test = try await tadoru("test", "mine")
    #expect(test.status == 0, "\(test.output)\(test.errors)")
    #expect(test.output.contains("2 tests: 2 passed, 0 failed"))
    let run = try await tadoru("run", "mine/hello.dig")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("2 visits, 13 pages\nthat is a busy day\n"))
    let again = try await tadoru("init", "mine")
    #expect(again.status == 2)
    #expect(again.errors.contains("nothing was written"))
  }

  @Test func `check reports every problem with its place, as text and as JSON`() async throws {
    try folder.write("+a:\n  echo>: x\n+a:\n  echo>: y\n", to: "one.dig")
    try folder.write("timezone: PST\n+a:\n  echo>: x\n  echo>: y\n", to: "two.dig")
    let check = try await tadoru("check", ".")
    #expect(check.status == 3)
    #expect(check.errors.contains("one.dig:3:1: error:"))
    #expect(check.errors.contains("two.dig:1:"))
    let json = try await tadoru("check", ".", "--json")
    let report = try JSON.decode(json.output).object
    #expect(report?["ok"] == false)
    #expect(report?["diagnostics"]?.array?.isEmpty == false)
  }

  @Test func `check tells of schedules, tasks and parameters of one workflow`() async throws {
    try folder.write(
      """
      timezone: Asia/Tokyo
      schedule: {daily>: "07:00:00", end: 2020-01-01}
      _export: {region: jp, api_key: s3cr3t-value-1}
      +a: {echo>: "${region} ${api_key}"}
      """,
      to: "old.dig"
    )
    try folder.write("schedule: {cron>: '0 0 29 2 *'}\n+b:\n  +c: {echo>: x}\n", to: "leap.dig")
    let all = try await tadoru("check")
    #expect(all.status == 0)
    #expect(all.output.contains("schedule daily> 07:00:00, end: 2020-01-01 has ended"))
    #expect(all.output.contains("next session 2028-02-29T00:00:00+00:00"))
    #expect(all.errors.contains("[plain-secret]"))
    let one = try await tadoru("check", "old.dig")
    #expect(
      one.output.contains("    region: jp\n    api_key: ***\n  +a  echo> ${region} ${api_key}")
    )
    #expect(!one.output.contains("leap"))
    #expect(!(all.output + all.errors + one.output + one.errors).contains("s3cr3t"))
    let strict = try await tadoru("check", ".", "--strict")
    #expect(strict.status == 3)
    let json = try JSON.decode(try await tadoru("check", "--json").output).object
    let workflows = json?["workflows"]?.array?.compactMap(\.object) ?? []
    #expect(workflows.compactMap { $0["schedule_state"]?.string } == ["active", "ended"])
    #expect(json?["diagnostics"]?.array?.first?.object?["rule"] == "plain-secret")
  }

  @Test func `doctor tells what is there, as text and as JSON`() async throws {
    let json = try await tadoru("doctor", "--json")
    let report = try JSON.decode(json.output).object
    let dependencies = report?["dependencies"]?.array?.compactMap(\.object) ?? []
    #expect(dependencies.count >= 8)
    for dependency in dependencies {
      #expect(dependency["remedy"]?.string?.isEmpty == false)
      #expect(dependency["found"] == true, "\(dependency["name"]?.string ?? "")")
    }
    #expect(try await tadoru("doctor").output.contains("DuckDB"))
  }

  @Test func `doctor in an empty home says what is missing and how to mend it`() async throws {
    let outcome = try await TadoruProcess.run(
      ["doctor"],
      in: folder.path,
      environment: ["TADORU_HOME": folder.path]
    )
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("MISSING"))
    #expect(outcome.output.contains("scripts/bootstrap.sh"))
  }

  @Test func `a machine without engine and notebooks still runs what needs neither`() async throws {
    try folder.write("+a:\n  sh>: echo ${1 + 1}\n", to: "w.dig")
    try folder.write("+a:\n  td>:\n    data: SELECT 1\n  database: d\n", to: "q.dig")
    let home = ["TADORU_HOME": folder.path]
    let plain = try await TadoruProcess.run(["run", "w"], in: folder.path, environment: home)
    #expect(plain.output == "2\n")
    let sql = try await TadoruProcess.run(["run", "q"], in: folder.path, environment: home)
    #expect(sql.status == 1)
    #expect(sql.errors.contains("scripts/"), "the command that mends it is named")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are a script`(shell: String) async throws {
    let outcome = try await tadoru("completions", shell)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("tadoru"))
  }
}

@Suite struct QueryCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func query(_ arguments: String...) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(["query"] + arguments, in: folder.path)
  }

  @Test func `a query that succeeds can be saved for td_run`() async throws {
    let saved = try await query("SELECT 1 AS n", "--save", "one")
    #expect(saved.errors.contains("saved as `queries/saved/one.sql`"))
    let file = folder.path + "/queries/saved/one.sql"
    #expect(
      try String(contentsOfFile: file, encoding: .utf8) == "-- engine: presto\nSELECT 1 AS n\n"
    )
    #expect(try await query("SELECT 2 AS n", "--save", "one").status == 2)
    #expect(try await query("SELECT 2 AS n", "--save", "../one").status == 2)
    #expect(try await query("SELECT nope", "--save", "two").status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/queries/saved/two.sql"))
  }

  @Test func `results come as a table, CSV and JSON`() async throws {
    let sql = "SELECT 1 AS n, 'a,\"b\"' AS t, CAST(NULL AS varchar) AS z"
    #expect(try await query(sql).output == "n  t      z\n-  -----  ----\n1  a,\"b\"  NULL\n")
    #expect(try await query(sql, "--format", "csv").output == "n,t,z\n1,\"a,\"\"b\"\"\",\n")
    #expect(
      try JSON.decode(try await query(sql, "--format", "json").output) == [
        ["n": 1, "t": "a,\"b\"", "z": nil]
      ]
    )
    #expect(try await query("SELECT 1 AS n WHERE false", "--format", "json").output == "[]\n")
  }

  @Test func `a file is read, mistakes name its line`() async throws {
    try folder.write("-- comment\nSELECT 1 AS one\n", to: "q.sql")
    #expect(try await query("q.sql").output == "one\n---\n1\n")
    try folder.write("-- comment\nSELECT\n  nope\nFROM nowhere\n", to: "bad.sql")
    let bad = try await query("bad.sql", "-d", "d")
    #expect(bad.status == 1)
    #expect(bad.errors.contains("bad.sql:4") || bad.errors.contains("bad.sql:3"))
    #expect(try await query("absent.sql").status == 2)
  }

  @Test func `an unknown function and an unknown table are named with what is near`() async throws {
    let function = try await query("SELECT no_such_function(1)")
    #expect(function.status == 1)
    #expect(function.errors.contains("no_such_function"))
    #expect(!function.errors.contains("Traceback"))
  }

  @Test func `Hive's dialect and the auc of Hivemall work`() async throws {
    let outcome = try await query(
      """
      SELECT auc(p, if(cast(y as string) == "yes", 1, 0)) AS auc
      FROM (SELECT 0.1 AS p, 'no' AS y UNION ALL SELECT 0.4, 'no' UNION ALL SELECT 0.35, 'yes' UNION ALL SELECT 0.8, 'yes') t
      """,
      "--engine",
      "hive",
      "--format",
      "csv"
    )
    #expect(outcome.output == "auc\n0.75\n", "\(outcome.errors)")
  }

  @Test func `tables lists what is there`() async throws {
    try folder.write(
      """
      _export:
        td: {database: shop}
      +make:
        td_ddl>:
        create_databases: [shop]
        create_tables: [empty]
      +fill:
        td>:
          data: SELECT 1 AS "education-num", ' >50K' AS label
        create_table: people
      """,
      to: "w.dig"
    )
    let run = try await TadoruProcess.run(["run", "w"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let tables = try await TadoruProcess.run(
      ["tables", "shop", "--format", "json"],
      in: folder.path
    )
    let rows = try JSON.decode(tables.output).array?.compactMap(\.object) ?? []
    #expect(rows.map { $0["table"]?.string } == ["empty", "people"])
    #expect(rows.last?["columns"]?.string?.contains("education-num") == true)
    #expect(
      try await query(
        "SELECT \"education-num\", label FROM people",
        "-d",
        "shop",
        "--format",
        "csv"
      ).output
        == "education-num,label\n1, >50K\n"
    )
    #expect(try await query("SELECT * FROM empty", "-d", "shop", "--format", "csv").status == 0)
    let missing = try await query("SELECT * FROM peple", "-d", "shop")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("people"))
  }

  @Test func `statements that write are run, several as one`() async throws {
    #expect(try await query("CREATE SCHEMA shop").status == 0)
    let made = try await query(
      "CREATE TABLE t AS SELECT 1 AS n; INSERT INTO t SELECT 2",
      "-d",
      "shop"
    )
    #expect(made.status == 0, "\(made.errors)")
    #expect(
      try await query("SELECT sum(n) AS n FROM t", "-d", "shop", "--format", "csv").output
        == "n\n3\n"
    )
    let broken = try await query(
      "INSERT INTO t SELECT 3; INSERT INTO nowhere.t SELECT 4",
      "-d",
      "shop"
    )
    #expect(broken.status == 1)
    #expect(
      try await query("SELECT sum(n) AS n FROM t", "-d", "shop", "--format", "csv").output
        == "n\n3\n"
    )
  }

  @Test func `runs and models are tables of the database tadoru, for reading only`() async throws {
    let runs = try await query(
      "SELECT count(*) AS n, max(start_time) AS t FROM tadoru.runs",
      "--format",
      "csv"
    )
    #expect(runs.output == "n,t\n0,\n", "\(runs.errors)")
    #expect(try await query("SELECT * FROM model_versions", "-d", "tadoru").status == 0)
    let unknown = try await query("SELECT * FROM tadoru.run")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("`tadoru.runs`"))
    #expect(try await query("CREATE SCHEMA tadoru").status == 1)
    #expect(try await query("INSERT INTO tadoru.runs SELECT 1").status == 1)
  }
}
