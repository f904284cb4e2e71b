import ArgumentParser
import Foundation
import Notebooks
import Values
import WorkflowLanguage

/// `tadoru check`: reads a whole project and reports every problem with its place.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks the workflows of a project without running anything.",
    discussion: """
      Every problem of every file is reported at once, with its place: errors, which refuse the project, and \
      warnings of what is allowed and surely was not meant. docs/linting.md lists the rules.

      Exit code 0 when the project can run, 3 when it is refused; with --strict, warnings refuse it too.
      """
  )

  @Argument(help: "The project folder.")
  var directory = "."

  @Argument(help: "Show this workflow only, with its tasks and parameters.")
  var workflow: String?

  @Flag(help: "Print the findings as JSON.")
  var json = false

  @Flag(help: "Refuse a project with warnings.")
  var strict = false

  func run() throws {
    let (directory, workflow) = place()
    let loaded = ProjectLoader.load(directory: try LocalProject.found(directory).directory)
    let shown = try workflow.flatMap { name in try named(name, loaded) }
    let findings = loaded.diagnostics + (loaded.isRefused ? [] : try lint(loaded))
    let report = CheckReport(
      workflows: shown.map { [$0] } ?? loaded.workflows,
      showsTasks: shown != nil,
      diagnostics: findings.filter { belongs($0, to: shown, loaded) },
      isStrict: strict,
      now: Int64(Wiring.now())
    )
    if json {
      StandardOutput.line(JSON.encode(report.value, pretty: true))
    } else {
      for diagnostic in report.diagnostics { StandardError.line(diagnostic.description) }
      for line in report.lines { StandardOutput.line(line) }
      if let verdict = report.verdict { StandardError.line(verdict) }
    }
    if report.isRefused { throw ExitCode(Exit.refused.rawValue) }
  }

  /// A workflow may be named without the folder, when it lies here.
  private func place() -> (directory: String, workflow: String?) {
    let name = directory.hasSuffix(".dig") ? String(directory.dropLast(4)) : directory
    let files = FileManager.default
    guard workflow == nil, !directory.contains("/"), !name.isEmpty,
      files.fileExists(atPath: name + ".dig"),
      name != directory || !files.fileExists(atPath: directory)
    else { return (directory, workflow) }
    return (".", name)
  }

  private func named(
    _ name: String,
    _ loaded: LoadedProject
  ) throws(CommandFailure) -> WorkflowDefinition? {
    do {
      return try loaded.workflow(named: name)
    } catch {
      if loaded.isRefused { return nil }
      throw CommandFailure(.usage, error.message, hint: error.hint)
    }
  }

  private func lint(_ loaded: LoadedProject) throws(CommandFailure) -> [Diagnostic] {
    let notebooks = NotebookCatalog(folder: Home.ofThisProcess().notebooks).notebooks
    do throws(WorkflowError) {
      return try ProjectLinter.findings(
        in: loaded,
        templates: Wiring.templates(),
        notebooks: notebooks.map {
          NotebookSignature(
            operatorName: $0.name == "gluon_train" ? "ml_train" : "ml_predict",
            notebook: $0.name,
            options: $0.options.map(\.name)
          )
        }
      )
    } catch {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
  }

  /// False for what stands in another workflow than the one that was asked for; errors are always told.
  private func belongs(
    _ diagnostic: Diagnostic,
    to shown: WorkflowDefinition?,
    _ loaded: LoadedProject
  ) -> Bool {
    guard let shown, diagnostic.severity != .error, let file = diagnostic.location?.file else {
      return true
    }
    return file == shown.file || !loaded.workflows.contains { $0.file == file }
  }
}
