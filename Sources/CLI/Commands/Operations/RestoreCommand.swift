import ArgumentParser
import Foundation

/// `tadoru restore BACKUP`: a data folder as it was.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Makes a data folder from a backup.",
    discussion: """
      Every file is verified first; of a damaged backup nothing is restored. The data folder must not exist, or be empty. \
      Attempts that were not over go on when a server is started on it: the server that was backed up must not run then.
      """
  )

  @Argument(help: "A folder that `tadoru backup` made.")
  var backup: String

  @OptionGroup var options: DataOptions

  func run() throws {
    let report = try Restore(backup, progress: OperationProgress()).make(options.written)
    if !report.head.hasKey {
      StandardError.line(
        "warning: the backup has no key for secrets: put `secret.key` (mode 0600) back into `\(report.data)` before the "
          + "server starts, or give it TADORU_SECRET_KEY; without the key all secrets must be set again"
      )
    }
    if options.json { return RecordPrinter.json(report.value) }
    StandardOutput.line(
      "\(report.data): \(report.files) files, \(OperationProgress.size(report.bytes)), as of \(report.head.createdAt)"
    )
  }
}
