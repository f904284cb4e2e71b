import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Real processes of tasks that run as another account, within limits.
@Suite(.enabled(if: geteuid() == 0, "only root can start processes as somebody else"))
struct ProcessIsolationTests {
  /// `nobody` of every Linux.
  private static let nobody = ProcessPolicy.Account(name: "nobody", user: 65_534, group: 65_534)

  private static func task(_ limits: ProcessPolicy.Limits = .init()) throws -> TestTask {
    let folder = try TemporaryFolder()
    return try TestTask(
      folder,
      isolation: TaskIsolation(
        network: .open,
        processes: ProcessPolicy(account: nobody, limits: limits),
        files: .project
      )
    )
  }

  private static func shell(_ folder: TemporaryFolder) -> ShellOperator {
    ShellOperator(
      environment: [
        "PATH": "/usr/bin:/bin", "TADORU_SECRET_KEY": "canary", "AWS_SECRET_ACCESS_KEY": "canary",
        "LD_PRELOAD": "", "HOME": "/root", "TZ": "Asia/Tokyo",
      ],
      temporaryDirectory: folder.path,
      newID: { UUID().uuidString }
    )
  }

  @discardableResult
  private func run(_ script: String, on task: TestTask) async throws -> String {
    try await task.run(Self.shell(task.folder), ["_command": .string(script)])
    return task.output
  }

  @Test func `scripts run as the other account, without groups and for good`() async throws {
    let output = try await run(
      "id -u; id -g; id -G; grep NoNewPrivs /proc/self/status | tr -d '\\t'",
      on: Self.task()
    )
    #expect(output == "65534\n65534\n65534\nNoNewPrivs:1\n")
  }

  @Test func `the environment holds nothing of the server`() async throws {
    let task = try Self.task()
    let output = try await run("env | sort | cut -d= -f1 | tr '\\n' ' '; env", on: task)
    let names = output.prefix { $0 != "\n" }.split(separator: " ").prefix { !$0.contains("=") }
    let known: Set<Substring> = [
      "_command", "HOME", "LANG", "LOGNAME", "OLDPWD", "PATH", "PWD", "SHLVL",
      "TADORU_TASK_PROCESS", "TMPDIR", "TZ", "USER", "_",
    ]
    #expect(Set(names).isSubset(of: known), "\(names)")
    #expect(!output.contains("canary") && output.contains("TZ=Asia/Tokyo"))
    #expect(output.contains("HOME=\(task.folder.path)/.tadoru-home\n"))
  }

  @Test func `home and temporary files are in the workspace`() async throws {
    let task = try Self.task()
    try await run("echo a > ~/a; echo b > $(mktemp); echo c > c; ls -A $TMPDIR | wc -l", on: task)
    #expect(
      task.output == "1\n" && task.folder.contains(".tadoru-home/a") && task.folder.contains("c")
    )
  }

  @Test func `a link in the place of the home is not followed`() async throws {
    let (task, outside) = (try Self.task(), try TemporaryFolder())
    try FileManager.default.createSymbolicLink(
      atPath: task.folder.path + "/.tadoru-home",
      withDestinationPath: outside.path
    )
    let words = await task.failure(Self.shell(task.folder), ["_command": "true"])
    #expect(words.contains("no home for the task's processes") && !outside.contains("tmp"))
  }

  @Test func `files of the server cannot be read`() async throws {
    let secrets = try TemporaryFolder()
    let key = try secrets.write("canary", to: "secret.key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let output = try await run(
      "cat \(key) 2>&1; cat /proc/\(getpid())/environ 2>&1; kill -0 \(getpid()) 2>&1; true",
      on: Self.task()
    )
    #expect(!output.contains("canary"))
    #expect(output.contains("Permission denied") && output.contains("not permitted"))
  }

  @Test func `a fork bomb stops at the limit`() async throws {
    var limits = ProcessPolicy.Limits()
    limits.processes = 60
    let output = try await run(
      "sh -c 'for i in $(seq 200); do sleep 1000 & done' 2>&1; true",
      on: Self.task(limits)
    )
    #expect(
      output.contains("fork") || output.contains("Resource temporarily unavailable"),
      "\(output)"
    )
  }

  @Test func `a file does not grow beyond the limit`() async throws {
    var limits = ProcessPolicy.Limits()
    limits.fileSizeInBytes = 1 << 16
    let task = try Self.task(limits)
    try await run("head -c 1000000 /dev/zero > big; stat -c %s big", on: task)
    #expect(task.output.hasSuffix("65536\n"))
  }

  @Test func `processor time, memory and open files are limited`() async throws {
    var limits = ProcessPolicy.Limits()
    (limits.processorSeconds, limits.memoryInBytes, limits.openFiles) = (1, 512 << 20, 64)
    let task = try Self.task(limits)
    try await run("ulimit -n; ulimit -v; ulimit -c; sh -c 'while :; do :; done'; echo $?", on: task)
    // 128 and the number of SIGKILL.
    #expect(task.output.hasPrefix("64\n524288\n0\n") && task.output.hasSuffix("137\n"))
  }

  @Test func `a kill ends the whole tree of the other account`() async throws {
    let task = try Self.task()
    let context = try task.context([
      "_command": "trap '' TERM; (trap '' TERM; echo $$$$; sleep 1000) & echo $$!; wait"
    ])
    var worker = Self.shell(task.folder)
    worker.grace = .milliseconds(300)
    let cancellable = worker
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await cancellable.run(context) }
        while task.output.split(separator: "\n").count < 2 { await Task.yield() }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
    for line in task.output.split(separator: "\n") {
      #expect(await ShellOperatorTests.isGone(try #require(Int32(line))))
    }
  }

  @Test func `what takes a session of its own is ended too`() async throws {
    let task = try Self.task()
    try await run(
      "setsid sh -c 'echo $$$$ > pid; exec sleep 1000' & until [ -s pid ]; do :; done; cat pid",
      on: task
    )
    let pid = try #require(Int32(task.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(await ShellOperatorTests.isGone(pid))
  }

  @Test func `a Python function has the account and gives its result back`() async throws {
    let task = try Self.task()
    try task.folder.write(
      """
      import os, digdag
      def run(): digdag.env.store({"uid": os.getuid(), "home": os.path.expanduser("~")})
      """,
      to: "tasks.py"
    )
    let result = try await task.run(Self.python(task.folder), ["_command": "tasks.run"])
    #expect(result.store["uid"] == 65_534)
    #expect(result.store["home"] == .string(task.folder.path + "/.tadoru-home"))
  }

  @Test func `a link in the place of the result is not followed`() async throws {
    let task = try Self.task()
    try task.folder.write(
      """
      import os, sys
      def run():
          os.unlink(sys.argv[-1]); os.symlink("/etc/shadow", sys.argv[-1]); os._exit(0)
      """,
      to: "tasks.py"
    )
    let words = await task.failure(Self.python(task.folder), ["_command": "tasks.run"])
    #expect(words.contains("Python left no result"))
  }

  private static func python(_ folder: TemporaryFolder) -> PythonOperator {
    PythonOperator(
      settings: PythonSettings(
        runner: TestWarehouse.root.appending(path: "python/py").path,
        interpreters: [],
        environmentsDirectory: folder.path + "/environments"
      ),
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
      temporaryDirectory: folder.path,
      newID: { UUID().uuidString }
    )
  }
}
