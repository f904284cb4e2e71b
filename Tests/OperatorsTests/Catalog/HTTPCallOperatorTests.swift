import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

@Suite struct HTTPCallOperatorTests {
  private let server: HTTPServer
  private let task: TestTask

  init() throws {
    server = try HTTPServer()
    task = try TestTask()
  }

  @Test func `runs the tasks of a JSON answer`() async throws {
    let result = try await task.run(
      HTTPCallOperator(),
      ["_command": server.address("/fragment.json")]
    )
    let group = try #require(result.subtasks)
    #expect(group.name == "^sub" && group.children.map(\.name) == ["+a"])
    #expect(group.export == ["x": 1])
    #expect(group.children[0].config == ["_type": "echo", "_command": "from afar"])
    #expect(result.store.isEmpty && result.reset.isEmpty)
  }

  @Test func `takes YAML under a type of another name`() async throws {
    let keys: ObjectValue = ["_command": server.address("/fragment.yaml")]
    #expect(
      await task.failure(HTTPCallOperator(), keys).hasPrefix(
        "Unsupported content type: `text/plain`"
      )
    )
    let result = try await task.run(
      HTTPCallOperator(),
      keys.merging(["content_type_override": "application/x-yaml"])
    )
    // Templates are for the tasks to fill.
    #expect(result.subtasks?.children[0].config["_command"] == "${session_id}")
  }

  @Test func `names what is wrong with the answer`() async throws {
    func words(_ path: String, _ keys: ObjectValue = [:]) async -> String {
      let local = ObjectValue([("_command", server.address(path))]).merging(keys)
      return await task.failure(HTTPCallOperator(), local)
    }
    #expect(await words("/broken").contains("unknown keys: [stray]"))
    let type: ObjectValue = ["content_type_override": "application/x-yaml"]
    #expect(await words("/large/65537", type).hasPrefix("Response content too large"))
    #expect(await words("/large/3", type).hasPrefix("expected a workflow, found no map"))
    #expect(await words("/status/404").hasPrefix("HTTP 4XX Client Error: GET "))
  }
}
