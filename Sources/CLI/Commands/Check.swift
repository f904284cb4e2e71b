import ArgumentParser
import Foundation
import Values
import WorkflowLanguage

/// `tadoru check`: reads a whole project and reports every problem with its place.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks the workflows of a project without running anything.",
    discussion: "Exit code 0 when the project can run, 3 when it is refused."
  )

  @Argument(help: "The project folder.")
  var directory = "."

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let loaded = ProjectLoader.load(directory: try LocalProject.found(directory).directory)
    let refused = loaded.diagnostics.contains { $0.severity == .error }
    if json {
      StandardOutput.line(JSON.encode(report(loaded, refused: refused), pretty: true))
    } else {
      for diagnostic in loaded.diagnostics { StandardError.line(diagnostic.description) }
      for workflow in loaded.workflows { StandardOutput.line(line(workflow)) }
      if refused {
        StandardError.line("the project is refused: \(count(loaded.diagnostics, .error))")
      } else if loaded.workflows.isEmpty {
        StandardError.line("no workflow: `\(directory)` has no file ending in .dig")
      }
    }
    if refused { throw ExitCode(Exit.refused.rawValue) }
  }

  private func line(_ workflow: WorkflowDefinition) -> String {
    var parts = [
      "\(workflow.name): \(tasks(workflow.root) - 1) tasks", "timezone \(workflow.timezone)",
    ]
    if let schedule = workflow.schedule,
      let kind = schedule.keys.first(where: { $0.hasSuffix(">") })
    {
      parts.append("schedule \(kind) \(schedule[kind]?.text ?? "")")
    }
    return parts.joined(separator: ", ")
  }

  private func tasks(_ node: TaskNode) -> Int {
    node.children.reduce(1) { $0 + tasks($1) }
  }

  private func count(_ diagnostics: [Diagnostic], _ severity: Diagnostic.Severity) -> String {
    let number = diagnostics.count { $0.severity == severity }
    return "\(number) \(severity.rawValue)\(number == 1 ? "" : "s")"
  }

  private func report(_ loaded: LoadedProject, refused: Bool) -> Value {
    [
      "ok": .bool(!refused),
      "workflows": .array(
        loaded.workflows.map {
          [
            "name": .string($0.name), "file": .string($0.file),
            "tasks": .int(Int64(tasks($0.root) - 1)),
            "timezone": .string($0.timezone), "schedule": $0.schedule.map { .object($0) } ?? .null,
          ]
        }
      ),
      "diagnostics": .array(loaded.diagnostics.map(entry)),
    ]
  }

  private func entry(_ diagnostic: Diagnostic) -> Value {
    [
      "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
      "file": diagnostic.location.map { .string($0.file) } ?? .null,
      "line": diagnostic.location.map { .int(Int64($0.line)) } ?? .null,
      "column": diagnostic.location.map { .int(Int64($0.column)) } ?? .null,
      "hint": diagnostic.hint.map { .string($0) } ?? .null,
    ]
  }
}
