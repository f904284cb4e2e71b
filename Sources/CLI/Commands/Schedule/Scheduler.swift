import ArgumentParser
import Foundation
import WorkflowEngine

/// `tadoru scheduler`: runs the schedules of one project on this machine.
struct Scheduler: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the due sessions of a project until it is stopped.",
    discussion: """
      Runs in the foreground. Sessions that were missed while it did not run are started one after another, unless \
      the schedule's skip_delayed_by says otherwise; an attempt that was cut off goes on. Changed files are seen \
      within half a minute.

      SIGTERM or SIGINT stops it: nothing more is started, what runs is waited for; a second signal leaves at once, \
      and the next start goes on with what was running.
      """
  )

  @Argument(help: "The project folder.")
  var directory = "."

  @Option(help: ArgumentHelp("Attempts that run at the same time.", valueName: "n"))
  var maxAttempts = 100

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard (1...10_000).contains(maxAttempts) else {
      throw ValidationError("--max-attempts must be 1 to 10,000, found \(maxAttempts)")
    }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let local = try LocalProject(existing: directory)
    guard let lock = try SessionLock.ifFree(file: local.schedulerLock, position: 0) else {
      throw CommandFailure(
        .failed,
        "a scheduler of `\(local.directory)` is running already",
        hint: "one process runs the schedules of a project; stop the other one first"
      )
    }
    defer { withExtendedLifetime(lock) {} }
    let host = try options.host()
    let stop = LocalScheduler.Stop()
    try await host.serve(interrupted: {
      host.note(.info, "stopping: what runs is waited for; once more to leave at once")
      stop.set()
    }) {
      try await LocalScheduler(
        host: host,
        project: host.open(local),
        mostAttempts: maxAttempts,
        stop: stop
      ).run()
    }
  }
}
