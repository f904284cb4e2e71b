import ArgumentParser
import Foundation
import Values

/// `tadoru fsck`: whether a data folder is whole.
struct FsckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Checks the data folder of a server, also while the server runs.",
    discussion: """
      Looks at the database, the audit log, secrets, archives, revisions, logs of attempts, artifacts, the warehouse and \
      what was left unfinished, and says what to do. Nothing is changed.

      Exit code 0 when nothing is damaged, 1 when something is.
      """
  )

  @OptionGroup var options: DataOptions

  func run() async throws {
    let data = try options.place()
    let check = DataCheck(
      data: data,
      key: SecretKeySource(
        environment: ProcessInfo.processInfo.environment,
        dataFolder: data.path
      ),
      progress: OperationProgress()
    )
    let findings = try await check.findings()
    let damaged = findings.count { $0.weight == .damaged }
    if options.json {
      RecordPrinter.json([
        "data": .string(data.path), "ok": .bool(damaged == 0),
        "findings": .array(findings.map { .object($0.value) }),
      ])
    } else {
      for finding in findings { StandardOutput.line(finding.text) }
      StandardOutput.line(
        damaged == 0 ? "nothing is damaged" : "\(damaged) things are damaged"
      )
    }
    if damaged > 0 { throw ExitCode(Exit.failed.rawValue) }
  }
}
