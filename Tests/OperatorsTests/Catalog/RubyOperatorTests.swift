import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

/// With a real Ruby and the runner that is shipped.
@Suite struct RubyOperatorTests {
  private static let isInstalled = ["/usr/bin/ruby", "/usr/local/bin/ruby"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  private static let remedy: Comment = "Ruby is not installed: apt-get install ruby"

  private let task: TestTask

  init() throws { task = try TestTask() }

  private func worker(path: String = "/usr/local/bin:/usr/bin:/bin") -> RubyOperator {
    let count = Mutex(0)
    return RubyOperator(
      runner: TestWarehouse.root.appending(path: "ruby/run.rb").path,
      surroundings: OperatorSurroundings(
        environment: ["PATH": path, "LANG": "C.UTF-8"],
        temporaryDirectory: FileManager.default.temporaryDirectory.path(percentEncoded: false),
        clock: { Date(timeIntervalSince1970: 0) },
        newID: {
          count.withLock {
            $0 += 1
            return "\(ProcessInfo.processInfo.globallyUniqueString)-\($0)"
          }
        },
        nextJobID: { 1 }
      )
    )
  }

  private static func local(_ command: String, _ keys: ObjectValue) -> ObjectValue {
    ObjectValue([("_command", .string(command)), ("require", "t")]).merging(keys)
  }

  private func run(_ command: String, _ keys: ObjectValue = [:]) async throws -> TaskResult {
    try await task.run(worker(), Self.local(command, keys))
  }

  private func failure(_ command: String, _ keys: ObjectValue = [:]) async -> String {
    await task.failure(worker(), Self.local(command, keys))
  }

  @Test(.enabled(if: isInstalled, remedy))
  func `gives methods and constructors what they declare`() async throws {
    try task.folder.write(
      """
      require "digdag"
      def top(a, b = 2, *more, c:, d: 4, **rest)
        p [a, b, c, d, rest[:e], rest.key?(:a)]
      end
      module Tasks
        class Job
          def initialize(a) = @a = a
          def run(c) = puts("run #{@a} #{c}")
          def self.make(c:) = puts("made #{c}")
        end
        def self.quick = puts("quick")
      end
      """,
      to: "t.rb"
    )
    _ = try await run("top", ["a": 1, "c": "x", "e": ["k": nil]])
    _ = try await run("Tasks::Job.run", ["a": 1, "c": [1, 2.5]])
    _ = try await run("Tasks::Job.make", ["c": "y"])
    _ = try await run("Tasks.quick")
    #expect(
      task.output == """
        [1, 2, "x", 4, {"k"=>nil}, true]
        run 1 [1, 2.5]
        made y
        quick

        """
    )
    #expect(
      await failure("Tasks::Job.run", ["c": 1])
        == "Ruby command failed with code 1\nError messages from ruby: "
        + "Method 'Tasks::Job.new' requires parameter 'a' but not set (ArgumentError) (runtime)"
    )
  }

  @Test(.enabled(if: isInstalled, remedy))
  func `leaves values and tasks behind`() async throws {
    try task.folder.write(
      """
      class Job
        def run
          Digdag.env.store(list: [1, nil, "é"], nested: { k: 1.5 })
          Digdag.env.store({ "text" => Digdag.env.params["task_name"] })
          Digdag.env.export(shown: true)
          Digdag.env.add_subtask(Job, :more, n: 1)
          Digdag.env.add_subtask("echo>" => "hi")
        end
        def more(n) = nil
      end
      """,
      to: "t.rb"
    )
    let result = try await run("Job.run", ["task_name": "+wf+task"])
    #expect(
      result.store
        == ["list": [1, nil, "é"], "nested": ["k": 1.5], "text": "+wf+task"]
    )
    #expect(result.export == ["shown": true])
    let subtasks = try #require(result.subtasks)
    #expect(subtasks.children.map(\.name) == ["+subtask0", "+subtask1"])
    #expect("\(subtasks)".contains("Job.more"))
  }

  @Test(.enabled(if: isInstalled, remedy))
  func `tells what a script raised, and where`() async throws {
    try task.folder.write("def broken\n  raise KeyError, 'no such thing'\nend\n", to: "t.rb")
    await #expect {
      try await run("broken")
    } throws: { error in
      let failure = error as? TaskFailure
      return failure?.message
        == "Ruby command failed with code 1\nError messages from ruby: no such thing (KeyError)"
        && failure?.detail?.contains("t.rb:2:in `broken'") == true
        && failure?.detail?.contains("run.rb") == false
    }
    #expect(await failure("nosuch").contains("undefined method `nosuch'"))
    #expect(await failure("No::Class.run").contains("uninitialized constant No (NameError)"))
    #expect(await failure("a.b.c").contains("expected `method` or `Module::Class.method`"))
    #expect(
      await failure("broken", ["require": "absent"]).contains("cannot load such file -- absent")
    )
  }

  @Test(.enabled(if: isInstalled, remedy))
  func `takes an interpreter with options`() async throws {
    try task.folder.write("def told = puts($VERBOSE.inspect)\n", to: "t.rb")
    _ = try await run("told", ["ruby": ["ruby", "-W0"]])
    #expect(task.output == "nil\n")
  }

  @Test func `says how to get Ruby where there is none`() async throws {
    let words = await task.failure(worker(path: task.folder.path), ["_command": "x"])
    #expect(
      words
        == "`rb>` needs Ruby, and there is no `ruby` on the PATH; install it with `apt-get install ruby`, "
        + "or name an interpreter with `ruby:` (config)"
    )
    let named = await task.failure(worker(), ["_command": "x", "ruby": "/no/such/ruby"])
    #expect(named.contains("there is no `/no/such/ruby`;"))
  }
}
