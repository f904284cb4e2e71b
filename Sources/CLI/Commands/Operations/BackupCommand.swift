import ArgumentParser
import Foundation

/// `tadoru backup OUT`: a copy of a server's data folder.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copies the data folder of a server, also while the server runs.",
    discussion: """
      OUT is a new folder: the database as it was at one moment, the warehouse, archives, artifacts, logs and files of \
      attempts, results of jobs, mails, and a manifest with the SHA-256 of every file. It is there as a whole or not at all.

      The key for secrets is not in it, so that who has the backup does not have the secrets: keep a copy of `secret.key` \
      apart, or give --with-key. docs/operations.md has the routine.
      """
  )

  @Argument(help: "The folder to make.")
  var out: String

  @Flag(help: "Put the key for secrets into the backup too.")
  var withKey = false

  @OptionGroup var options: DataOptions

  func run() async throws {
    let report = try await Backup(
      data: options.place(),
      withKey: withKey,
      progress: OperationProgress()
    ).write(to: out)
    for name in report.leftOut {
      StandardError.line("warning: left out, as it is neither a file nor a link: \(name)")
    }
    if options.json { return RecordPrinter.json(report.value) }
    StandardOutput.line(
      "\(report.place): \(report.files) files, \(OperationProgress.size(report.bytes))"
        + (withKey ? ", with the key for secrets" : ", without the key for secrets")
    )
  }
}
