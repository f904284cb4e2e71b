import ArgumentParser
import Foundation
import Values

/// The command line: one executable, a command per verb.
@main
struct Tadoru: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tadoru",
    abstract: "Runs machine-learning workflows, keeps their experiments and models.",
    discussion: """
      A project is a folder with .dig files. State lives in its .tadoru folder: sessions and attempts, the \
      SQL warehouse, models, executed notebooks, mails.

      Exit codes: 0 success, 1 the attempt failed, 2 wrong usage, 3 the project was refused, 130 killed.
      """,
    version: Version.number,
    subcommands: [
      Init.self, Check.self, TestCommand.self, Run.self, Sessions.self, Attempts.self,
      Attempt.self, Tasks.self, Log.self, Kill.self, Retry.self, Backfill.self, Query.self,
      Tables.self, ScheduleCommand.self, Scheduler.self,
      ServerCommand.self, Push.self, Start.self, ProjectsList.self, Workflows.self, Revisions.self,
      Download.self,
      Schedules.self, Reschedule.self, Secrets.self, Users.self, Tokens.self, Login.self,
      BackupCommand.self, RestoreCommand.self, FsckCommand.self, GCCommand.self,
      DataCommand.self, Doctor.self,
      VersionCommand.self,
      Completions.self,
    ]
  )

  static func main() async {
    StandardStream.openMissing()
    do {
      try checkCommand()
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      if let problem = StandardOutput.problem {
        throw CommandFailure(.failed, "what was to be printed is lost: stdout: \(problem)")
      }
    } catch {
      leave(with: error)
    }
  }

  /// Names the nearest command, which the parser of arguments does not.
  ///
  /// - Throws: ``CommandFailure`` `usage` for a first word that is no command.
  private static func checkCommand() throws(CommandFailure) {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !names.contains(word) else { return }
    let near = Suggestion.nearest(to: word, among: names, limit: 1).first
    throw CommandFailure(
      .usage,
      "there is no command `\(word)`" + (near.map { "; did you mean `\($0)`?" } ?? ""),
      hint: "`tadoru --help` lists them"
    )
  }

  /// Ends the process: help on stdout with 0, wrong usage with 2, a command's own failure with its code.
  private static func leave(with error: any Error) -> Never {
    switch error {
    case let code as ExitCode: Foundation.exit(code.rawValue)
    case let failure as CommandFailure:
      StandardError.line("error: \(failure)")
      Foundation.exit(failure.exit.rawValue)
    default: break
    }
    guard exitCode(for: error) != .success else { exit(withError: error) }
    let isUsage = exitCode(for: error) == .validationFailure
    StandardError.line(isUsage ? fullMessage(for: error) : "error: \(error)")
    Foundation.exit(isUsage ? Exit.usage.rawValue : Exit.failed.rawValue)
  }
}

/// The exit codes of every command.
enum Exit: Int32 {
  case failed = 1
  case usage = 2
  case refused = 3
  case killed = 130
}

/// Why a command could not do its work, and the exit code that says so.
struct CommandFailure: Error, CustomStringConvertible {
  let exit: Exit
  let message: String
  let hint: String?

  init(_ exit: Exit, _ message: String, hint: String? = nil) {
    self.exit = exit
    self.message = message
    self.hint = hint
  }

  var description: String { message + (hint.map { "\n  hint: \($0)" } ?? "") }
}
