import Foundation
import Notebooks
import TestKit
import Testing
import Values

/// Runs that do not end by themselves, and the processes they must not leave behind.
@Suite struct NotebookEndTests {
  /// Prints the ids of the kernel and of a grandchild in a session of its own, then never lets go of the interpreter.
  private static let stubborn = """
    import ctypes, os, subprocess, time
    other = subprocess.Popen(["setsid", "sh", "-c", "trap '' TERM; sleep 1000; sleep 1000"])
    print("pids", os.getpid(), other.pid, flush=True)
    time.sleep(0.5)  # the line leaves by a thread that needs the interpreter, too
    ctypes.PyDLL(None).sleep(1000)
    """

  private func pids(_ lines: [String]) throws -> [Int] {
    let line = try #require(lines.first { $0.hasPrefix("pids ") })
    return line.split(separator: " ").compactMap { Int($0) }
  }

  @Test func `ends a cell that exceeds its limit inside native code`() async throws {
    let fixture = try NotebookFixture()
    var job = try fixture.job(["a = 1", "print('kept')", Self.stubborn])
    job.cellTimeout = .seconds(2)
    let lines = Lines()
    let error = try #require(await fixture.failure(of: job) { lines.add($0) })
    #expect(error.code == .timedOut)
    #expect(error.message == "cell 3 exceeded its limit of 2 s (`timeout`)")
    #expect(try fixture.text(#require(error.html)).contains("kept"))
    for pid in try pids(lines.all) { #expect(try Finished.ends(pid, within: 1)) }
  }

  @Test func `ends a notebook that exceeds its limit`() async throws {
    let fixture = try NotebookFixture()
    var job = try fixture.job(["a = 1", "import time; time.sleep(1000)"])
    job.timeout = .seconds(5)
    let error = try #require(await fixture.failure(of: job))
    #expect(error.code == .timedOut)
    #expect(error.message.hasPrefix("the notebook exceeded its limit of 5 s"))
    #expect(error.executedNotebook != nil)
  }

  @Test func `ends every process when it is cancelled`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job(["a = 1", "print('kept')", Self.stubborn])
    let (stream, lines) = AsyncStream.makeStream(of: String.self)
    let run = Task {  // why: the test holds it, cancels it and awaits it
      try await fixture.runner.run(job) { lines.yield($0) }
    }
    var seen: [String] = []
    for await line in stream {
      seen.append(line)
      if line.hasPrefix("pids") { break }
    }
    run.cancel()
    let error = await run.result.failure as? NotebookError
    #expect(error?.code == .cancelled)
    #expect(try fixture.text(#require(error?.executedNotebook)).contains("kept"))
    for pid in try pids(seen) {
      let state = try Finished("/usr/bin/ps", ["-o", "pid,ppid,stat,args", "-p", "\(pid)"])
      #expect(try Finished.ends(pid, within: 1), "\(state.output)")
    }
  }

  @Test func `leaves no process when its caller is killed with SIGKILL`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job(["a = 1", Self.stubborn])
    let output = "\(fixture.folder.path)/lines.txt"
    let caller = Process()
    caller.executableURL = URL(filePath: fixture.runtime.python)
    caller.arguments = ["-c", Self.caller, job.notebook, job.workFolder, output]
    caller.environment = ["PYTHONPATH": fixture.catalog.folder, "PATH": "/usr/bin:/bin"]
    try caller.run()
    // Ends when the notebook has printed its line.
    let waited = try Finished(
      "/usr/bin/timeout",
      ["60", "sh", "-c", "until grep -q ^pids '\(output)'; do sleep 0.1; done"],
      environment: ["PATH": "/usr/bin:/bin"]
    )
    #expect(waited.status == 0)
    let ids = try pids(fixture.text(output).split(separator: "\n").map(String.init))
    let supervisor = try #require(Int(fixture.text("\(job.workFolder)/supervisor.pid")))
    kill(caller.processIdentifier, SIGKILL)
    caller.waitUntilExit()
    for pid in ids + [supervisor] { #expect(try Finished.ends(pid, within: 5)) }
  }

  @Test func `leaves no kernel even when the supervisor is killed with SIGKILL`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job(["a = 1", Self.stubborn])
    let lines = Lines()
    let (stream, output) = AsyncStream.makeStream(of: String.self)
    async let failure = fixture.failure(of: job) {
      lines.add($0)
      output.yield($0)
    }
    for await line in stream where line.hasPrefix("pids ") {
      let kernel = try #require(line.split(separator: " ").compactMap { Int32($0) }.first)
      let runner = try Self.parent(of: kernel)
      kill(try Self.parent(of: runner), SIGKILL)
      break
    }
    let error = await failure
    #expect(error?.code == .runnerFailed)
    #expect(try Finished.ends(#require(pids(lines.all).first), within: 5))
    kill(Int32(try #require(pids(lines.all).last)), SIGKILL)
  }

  private static func parent(of pid: Int32) throws -> Int32 {
    let found = try Finished("/usr/bin/ps", ["-o", "ppid=", "-p", "\(pid)"])
    return try #require(Int32(found.output.filter { !$0.isWhitespace }))
  }

  /// Stands for `tadoru`: starts a supervisor as its child and waits for it.
  private static let caller = """
    import json, os, subprocess, sys
    notebook, work, output = sys.argv[1:]
    for folder in ("output", "scratch/home", "scratch/tmp"):
        os.makedirs(os.path.join(work, folder))
    job = dict(notebook=notebook, executed=work + "/notebook.ipynb", html=work + "/notebook.html",
               outcome=work + "/outcome.json", parameters={}, working_directory=work, scratch=work + "/scratch",
               kernel_python=sys.executable, timeout=None, cell_timeout=None, memory_limit=None, parent=os.getpid())
    with open(work + "/job.json", "w") as file:
        json.dump(job, file)
    child = subprocess.Popen([sys.executable, "-m", "tadoru_notebook.supervise", work + "/job.json"],
                             stdout=open(output, "w"), stderr=subprocess.STDOUT, start_new_session=True)
    with open(work + "/supervisor.pid", "w") as file:
        file.write(str(child.pid))
    child.wait()
    """
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
