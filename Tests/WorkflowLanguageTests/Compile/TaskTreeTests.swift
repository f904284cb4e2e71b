import TestKit
import Testing
import Values

@testable import WorkflowLanguage

@Suite struct TaskTreeTests {
  @Test func `groups and operators nest`() throws {
    let root = try rootTask(
      """
      _export: {a: 1}
      +first:
        echo>: hello ${a}
      +group:
        _export:
          b: 2
        +inner:
          td>: q.sql
          engine: hive
          _export: {c: 3}
      +empty: {}
      """
    )
    #expect(
      root.outline == """
        +wf export {"a":1}
          +first echo> {"_type":"echo","_command":"hello ${a}"}
          +group export {"b":2}
            +inner td> {"_type":"td","_command":"q.sql","engine":"hive"} export {"c":3}
          +empty
        """
    )
  }

  @Test func `the operator stands where its key was written`() throws {
    let task = try rootTask("+t:\n  before: 1\n  td>:\n  query: x\n").children[0]
    #expect(task.config.keys == ["before", "_type", "_command", "query"])
    #expect(task.config["_command"] == .null)
    #expect(task.keyLocations["_type"]?.description == "wf.dig:3:3")
    #expect(task.keyLocations["query"]?.description == "wf.dig:4:3")
    #expect(task.location?.description == "wf.dig:1:1")
  }

  @Test func `the long form names the operator by text`() throws {
    let task = try rootTask("+t:\n  _type: echo\n  _command: hi\n").children[0]
    #expect(task.kind == .operation(type: "echo"))
    #expect(task.config == ["_type": "echo", "_command": "hi"])
  }

  @Test func `a list of maps is one body`() throws {
    let root = try rootTask(
      "+t:\n  - +a: {echo>: 1}\n    +b: {echo>: 2}\n  - +c: {echo>: 3}\n+u: []\n+v: [{echo>: x}, {k: 1}]\n"
    )
    #expect(root.children[0].children.map(\.name) == ["+a", "+b", "+c"])
    #expect(root.children[1].children.isEmpty)
    #expect(root.children[2].config == ["_type": "echo", "_command": "x", "k": 1])
  }

  @Test func `keys with a property of their own leave the local keys`() throws {
    let task = try rootTask(
      """
      +t:
        if>: ${x}
        _do: {echo>: 1}
        _else_do: {+a: {echo>: 2}}
        _check: {+c: {fail>: x}}
        _error: {echo>: failed}
        _retry: 3
        _parallel: true
        _env: {K: v}
        _background: true
        _secrets: {aws: true}
        _export:
      """
    ).children[0]
    #expect(
      task.config.keys == ["_type", "_command", "_do", "_else_do", "_retry", "_parallel", "_env"]
    )
    #expect(task.check == ["+c": ["fail>": "x"]])
    #expect(task.error.map(\.outline) == [#"^error echo> {"_type":"echo","_command":"failed"}"#])
    #expect(task.secrets == ["aws": true])
    #expect(task.isBackground)
    #expect(task.retry == nil)
    #expect(task.locations(under: "_else_do")["+a/echo>"]?.description == "wf.dig:4:19")
  }

  @Test func `an error task may be a map of tasks`() throws {
    let root = try rootTask(
      "_error:\n  +a: {echo>: 1}\n  +b: {echo>: 2}\n+t: {_error: {}, +x: {_error: , echo>: 1}}\n"
    )
    #expect(root.error.map(\.name) == ["^error"])
    #expect(root.error[0].children.map(\.name) == ["+a", "+b"])
    #expect(root.children[0].error.isEmpty)
  }

  @Test func `a disabled task drops everything below unseen`() throws {
    let root = try rootTask(
      "+t:\n  _disable: true\n  nonsense: 1\n  +x: {a>: 1, b>: 2}\n+u: {_disable: 'false', echo>: 1}\n+v: {_disable: 1}\n"
    )
    #expect(root.children.map(\.isDisabled) == [true, false, true])
    #expect(root.children[0].outline == "+t disabled")
  }

  @Test(
    arguments: [
      ("true", .parallel(limit: nil)), ("'true'", .parallel(limit: nil)),
      ("True", .parallel(limit: nil)),
      ("false", .sequential), ("", .sequential), ("''", .sequential),
      ("{limit: 2}", .parallel(limit: 2)), ("{limit: '3'}", .parallel(limit: 3)),
      ("{limit: 0}", .parallel(limit: nil)),
      ("{limit: -1}", .parallel(limit: nil)),
    ] as [(String, TaskNode.Order)]
  )
  func `reads the order of a group`(text: String, expected: TaskNode.Order) throws {
    #expect(
      try rootTask("+g:\n  _parallel: \(text)\n  +a: {echo>: 1}\n").children[0].order == expected
    )
  }

  @Test func `siblings under a parallel group may wait for earlier ones`() throws {
    let root = try rootTask(
      "_parallel: true\n+a: {echo>: 1}\n+b: {echo>: 1}\n+c: {_after: [+a, +b], echo>: 1}\n"
    )
    #expect(root.children.map(\.after) == [[], [], ["+a", "+b"]])
  }

  @Test func `a template stays in the options of an operator`() throws {
    let task = try rootTask("+l:\n  loop>: 3\n  _parallel: {limit: '${n}'}\n  _do: {nonsense: 1}\n")
      .children[0]
    #expect(task.config["_parallel"] == ["limit": "${n}"])
    #expect(task.config["_do"] == ["nonsense": 1])
  }

  @Test func `nested groups tolerate what only the top uses`() throws {
    let root = try rootTask(
      "+g:\n  timezone: nowhere\n  schedule: 1\n  sla: {}\n  _retry: {limit: 3}\n  _check: {fail>: x}\n  +a: {echo>: 1}\n"
    )
    #expect(root.children[0].retry == ["limit": 3])
    #expect(root.children[0].config.isEmpty)
  }

  @Test(
    arguments: [
      "+a-b_c=1", "+for-0=fruit=0=apple&1=verb=1=throw", "+range-from=0&to=10", "+[x]{y}%20@z`,.",
      "+1",
    ])
  func `accepts names of the whole character set`(name: String) throws {
    #expect(try TaskCompiler.compile([name: ["echo>": 1]], name: "^sub").children[0].name == name)
  }

  @Test func `a map of one operator is one task`() throws {
    let task = try TaskCompiler.compile(["echo>": "x"], name: "+loop-0")
    #expect(task.outline == #"+loop-0 echo> {"_type":"echo","_command":"x"}"#)
  }

  @Test func `a fragment names all its problems with their places`() throws {
    let node = try rootTask("+t:\n  if>: true\n  _do:\n    +a: {x>: 1, y>: 2}\n    +b: 3\n")
      .children[0]
    let fragment = try #require(node.config["_do"])
    do {
      _ = try TaskCompiler.compile(
        fragment,
        name: "^sub",
        at: node.keyLocations["_do"],
        places: node.locations(under: "_do")
      )
      Issue.record("expected an error")
    } catch {
      #expect(error.location?.description == "wf.dig:4:17")
      #expect(
        error.message
          == "A task can't have more than one operator: ^sub+a has `x>`, `y>`; wf.dig:5:5: Parameter '+b' must be an object or array of objects"
      )
    }
  }
}
