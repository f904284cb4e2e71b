import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

/// With a real Python and the runner that is shipped.
@Suite struct PythonOperatorTests {
  private let task: TestTask
  private let worker: PythonOperator

  init() throws {
    task = try TestTask()
    let count = Mutex(0)
    try FileManager.default.createDirectory(
      atPath: task.folder.path + "/scratch",
      withIntermediateDirectories: true
    )
    worker = PythonOperator(
      settings: PythonSettings(
        runner: TestWarehouse.root.appending(path: "python/py").path,
        interpreters: ["/no/such/python", TestPython.path],
        environmentsDirectory: task.folder.path + "/environments"
      ),
      environment: ["PATH": "/usr/bin:/bin", "INHERITED": "yes"],
      temporaryDirectory: task.folder.path + "/scratch",
      newID: {
        count.withLock {
          $0 += 1
          return String($0)
        }
      }
    )
  }

  private func run(
    _ command: Value,
    _ keys: ObjectValue = [:],
    exports: ObjectValue = [:],
    secrets: [String: String] = [:]
  ) async throws -> TaskResult {
    let local = ObjectValue([("_command", command)]).merging(keys)
    return try await task.run(worker, local, exports: exports, secrets: secrets)
  }

  private func words(_ command: Value, _ keys: ObjectValue = [:]) async -> String {
    await task.failure(worker, ObjectValue([("_command", command)]).merging(keys))
  }

  @Test func `gives functions, methods and constructors what they declare`() async throws {
    try task.folder.write(
      """
      import json
      def function(a, b=2, *, c, **rest):
          print(json.dumps([a, b, c, rest["task"], "a" in rest, "_command" in rest]))
      class Job:
          def __init__(self, a, unknown="default"):
              self.a = (a, unknown)
          def run(self, c): print("run", self.a, c)
          def other(self): print("other")
          @staticmethod
          def still(c): print("still", c)
          @classmethod
          def kind(cls, c): print(cls.__name__, c)
      """,
      to: "jobs/tasks.py"
    )
    let exports: ObjectValue = ["a": "text", "c": [1, 2.5, nil, true], "task": ["k": "é"]]
    for command in ["function", "Job", "Job.other", "Job.still", "Job.kind"] {
      _ = try await run(.string("jobs.tasks.\(command)"), exports: exports)
    }
    #expect(
      task.output == """
        ["text", 2, [1, 2.5, null, true], {"k": "\\u00e9"}, false, true]
        run ('text', 'default') [1, 2.5, None, True]
        other
        still [1, 2.5, None, True]
        Job [1, 2.5, None, True]

        """
    )
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: task.folder.path + "/scratch") == []
    )
  }

  @Test func `a method that lacks an argument names it`() async throws {
    try task.folder.write(
      """
      class C:
          def __init__(self, q=1): pass
          def m(self, x): pass
      class D:
          def __init__(self, y): pass
          def run(self): pass
      def f(z): pass
      """,
      to: "t.py"
    )
    for (command, method, name) in [("C.m", "C.m", "x"), ("D", "D.__init__", "y"), ("f", "f", "z")]
    {
      #expect(
        await words(.string("t.\(command)")) == """
          Python command failed with code 1
          Error messages from python: Method '\(method)' requires parameter '\(name)' but not set (TypeError) (runtime)
          """
      )
    }
  }

  @Test func `stores, exports and adds subtasks through digdag`() async throws {
    try task.folder.write(
      """
      import digdag
      from digdag import env
      class Job:
          def run(self):
              values = {"n": 1}
              digdag.env.store({"a": {"b": values}, "seen": env.params["x"]}, more=[1])
              digdag.env.store({"seen": "later"})
              values["n"] = 2
              digdag.env.export({"e": "${x}"})
              digdag.env.set_state(count=1)
              assert digdag.env.params["count"] == 1
              digdag.env.add_subtask(self.step, n=5)
              digdag.env.add_subtask({"echo>": "hi", "_export": {"k": 1}})
              digdag.env.add_subtask(free)
          def step(self, n): pass
      def free(): pass
      """,
      to: "work.py"
    )
    let result = try await run("work.Job", exports: ["x": "X"])
    #expect(result.store == ["a": ["b": ["n": 1]], "seen": "later", "more": [1]])
    #expect(result.export == ["e": "${x}"])
    let group = try #require(result.subtasks)
    #expect(group.name == "^sub")
    #expect(group.children.map(\.name) == ["+subtask0", "+subtask1", "+subtask2"])
    #expect(group.children[0].config == ["n": 5, "_type": "py", "_command": "work.Job.step"])
    #expect(group.children[1].config == ["_type": "echo", "_command": "hi"])
    #expect(group.children[1].export == ["k": 1])
    #expect(group.children[2].config == ["_type": "py", "_command": "work.free"])
  }

  @Test func `has the environment of the process and of the task, not the parameters`() async throws
  {
    try task.folder.write(
      """
      import os, sys
      def f():
          print([os.environ.get(k) for k in ("INHERITED", "TOKEN", "name")])
          print("to errors", file=sys.stderr)
          print(os.path.basename(os.getcwd()), sys.path[0] == os.getcwd())
      """,
      to: "sub/envs.py"
    )
    let context = try task.context(
      ["_command": "envs.f", "_env": ["TOKEN": "t-${secret:api.token}"]],
      exports: ["name": "x"],
      secrets: ["api.token": "S3"],
      directory: "sub"
    )
    _ = try await worker.run(context)
    #expect(task.output == "['yes', 't-S3', None]\nto errors\nsub True\n")
    #expect(
      await words("envs.f", ["_env": ["a-b": "x"]]) == "Invalid _env key name: a-b (config)"
    )
  }

  @Test func `tells the exception, its class and where it happened`() async throws {
    try task.folder.write(
      "import helper\ndef f(): helper.go()\ndef ends(code): import sys; sys.exit(code)\n",
      to: "t.py"
    )
    try task.folder.write(
      "def go():\n    try: {}['k']\n    except KeyError: raise ValueError('bad é')\n",
      to: "helper.py"
    )
    do {
      _ = try await run("t.f")
      Issue.record("expected a failure")
    } catch let failure as TaskFailure {
      #expect(
        failure.description
          == "Python command failed with code 1\nError messages from python: bad é (ValueError) (runtime)"
      )
      let detail = try #require(failure.detail)
      #expect(detail.hasPrefix("Traceback (most recent call last):\n"))
      #expect(detail.contains("helper.py\", line 3, in go") && detail.contains("KeyError: 'k'"))
      #expect(!detail.contains("tadoru_py"))
    }
    #expect(await words("t.ends", ["code": 3]).hasPrefix("Python command failed with code 3\n"))
    #expect(await words("t.ends", ["code": "stop"]).contains("python: stop (SystemExit)"))
    #expect(try await run("t.ends", ["code": 0]).store.isEmpty)
  }

  @Test func `names what cannot be found`() async throws {
    try task.folder.write("import no_such_package\n", to: "broken.py")
    try task.folder.write("x = 1\nclass C: pass\ndef f(): pass\n", to: "t.py")
    func reason(_ command: String) async -> String {
      let lines = await words(.string(command)).split(separator: "\n")
      return lines.last.map(String.init) ?? ""
    }
    let begin = "Error messages from python: "
    #expect(
      await reason("none.f") == begin + "No module named 'none' (ModuleNotFoundError) (runtime)"
    )
    #expect(
      await reason("broken.f")
        == begin + "No module named 'no_such_package' (ModuleNotFoundError) (runtime)"
    )
    #expect(
      await reason("t.g") == begin + "Module 't' has no attribute 'g' (AttributeError) (runtime)"
    )
    #expect(
      await reason("t.C") == begin + "Class 'C' has no attribute 'run' (AttributeError) (runtime)"
    )
    #expect(await reason("t.f.g").contains("is no class"))
    #expect(await reason("f").contains("expected `module.function`"))
    #expect(await words(nil) == "Parameter '_command' is required but not set (config)")
  }

  @Test func `refuses to store what is no JSON`() async throws {
    try task.folder.write(
      "import digdag\ndef f(): digdag.env.store({'a': object()})\ndef g(): digdag.env.store(a=float('nan'))\n",
      to: "t.py"
    )
    #expect(await words("t.f").contains("Parameters must be serializable using JSON: "))
    #expect(await words("t.g").contains("Parameters must be serializable using JSON: "))
  }

  @Test func `takes the interpreter of the task, of the project, of the installation`() async throws
  {
    try task.folder.write(
      "import sys\ndef f(): print(sys.executable, sys.flags.dev_mode)\n",
      to: "t.py"
    )
    _ = try await run("t.f", exports: ["py": ["python": ["/usr/bin/python3", "-X", "dev"]]])
    _ = try await run("t.f")
    let venv = task.folder.path + "/.venv/bin"
    try FileManager.default.createDirectory(atPath: venv, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: venv + "/python",
      withDestinationPath: TestPython.path
    )
    _ = try await run("t.f")
    #expect(
      task.output
        == "/usr/bin/python3 True\n\(TestPython.path) False\n\(venv)/python False\n"
    )
    #expect(
      await words("t.f", ["python": "no-such-python"])
        == "Python command failed with code 127 (runtime)"
    )
    #expect(await words("t.f", ["python": []]).hasPrefix("`python` must name an interpreter"))
  }

  @Test func `a docker image gives way to the interpreter, pip lines to an environment`()
    async throws
  {
    try task.folder.write("def f(): import little; print(little.WORD)\n", to: "t.py")
    try await wheel()
    let docker: ObjectValue = [
      "docker": [
        "image": "python:3.9",
        "build": ["apt-get update && pip3 install --no-index ./little-1.0-py3-none-any.whl"],
      ]
    ]
    for _ in 1...2 { _ = try await run("t.f", docker) }
    #expect(task.output == "installed\ninstalled\n")
    #expect(task.log.contains("docker image `python:3.9` is not used"))
    #expect(
      task.log.contains(
        "warning: `docker.build` command is not run on this machine: apt-get update"
      )
    )
    #expect(task.log.split(separator: "\n").count { $0.contains("making a virtual") } == 1)
    let missing = await words(
      "t.f",
      ["docker": ["build": ["pip install --no-index no-such-package"]]]
    )
    #expect(missing.hasPrefix("the packages of `docker.build` could not be installed (code 1)"))
  }

  /// Makes a package that pip can install without a network.
  private func wheel() async throws {
    try task.folder.write(
      """
      import zipfile
      def make():
          with zipfile.ZipFile("little-1.0-py3-none-any.whl", "w") as file:
              file.writestr("little.py", "WORD = 'installed'")
              info = "little-1.0.dist-info/"
              file.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: little\\nVersion: 1.0\\n")
              file.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
              file.writestr(info + "RECORD", "")
      """,
      to: "wheels.py"
    )
    _ = try await run("wheels.make")
  }

  @Test func `ends the script when it is cancelled`() async throws {
    try task.folder.write(
      "import os, time\ndef f():\n    print(os.getpid())\n    time.sleep(1000)\n",
      to: "t.py"
    )
    let context = try task.context(["_command": "t.f"])
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await worker.run(context) }
        while !task.output.contains("\n") { await Task.yield() }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
    let pid = try #require(Int32(task.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(await ShellOperatorTests.isGone(pid))
  }
}

@Suite struct PackageLinesTests {
  @Test func `reads the pip commands of a build`() {
    let lines = PackageLines([
      "pip install pandas==2.2.3 'x>1'", "RUN sudo pip3 install  -U a && apt-get install -y gcc",
      "python3 -m pip install -r requirements.txt", "# a remark", "pip list", "pip install",
    ])
    #expect(lines.installs == ["pandas==2.2.3 'x>1'", "-U a", "-r requirements.txt"])
    #expect(lines.ignored == ["apt-get install -y gcc", "pip list", "pip install"])
    #expect(lines.fingerprint(with: ["python3"]) != lines.fingerprint(with: ["python3.11"]))
    // FNV-1a of the empty text: the offset basis of its definition (draft-eastlake-fnv).
    #expect(PackageLines([]).fingerprint(with: []) == "cbf29ce484222325")
  }
}
