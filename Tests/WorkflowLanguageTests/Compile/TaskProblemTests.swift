import TestKit
import Testing
import Values

@testable import WorkflowLanguage

@Suite struct TaskProblemTests {
  @Test(
    arguments: [
      (
        "+t:\n",
        "1:1: error: Parameter '+t' must be an object or array of objects\n  hint: a task without content is written `+t: {}`"
      ),
      ("+t: 5\n", "1:5: error: Parameter '+t' must be an object or array of objects"),
      ("+t: [{}, 5]\n", "1:10: error: Parameter '+t' must be an object or array of objects"),
      (
        "+t:\n  a>: 1\n  b>: 2\n",
        "3:3: error: A task can't have more than one operator: +wf+t has `a>`, `b>`\n  hint: give each operator a task of its own"
      ),
      (
        "+t:\n  _type: a\n  b>: 2\n",
        "3:3: error: A task can't have more than one operator: +wf+t has `_type`, `b>`"
      ),
      (
        "+t:\n  a>: 1\n  +b: {echo>: 1}\n",
        "3:3: error: A task can't have subtasks: +wf+t has `a>` and `+b`"
      ),
      (
        "+t:\n  _exprt: {}\n  +a: {echo>: 1}\n",
        "2:3: error: +wf+t contains invalid keys: '_exprt' (did you mean ['_export'])"
      ),
      ("+t:\n  zzzzzzzz: 1\n", "2:3: error: +wf+t contains invalid keys: 'zzzzzzzz'"),
      (
        "+t:\n  _env: {}\n  +a: {echo>: 1}\n",
        "2:3: error: +wf+t contains invalid keys: '_env'\n  hint: `_env` belongs into the operator tasks that need it"
      ),
      (
        "+t:\n  _if: x\n",
        "2:3: error: +wf+t contains invalid keys: '_if'\n  hint: use the operator `if>` with `_do`"
      ),
      (
        "+t:\n  _disabled: true\n",
        "2:3: error: +wf+t contains invalid keys: '_disabled' (did you mean ['_disable'])\n  hint: a task is switched off with `_disable: true`"
      ),
      (
        "+t:\n  td: q.sql\n",
        "2:3: error: +wf+t contains invalid keys: 'td'\n  hint: an operator is written with `>`: `td>`"
      ),
      (
        "+t:\n  inner: {echo>: 1}\n",
        "2:3: error: +wf+t contains invalid keys: 'inner'\n  hint: a task is written with `+`: `+inner`"
      ),
      (
        "mail>: x\n+t: {}\n",
        "1:1: error: Workflow 'wf' includes unknown keys: [mail>]\n  hint: an operator cannot stand at the top of a file: put it under a task, `+mail:`"
      ),
      (
        "_exports: {}\n+t: {}\n",
        "1:1: error: Workflow 'wf' includes unknown keys: [_exports]\n  hint: did you mean `_export`"
      ),
      (
        "_background: true\n+t: {}\n",
        "1:1: error: Workflow 'wf' includes unknown keys: [_background]\n  hint: `_background` belongs into a task"
      ),
      ("_env: {}\n+t: {}\n", "1:1: error: Workflow 'wf' includes unknown keys: [_env]"),
      (
        "x: 1\n+t: {}\n",
        "1:1: error: Workflow 'wf' includes unknown keys: [x]\n  hint: parameters belong under `_export`"
      ),
      (
        "t: {echo>: 1}\n+t: {}\n",
        "1:1: error: Workflow 'wf' includes unknown keys: [t]\n  hint: a task is written with `+`: `+t`"
      ),
      ("_export: 5\n+t: {}\n", "1:10: error: Parameter '_export' must be an object"),
      ("+t: {_secrets: x, echo>: 1}\n", "1:16: error: Parameter '_secrets' must be an object"),
      ("+t: {_error: x, echo>: 1}\n", "1:14: error: Parameter '_error' must be an object"),
      (
        "+t:\n  echo>: 1\n  _error:\n    a>: 1\n    b>: 2\n",
        "5:5: error: A task can't have more than one operator: +wf+t^error has `a>`, `b>`"
      ),
      (
        "+t: {_disable: maybe, echo>: 1}\n",
        "1:16: error: Expected 'true' or 'false' for key '_disable' but got \"maybe\" (string)"
      ),
      (
        "+g:\n  _parallel: ${p}\n  +a: {echo>: 1}\n",
        "2:14: error: Expected 'true' or 'false' for key '_parallel' but got \"${p}\" (string)\n  hint: `_parallel` is read before templates are evaluated"
      ),
      (
        "+g:\n  _parallel: {limit: '${p}'}\n",
        "2:22: error: Expected integer (int) type for key 'limit' but got \"${p}\" (string)\n  hint: `_parallel` of a group is read before templates are evaluated"
      ),
      ("+g:\n  _parallel: {}\n", "2:3: error: Parameter 'limit' is required but not set"),
      (
        "_parallel: true\n+a: {_background: true, echo>: 1}\n",
        "2:6: error: Setting \"_background: true\" option is invalid (unnecessary) if its parent task has \"_parallel: true\" option"
      ),
      (
        "+a: {echo>: 1}\n+b: {_after: [+a], echo>: 1}\n",
        "2:6: error: Setting \"_after\" option is invalid if its parent task doesn't have \"_parallel: true\" option"
      ),
      (
        "_parallel: true\n+a: {_after: [+b], echo>: 1}\n+b: {echo>: 1}\n",
        "2:6: error: Dependency task '+b' does not exist\n  hint: `_after` names tasks that are written above it"
      ),
      (
        "_parallel: true\n+first: {echo>: 1}\n+b: {_after: [+frist], echo>: 1}\n",
        "3:6: error: Dependency task '+frist' does not exist\n  hint: did you mean `+first`"
      ),
      (
        "_parallel: true\n+a: {_after: +b, echo>: 1}\n",
        "2:14: error: Expected array of task names for key '_after' but got \"+b\""
      ),
      ("+a b: {echo>: 1}\n", "1:1: error: task `+wf+a b` has a blank in its name"),
      ("+ä: {echo>: 1}\n", "1:1: error: task `+wf+ä` has `ä` in its name"),
      ("+a$: {echo>: 1}\n", "1:1: error: task `+wf+a$` has `$` in its name"),
      ("+: {echo>: 1}\n", "1:1: error: task `+wf+` has no name"),
      ("+t: {'>': 1}\n", "1:6: error: `>` has no operator name before it"),
      ("+t: {_type: 5}\n", "1:13: error: Expected string type for key '_type' but got 5"),
      ("schedule: daily\n+t: {}\n", "1:11: error: Parameter 'schedule' must be an object"),
      ("sla: 08:00\n+t: {}\n", "1:6: error: Parameter 'sla' must be an object"),
      (
        "schedule: {daily>: 7}\n+t: {}\n",
        "1:20: error: daily>: scheduler requires HH:MM:SS format: 7"
      ),
      (
        "schedule:\n  daily>: 07:00:00\n  at: 3\n+t: {}\n",
        "3:3: error: Parameter 'at' is not used at schedule."
      ),
      ("schedule:\n  dayly>: 07:00:00\n+t: {}\n", "2:11: error: Unknown scheduler type: dayly"),
      ("schedule: {}\n+t: {}\n", "1:1: error: `schedule` has no kind"),
      (
        "timezone: JST\n+t: {}\n",
        "1:11: error: unknown time zone `JST`\n  hint: `JST` is ambiguous; write a region such as `Asia/Tokyo`"
      ),
      (
        "timezone: PST\n+t: {}\n",
        "1:11: error: unknown time zone `PST`\n  hint: `PST` is ambiguous; write a region such as `America/Los_Angeles`"
      ),
      (
        "timezone: Asia/Tokio\n+t: {}\n",
        "1:11: error: unknown time zone `Asia/Tokio`\n  hint: did you mean `Asia/Tokyo`"
      ),
      (
        "timezone: ${tz}\n+t: {}\n",
        "1:11: error: unknown time zone `${tz}`\n  hint: `timezone` is no template"
      ),
      (
        "timezone: +0700\n+t: {}\n",
        "1:11: error: expected the name of a time zone for `timezone`, found the integer `448`"
      ),
    ])
  func `names the place and the way out`(text: String, expected: String) throws {
    let found = try compileText(text).errors.map(\.description)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.hasPrefix("wf.dig:\(expected)") == true, "\(found)")
  }

  @Test func `collects every problem of a file`() throws {
    let project = try compileText(
      """
      timezone: PST
      unknown: 1
      +a:
        x>: 1
        y>: 2
      +b:
      +c c: {echo>: 1}
      +d:
        bad: 1
        +e: {_export: [1], echo>: 1}
      """
    )
    #expect(project.workflows.isEmpty)
    #expect(
      project.diagnostics.map { "\($0.location.map(\.description) ?? "") \($0.message.prefix(24))" }
        == [
          "wf.dig:1:11 unknown time zone `PST`",
          "wf.dig:2:1 Workflow 'wf' includes u",
          "wf.dig:5:3 A task can't have more t",
          "wf.dig:6:1 Parameter '+b' must be a",
          "wf.dig:7:1 task `+wf+c c` has a bla",
          "wf.dig:9:3 +wf+d contains invalid k",
          "wf.dig:10:17 Parameter '_export' must",
        ]
    )
  }

  @Test(
    arguments: [
      (
        "+t: {td_ddl>: , empty_table: [a]}",
        "1:17: warning: `empty_table` is no option of `td_ddl>` and does nothing\n  hint: did you mean `empty_tables`"
      ),
      (
        "+t: {td>: q.sql, insert_table: a}",
        "1:18: warning: `insert_table` is no option of `td>` and does nothing\n  hint: did you mean `insert_into`"
      ),
      ("+t: {ech>: a}", "1:6: warning: unknown operator `ech>`\n  hint: did you mean `echo>`"),
      ("+t: {ml_trian>: a}", "1:6: warning: unknown operator `ml_trian>`"),
      ("+t:\n  td>: ${a # b}\n", "2:8: warning: the template in `${a` is not closed"),
      (
        "+t:\n  _retry: ${n}\n  +a: {echo>: 1}\n",
        "2:3: warning: `_retry` of a group is not evaluated: +wf+t will not be retried"
      ),
      ("+t: [{+a: {}}, {+a: {}}]", "1:17: warning: `+a` replaces the one at wf.dig:1:7"),
      ("schedule:\n+t: {}", "1:1: warning: `schedule` is empty and does nothing"),
      ("{}", "1:1: warning: workflow `wf` has no tasks"),
    ])
  func `warns of what is accepted and not meant`(text: String, expected: String) throws {
    let project = try compileText(text)
    #expect(project.workflows.count == 1)
    let found = project.diagnostics.map(\.description)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("wf.dig:\(expected)") == true, "\(found)")
  }

  @Test(arguments: [
    "my_company_operator>: 1", "td>: q.sql\n  any: 1\n  key: 2", "sh>: 'echo ${x}'",
    "echo>: $5 or $$",
  ])
  func `stays quiet about everything else`(task: String) throws {
    #expect(try compileText("+t:\n  \(task)\n").diagnostics == [])
  }

  @Test func `the names of suggestions exist`() {
    #expect(OperatorNames.known == OperatorNames.known.sorted())
    #expect(OperatorNames.known.count == Set(OperatorNames.known).count)
  }
}
