import TestKit
import Testing
import Values

@testable import WorkflowLanguage

/// What was stored reads back as it was, down to the places that messages name.
@Suite struct StoredDefinitionTests {
  private let text = """
    timezone: Asia/Tokyo
    schedule:
      daily>: 07:00:00
    sla:
      time: 09:00
      +late:
        echo>: late
    _export:
      td: {database: x}
      list: [1, 2.5, null, true, {deep: "${a}"}]
    _error:
      echo>: "${error.message}"
    +group:
      _parallel: {limit: 2}
      _retry: {limit: 2, interval: 3}
      _secrets: {mail: mine}
      +a:
        echo>: "ü ${session_time}"
        _check:
          fail>: never
        _retry: 3
      +b:
        _after: [+a]
        for_each>: {fruit: [apple, pear]}
        _do:
          +x:
            echo>: ${fruit}
        _export: {k: v}
    +off:
      _disable: true
    +last:
      _background: true
      if>: ${x}
      _do: {echo>: yes}
      _else_do: {echo>: no}
      _error: {+c: {echo>: c}, +d: {_parallel: true, +e: {echo>: e}}}
    """

  private func definition() throws -> WorkflowDefinition {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "w.dig")
    return try #require(ProjectLoader.load(directory: folder.path).workflows.first)
  }

  @Test func `a definition reads back equal from its JSON text`() throws {
    let definition = try definition()
    let json = JSON.encode(definition.value)
    let read = try WorkflowDefinition(JSON.decode(json))
    #expect(read == definition)
    #expect(JSON.encode(read.value) == json)
    #expect(read.root.children.first?.children.first?.location?.description == "w.dig:17:3")
  }

  @Test func `tasks nested a thousand levels deep read back`() throws {
    var task = TaskNode(name: "+leaf", kind: .operation(type: "echo"), config: ["_type": "echo"])
    for _ in 0..<1000 { task = TaskNode(name: "+g", children: [task]) }
    #expect(try TaskNode(JSON.decode(JSON.encode(task.value))) == task)
  }

  @Test func `places in other files are kept`() throws {
    let task = TaskNode(
      name: "+a",
      location: SourceLocation(file: "a:b.dig", line: 3, column: 4),
      keyLocations: [
        "x": SourceLocation(file: "a:b.dig", line: 5, column: 6),
        "y": SourceLocation(file: "inc/c.yml", line: 7, column: 8),
      ]
    )
    #expect(try TaskNode(task.value) == task)
  }

  @Test(
    arguments: [
      .null, [], [["type": "echo"]], [["name": "+a"], ["name": "+b"]],
      [["name": "+a", "children": 2], ["name": "+b"]], [["name": "+a", "at": "nowhere"]],
    ] as [Value]
  )
  func `what is no task is refused`(value: Value) {
    #expect(throws: WorkflowError.self) { try TaskNode(value) }
  }
}
