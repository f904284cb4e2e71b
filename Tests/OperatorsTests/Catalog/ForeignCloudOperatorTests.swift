import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct ForeignCloudOperatorTests {
  @Test func `each says what it needs and what to use instead`() async throws {
    let task = try TestTask()
    #expect(ForeignCloudOperator.all.count == 10)
    for (name, worker) in ForeignCloudOperator.all {
      let words = await task.failure(worker, ["_command": "x", "any": ["key": 1]])
      #expect(words.hasPrefix("`\(name)>` needs "))
      #expect(words.contains("not available here; `"))
      #expect(words.hasSuffix(" (config)"))
    }
  }

  @Test func `nop does nothing`() async throws {
    let task = try TestTask()
    let result = try await task.run(NothingOperator(), ["_command": nil, "x": 1])
    #expect(result.store.isEmpty && result.export.isEmpty && result.subtasks == nil)
  }
}
