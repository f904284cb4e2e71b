import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// With the real /bin/sh.
@Suite struct ShellOperatorTests {
  private static func worker(_ folder: TemporaryFolder) -> ShellOperator {
    let path = folder.path
    let count = Mutex(0)
    return ShellOperator(
      environment: ["PATH": "/usr/bin:/bin", "INHERITED": "yes"],
      temporaryDirectory: path,
      newID: {
        count.withLock {
          $0 += 1; return String($0)
        }
      }
    )
  }

  @Test func `sees parameters and the variables of the task, and prints raw bytes`() async throws {
    let task = try TestTask()
    let worker = Self.worker(task.folder)
    try await task.run(
      worker,
      [
        "_command":
          "printf '%s|' \"$name\" \"$count\" \"$list\" \"$map\" \"$INHERITED\" \"$TOKEN\" \"$$HOME_TEXT\" ${secret:db.key}; echo; printf 'err\\377' >&2",
        "name": "a b", "_env": ["TOKEN": "t-${secret:api.token}", "HOME_TEXT": "x ${name}"],
      ],
      exports: [
        "name": "outer", "count": 3, "list": [1, "x"], "map": ["k": true], "not-a-name": "no",
      ],
      secrets: ["api.token": "S3", "db.key": "K9"]
    )
    #expect(task.output.hasPrefix("a b|3|[1,\"x\"]|{\"k\":true}|yes|t-S3|x outer|K9|\nerr"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: task.folder.path) == [])
  }

  @Test func `runs in the workflow's folder with that folder on the path`() async throws {
    let task = try TestTask()
    let folder = task.folder.url.appending(path: "sub")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // A link and not a script: a file that was just written cannot be executed while another test's child, forked in
    // between, still has it open.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/local-tool",
      withDestinationPath: "/bin/echo"
    )
    let text = "local-tool found in $(basename \"$PWD\")"
    try await task.run(Self.worker(task.folder), ["_command": .string(text)], directory: "sub")
    #expect(task.output == "found in sub\n")
  }

  @Test(arguments: [("exit 3", 3), ("no-such-command-here", 127), ("kill -9 $$$$", 137)])
  func `fails with the exit code`(text: String, code: Int) async throws {
    let task = try TestTask()
    let words = await task.failure(Self.worker(task.folder), ["_command": .string(text)])
    #expect(words == "Command failed with code \(code) (runtime)")
  }

  @Test func `takes another shell`() async throws {
    let task = try TestTask()
    try await task.run(
      Self.worker(task.folder),
      ["_command": "a=(1 2 3); echo $${#a[@]}", "shell": ["bash", "-e"]]
    )
    #expect(task.output == "3\n")
    let words = await task.failure(
      Self.worker(task.folder),
      ["_command": "x", "shell": "no-such-shell"]
    )
    #expect(words == "Command failed with code 127 (runtime)")
  }

  @Test func `refuses a variable name that is none, and a secret that is missing`() async throws {
    let task = try TestTask()
    let worker = Self.worker(task.folder)
    #expect(
      await task.failure(worker, ["_command": "true", "_env": ["a-b": "x"]])
        == "Invalid _env key name: a-b (config)"
    )
    #expect(
      await task.failure(worker, ["_command": "true", "_env": ["A": "${secret:none}"]])
        == "Secret not found for key: 'none' (config)"
    )
    #expect(
      await task.failure(worker, [:]) == "Parameter '_command' is required but not set (config)"
    )
  }

  @Test func `hands over a long output whole`() async throws {
    let task = try TestTask()
    try await task.run(Self.worker(task.folder), ["_command": "seq 1 200000"])
    // 1…200000 with line ends: 1,288,895 bytes (`seq 1 200000 | wc -c`).
    #expect(task.output.utf8.count == 1_288_895)
    #expect(task.output.hasSuffix("\n200000\n"))
  }

  @Test func `leaves a variable out that is too long for the system`() async throws {
    let task = try TestTask()
    try await task.run(
      Self.worker(task.folder),
      ["_command": "echo ${big.length} $(printenv big || echo unset)"],
      exports: ["big": .string(String(repeating: "x", count: 200_000))]
    )
    #expect(task.output == "200000 unset\n")
  }

  @Test func `ends what the script left in the background`() async throws {
    let task = try TestTask()
    try await task.run(Self.worker(task.folder), ["_command": "sleep 1000 & echo $$!"])
    let pid = try #require(Int32(task.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(await Self.isGone(pid))
  }

  @Test func `ends the whole tree when it is cancelled, even one that ignores TERM`() async throws {
    let task = try TestTask()
    let context = try task.context([
      "_command": "trap '' TERM; (trap '' TERM; echo $$$$; while :; do :; done) & echo $$!; wait"
    ])
    var worker = Self.worker(task.folder)
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
      let pid = try #require(Int32(line))
      #expect(await Self.isGone(pid))
    }
  }

  @Test func `no child outlives a kill -9 of this process`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let process = ChildProcess(
        command: ["/bin/sh", "-c", "sleep 1000 & echo $!; wait"],
        environment: ["PATH": "/usr/bin:/bin"],
        workingDirectory: path,
        scratchFile: path + "/script",
        policy: .open
      )
      _ = FileManager.default.createFile(atPath: path + "/script", contents: Data())
      _ = try await process.run { bytes in
        _ = FileManager.default.createFile(atPath: path + "/pid", contents: Data(bytes))
        kill(getpid(), SIGKILL)
      }
    }
    let text = try String(contentsOfFile: path + "/pid", encoding: .utf8)
    let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(await Self.isGone(pid))
    #expect(!FileManager.default.fileExists(atPath: path + "/script"))
  }

  /// Waits up to five seconds for a process to be gone or a zombie that init has yet to reap.
  static func isGone(_ pid: Int32) async -> Bool {
    let limit = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < limit {
      let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      guard let end = state.lastIndex(of: ")"), !state[end...].hasPrefix(") Z") else { return true }
      await Task.yield()
    }
    return false
  }
}
