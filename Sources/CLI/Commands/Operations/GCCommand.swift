import ArgumentParser
import Values

/// `tadoru gc`: removes what is too old to be kept.
struct GCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Removes old logs, notebooks and revisions of a server, also while it runs.",
    discussion: """
      Attempts, runs, metrics, models, tables and the audit log stay. Attempts that have not ended are not touched, nor is \
      the latest revision of a project. Ages are numbers with w, d, h, m or s.
      """
  )

  @Flag(help: "Say what would be removed, and remove nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Keep logs and files of attempts, and results of jobs, for so long after their end.",
      valueName: "age"
    )
  )
  var logs = Age(days: 90)

  @Option(
    help: ArgumentHelp("Keep executed notebooks for so long.", valueName: "age")
  )
  var notebooks = Age(days: 365)

  @Option(
    help: ArgumentHelp(
      "Keep revisions that are not the latest for so long after their last attempt.",
      valueName: "age"
    )
  )
  var revisions = Age(days: 365)

  @OptionGroup var options: DataOptions

  func run() throws {
    let freed = try Retention(
      options.place(),
      ages: Retention.Ages(
        logs: logs.seconds,
        notebooks: notebooks.seconds,
        revisions: revisions.seconds
      ),
      isDry: dryRun,
      progress: OperationProgress()
    ).run()
    let bytes = freed.reduce(0) { $0 + $1.bytes }
    if options.json {
      return RecordPrinter.json([
        "dry_run": .bool(dryRun), "bytes": .int(bytes),
        "removed": .array(freed.map { .object($0.value) }),
      ])
    }
    for kind in freed where kind.count > 0 {
      let size = kind.bytes > 0 ? ", \(OperationProgress.size(kind.bytes))" : ""
      StandardOutput.line("\(kind.kind): \(kind.count)\(size)")
    }
    StandardOutput.line(
      (dryRun ? "would free " : "freed ") + OperationProgress.size(bytes)
    )
  }
}
