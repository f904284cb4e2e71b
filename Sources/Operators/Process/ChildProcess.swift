import Subprocess
import SystemPackage
import WorkflowEngine

/// A command that runs as a process group of its own and never outlives this process.
struct ChildProcess: Sendable {
  let command: [String]
  let environment: [String: String]
  let workingDirectory: String
  /// A file that is removed when this process dies before the command ends.
  let scratchFile: String
  /// As whom it runs, and with which limits.
  let policy: ProcessPolicy
  /// How long a cancelled command may take to end by itself.
  var grace: Duration = .seconds(3)

  /// Runs the command to its end and hands its output (errors merged in) over as it comes.
  ///
  /// When the command has ended, what it left running in the background is ended too. Cancellation sends TERM to the
  /// whole group, then KILL.
  /// - Returns: the exit code; 128 and the signal's number for a command that was ended by a signal.
  /// - Throws: `CancellationError`, or ``TaskFailure`` when the command cannot be started.
  func run(output: @escaping @Sendable ([UInt8]) -> Void) async throws -> Int32 {
    let options = platformOptions
    var variables = Dictionary(
      uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }
    )
    let mark = ProcessMark(scratchFile)
    if policy.isConfined {
      try policy.give(scratchFile)
      variables[Environment.Key(stringLiteral: ProcessMark.variable)] = mark.text
    }
    // What left the group is ended at last, also where this is left by an error.
    defer { if policy.isConfined { mark.killAll() } }
    do {
      let outcome = try await Subprocess.run(
        .path("/bin/sh"),
        arguments: Arguments(
          ["-c", Self.guardian, "sh", scratchFile] + policy.launcher() + command
        ),
        environment: .custom(variables),
        workingDirectory: FilePath(workingDirectory),
        platformOptions: options,
        input: .inputWriter,
        output: .sequence,
        error: .combinedWithOutput
      ) { execution in
        do {
          for try await chunk in execution.standardOutput {
            output(chunk.withUnsafeBytes { Array($0) })
          }
        } catch {
          await execution.teardown(using: options.teardownSequence)
          throw error
        }
        // Reading ends without an error too. Below, and when this closure is left, the group is killed: what was told to
        // end gets its time first.
        if Task.isCancelled { await execution.teardown(using: options.teardownSequence) }
        // why: a group in which nothing is left cannot be signalled, and that is the aim
        try? execution.send(signal: .kill, toProcessGroup: true)
      }
      try Task.checkCancellation()
      return exitCode(outcome.terminationStatus)
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw TaskFailure(.runtime, "the command could not be run in `\(workingDirectory)`: \(error)")
    }
  }

  private var platformOptions: PlatformOptions {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)
    ]
    return options
  }

  private func exitCode(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }

  /// Keeps the command company.
  ///
  /// Its standard input is a pipe whose other end only this process holds, so it reads to the
  /// end when this process dies, however that happens, and then kills the group. TERM is left to the command: the
  /// guardian itself must stay to report the exit code.
  private static let guardian = """
    scratch=$1; shift
    trap : TERM INT HUP
    exec 3<&0 </dev/null
    "$@" 3<&- &
    command=$!
    { trap '' TERM INT HUP; while read -r line; do :; done; rm -f "$scratch"; kill -KILL 0; } \
    <&3 >/dev/null 2>&1 &
    exec 3<&-
    while :; do
      wait "$command"; code=$?
      kill -0 "$command" 2>/dev/null || exit "$code"
    done
    """
}
