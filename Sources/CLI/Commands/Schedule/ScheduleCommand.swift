import ArgumentParser

/// `tadoru schedule`: when workflows are due.
struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Answers when a schedule fires.",
    subcommands: [ScheduleNext.self, SchedulePreview.self]
  )
}
