import TestKit
import Testing
import Values

@testable import WorkflowLanguage

/// What the rules find, and where they keep quiet.
///
/// Expectations are argued from the description of the language (§1 to §14).
@Suite struct LintRuleTests {
  /// A project and what is found in it, as `rule file:line`.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String: String]
    let found: [String]
    var testDescription: String { name }

    init(_ name: String, _ workflow: String, _ found: [String], _ files: [String: String] = [:]) {
      self.name = name
      self.files = files.merging(["w.dig": workflow]) { old, _ in old }
      self.found = found
    }
  }

  private static func findings(in files: [String: String]) throws -> [Diagnostic] {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    let loaded = ProjectLoader.load(directory: folder.path)
    try #require(loaded.errors.isEmpty, "\(loaded.errors)")
    return try ProjectLinter.findings(
      in: loaded,
      templates: TemplateEngine(),
      notebooks: [
        NotebookSignature(
          operatorName: "ml_train",
          notebook: "gluon_train",
          options: ["notebook", "target_column", "time_limit", "model_name"]
        )
      ]
    )
  }

  @Test(arguments: loud)
  func `a mistake is told at its place`(_ example: Case) throws {
    let found = try Self.findings(in: example.files).map {
      "\($0.rule ?? "") \($0.location?.file ?? ""):\($0.location?.line ?? 0)"
    }
    #expect(found == example.found)
  }

  @Test(arguments: quiet)
  func `what may be meant is left alone`(_ example: Case) throws {
    let found = try Self.findings(in: example.files)
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `every rule has a row in the manual and is met in a case`() throws {
    let manual = try RepositoryFile.text("docs/linting.md")
    for name in ProjectLinter.ruleNames {
      #expect(manual.contains("| `\(name)` |"), "\(name)")
      #expect(
        Self.loud.contains { $0.found.contains { $0.hasPrefix(name + " ") } },
        "\(name) has no case"
      )
    }
  }

  static let loud: [Case] = [
    Case("a query file", "+a:\n  td>: q.sql\n", ["missing-file w.dig:2"]),
    Case(
      "a mail file in a called folder",
      "+a: {call>: sub/c}\n",
      ["missing-file sub/c.dig:2"],
      [
        "sub/c.dig": "+m:\n  mail>: body.txt\n  subject: s\n  to: [a@b.c]\n"
      ]
    ),
    Case(
      "a slip of a module",
      "+a:\n  py>: task.run\n",
      ["missing-file w.dig:2"],
      [
        "tasks.py": "def run(): pass\n"
      ]
    ),
    Case("a call of nothing", "+a:\n  call>: other\n", ["call w.dig:2"]),
    Case(
      "a call that cannot be compiled",
      "+a:\n  call>: sub/c\n",
      ["call w.dig:2"],
      [
        "sub/c.dig": "mail>: x\n"
      ]
    ),
    Case(
      "a circle of calls",
      "+a:\n  call>: v\n",
      ["call w.dig:2"],
      [
        "v.dig": "+b:\n  call>: w\n"
      ]
    ),
    Case("a workflow that calls itself", "+a:\n  call>: w\n", ["call w.dig:2"]),
    Case("require with .dig", "+a:\n  require>: w.dig\n", ["require w.dig:2"]),
    Case(
      "require of each other",
      "+a:\n  require>: v\n",
      ["require w.dig:2"],
      [
        "v.dig": "+b:\n  require>: w\n"
      ]
    ),
    Case("no JavaScript", "+a:\n  echo>: ${1 +}\n", ["template-syntax w.dig:2"]),
    Case("a variable of the shell", "+a:\n  sh>: echo ${HOME:-x}\n", ["template-syntax w.dig:2"]),
    Case(
      "no JavaScript in SQL with lines of Windows",
      "+a:\n  td>: q.sql\n",
      ["template-syntax q.sql:2"],
      [
        "q.sql": "SELECT 1\r\nWHERE a = ${b c}\r\n"
      ]
    ),
    Case(
      "no JavaScript in SQL",
      "+a:\n  td>: q.sql\n",
      ["template-syntax q.sql:2"],
      [
        "q.sql": "SELECT 1\nWHERE a = ${b c}\n"
      ]
    ),
    Case("a slip of a built-in", "+a:\n  echo>: ${sesion_time}\n", ["template-name w.dig:2"]),
    Case(
      "two texts",
      "_export:\n  limit: 0.93\n  auc: ${td.last_results.auc}\n+a:\n  if>: ${auc < limit}\n  _do: {echo>: x}\n",
      ["text-comparison w.dig:5"]
    ),
    Case(
      "a word for a boolean",
      "_export:\n  active: yes\n+a:\n  if>: ${active}\n  _do: {echo>: x}\n",
      ["text-comparison w.dig:2"]
    ),
    Case(
      "a boolean option",
      "+a:\n  td>: {data: select 1}\n  preview: yes\n",
      ["options w.dig:3"]
    ),
    Case(
      "two targets",
      "+a:\n  td>: {data: select 1}\n  create_table: a\n  insert_into: b\n",
      ["options w.dig:4"]
    ),
    Case("no _do", "+a:\n  loop>: 3\n", ["options w.dig:2"]),
    Case("an _env name", "+a:\n  sh>: x\n  _env:\n    A-B: c\n", ["options w.dig:4"]),
    Case("a list that is none", "+a:\n  td_ddl>:\n  create_tables: t\n", ["options w.dig:3"]),
    Case("an engine", "+a:\n  td>: {data: select 1}\n  engine: trino\n", ["options w.dig:3"]),
    Case("a retry of td", "+a:\n  td>: {data: select 1}\n  _retry: 3\n", ["options w.dig:3"]),
    Case(
      "a misspelt option inside",
      "+a:\n  ml_train>:\n    notebook: gluon_train\n    taget_column: x\n",
      ["notebook w.dig:4"]
    ),
    Case(
      "options beside",
      "+a:\n  ml_train>:\n  notebook: gluon_train\n",
      ["notebook w.dig:2"]
    ),
    Case(
      "a time limit",
      "+a:\n  ml_train>: {notebook: gluon_train, time_limit: ten}\n",
      ["notebook w.dig:2"]
    ),
    Case(
      "subject outside of its mail",
      "+a:\n  if>: true\n  subject: s\n  _do:\n    mail>: {data: x}\n    subject: t\n    to: [a@b.c]\n",
      ["mail w.dig:3"]
    ),
    Case(
      "data beside mail",
      "+a:\n  mail>:\n  data: x\n  subject: s\n  to: [a@b.c]\n",
      ["mail w.dig:3"]
    ),
    Case(
      "a mail to nobody",
      "+a:\n  mail>: {data: x}\n  subject: s\n",
      ["mail w.dig:2"]
    ),
    Case(
      "check of a group",
      "+a:\n  _check: {+c: {echo>: x}}\n  +b: {echo>: y}\n",
      ["ignored-key w.dig:2"]
    ),
    Case(
      "a schedule inside",
      "+a:\n  schedule: {daily>: 07:00:00}\n  +b: {echo>: y}\n",
      ["ignored-key w.dig:2"]
    ),
    Case(
      "background behind others",
      "+a: {echo>: x}\n+b:\n  _background: true\n  echo>: y\n",
      ["background w.dig:3"]
    ),
    Case(
      "two times of sla",
      "sla:\n  time: 08:00\n  duration: 00:30\n+a: {echo>: x}\n",
      ["sla w.dig:3"]
    ),
    Case("no clock", "sla:\n  time: soon\n+a: {echo>: x}\n", ["sla w.dig:2"]),
    Case("octal", "+a:\n  loop>: 010\n  _do: {echo>: x}\n", ["number w.dig:2"]),
    Case("no octal", "+a:\n  wait>: 10s\n  poll_interval: 09\n", ["number w.dig:3"]),
    Case(
      "a password",
      "+a:\n  td_load>:\n  table: t\n  database: d\n  config: {in: {password: kR8aPq31}}\n",
      ["plain-secret w.dig:5"]
    ),
    Case(
      "an export for nobody",
      "_export:\n  used: 1\n  idle: 2\n+a:\n  echo>: ${used}\n",
      ["unused-export w.dig:3"]
    ),
    Case(
      "an export that a missing query may use",
      "_export:\n  idle: 2\n+a:\n  td>: gone.sql\n",
      ["missing-file w.dig:4"]
    ),
    Case(
      "an SQL file for nobody",
      "+a: {echo>: x}\n",
      ["unused-sql q/old.sql:1"],
      [
        "q/old.sql": "select 1\n"
      ]
    ),
    Case(
      "a workflow by hand",
      "schedule: {daily>: 07:00:00}\n+a: {echo>: x}\n",
      ["unreached-workflow v.dig:1"],
      ["v.dig": "+a: {echo>: x}\n"]
    ),
  ]

  static let quiet: [Case] = [
    Case("a file with a template in its name", "+a:\n  td>: ${kind}.sql\n", []),
    Case("a call with a template", "+a:\n  call>: ${step}\n", []),
    Case("a call in a branch ends", "+a:\n  if>: ${x}\n  _do: {call>: w}\n", []),
    Case("a workflow of another project", "+a:\n  require>: v\n  project_name: other\n", []),
    Case("a module that is installed", "+a:\n  py>: os.getcwd\n", []),
    Case(
      "a number in a comparison",
      "+a:\n  if>: ${td.last_results.n > 10}\n  _do: {echo>: x}\n",
      []
    ),
    Case(
      "a text beside a number",
      "_export:\n  limit: 0.93\n+a:\n  if>: ${td.last_results.auc < limit}\n  _do: {echo>: x}\n",
      []
    ),
    Case(
      "dates compare as text",
      "_export:\n  from: '2024-01-01'\n+a:\n  if>: ${from < '2025-01-01'}\n  _do: {echo>: x}\n",
      []
    ),
    Case("an operator's own template", "+a:\n  sh>: echo ${secret:api.key}\n", []),
    Case("an option with a template", "+a:\n  td>: {data: select 1}\n  preview: ${p}\n", []),
    Case("only an else", "+a:\n  if>: ${x}\n  _else_do: {echo>: x}\n", []),
    Case(
      "options from exports",
      "_export:\n  mail: {subject: s, to: [a@b.c]}\n+a:\n  mail>: {data: x}\n",
      []
    ),
    Case(
      "a mail of a called file",
      "_export: {subject: s, to: a@b.c}\n+a: {call>: sub/m}\n",
      [],
      [
        "sub/m.dig": "+m:\n  mail>: {data: x}\n"
      ]
    ),
    Case("a placeholder", "_export:\n  api_key: YOUR_API_KEY\n+a: {echo>: \"${api_key}\"}\n", []),
    Case(
      "a name that only a query reads",
      "_export:\n  table_name: t\n+a:\n  td>: q.sql\n",
      [],
      ["q.sql": "select 1 from ${table_name}\n"]
    ),
    Case(
      "a name that only a script reads",
      "_export:\n  bucket: b\n+a:\n  py>: tasks.run\n",
      [],
      ["tasks.py": "def run(bucket): pass\n"]
    ),
    Case(
      "a name that a script elsewhere may read",
      "_export:\n  bucket: b\n+a:\n  py>: scripts.load.main\n",
      []
    ),
    Case("a name that a shell reads", "_export:\n  FOLDER: b\n+a:\n  sh>: ls $FOLDER\n", []),
    Case("an option of operators", "_export:\n  engine: hive\n+a: {echo>: x}\n", []),
    Case(
      "a query that a workflow with lines of Windows names",
      "+a:\r\n  td>: q/one.sql\r\n",
      [],
      ["q/one.sql": "select 1\n"]
    ),
    Case(
      "queries by pattern",
      "+a:\n  for_each>: {step: [one, two]}\n  _do: {td>: \"q/${step}.sql\"}\n",
      [],
      ["q/one.sql": "select 1\n", "q/two.sql": "select 2\n"]
    ),
    Case("first in the background", "+a:\n  _background: true\n  echo>: y\n+b: {echo>: x}\n", []),
    Case("a disabled task", "+a:\n  _disable: true\n  td>: no.sql\n", []),
    Case("zeros that change nothing", "+a:\n  loop>: 07\n  _do: {echo>: x}\n", []),
    Case("one workflow by hand", "+a: {echo>: x}\n", []),
  ]
}
