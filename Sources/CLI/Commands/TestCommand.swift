import ArgumentParser
import Foundation
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// `tadoru test`: runs the tests of a project's workflows.
struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs workflow tests: files that end in .test.yml.",
    discussion: """
      A test fixes the session, parameters, secrets and what tasks answer, and states which tasks, statements, \
      mails and scripts it expects. Control flow runs on the real engine; what reaches outside is written down \
      instead of done. docs/testing-workflows.md describes the files.

      Exit code 0 when every test passes, 1 when one fails, 2 for a mistake in a test file, 3 for a project that \
      is refused.
      """
  )

  @Argument(help: "Test files, or folders to look for them in.")
  var places: [String] = ["."]

  @Option(help: ArgumentHelp("Run only tests whose name holds this text.", valueName: "text"))
  var filter: String?

  @Flag(help: "Print the results as JSON.")
  var json = false

  func run() async throws {
    let files = try TestFiles.find(places)
    guard !files.isEmpty else {
      throw CommandFailure(
        .usage,
        "no tests: \(places.map { "`\($0)`" }.joined(separator: ", ")) has no file ending in .test.yml",
        hint: "docs/testing-workflows.md shows one"
      )
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tadoru-test-\(UUID().uuidString.lowercased())")
      .path(percentEncoded: false)
    defer {
      // why: a leftover in the temporary folder must not fail the tests
      try? FileManager.default.removeItem(atPath: folder)
    }
    var report = TestReport()
    var projects: [String: LoadedProject] = [:]
    for file in files {
      let project = try TestFiles.project(of: file)
      let loaded = projects[project.directory] ?? ProjectLoader.load(directory: project.directory)
      projects[project.directory] = loaded
      try await run(file, project, loaded, below: folder, into: &report)
    }
    if json {
      StandardOutput.line(JSON.encode(report.value, pretty: true))
    } else {
      guard !report.results.isEmpty else {
        throw CommandFailure(.usage, "no test has a name that holds `\(filter ?? "")`")
      }
      StandardOutput.line(report.summary)
    }
    if !report.isPassed { throw ExitCode(Exit.failed.rawValue) }
  }

  private func run(
    _ file: String,
    _ project: LocalProject,
    _ loaded: LoadedProject,
    below folder: String,
    into report: inout TestReport
  ) async throws {
    guard !loaded.isRefused else {
      throw CommandFailure(
        .refused,
        ProjectRefusal(exit: .refused, diagnostics: loaded.diagnostics).description
      )
    }
    let tests = try read(file).filter { test in
      filter.map { test.name.localizedCaseInsensitiveContains($0) } ?? true
    }
    if !json, !tests.isEmpty { StandardOutput.line(file) }
    for test in tests {
      let result = try await self.result(
        of: test,
        in: file,
        project,
        loaded,
        folder: "\(folder)/\(report.results.count)"
      )
      if !json { for line in result.lines { StandardOutput.line("  " + line) } }
      report.results.append(result)
    }
  }

  private func read(_ file: String) throws(CommandFailure) -> [WorkflowTest] {
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw CommandFailure(.usage, "`\(file)` cannot be read: check its permissions")
    }
    do {
      return try WorkflowTest.read(PlacedValue.read(Array(bytes), file: file))
    } catch {
      throw CommandFailure(.usage, "\(error)")
    }
  }

  private func result(
    of test: WorkflowTest,
    in file: String,
    _ project: LocalProject,
    _ loaded: LoadedProject,
    folder: String
  ) async throws -> TestReport.Result {
    let definition: WorkflowDefinition
    do {
      definition = try loaded.workflow(named: test.workflow)
    } catch {
      let problem = TestFileProblem(error.message, at: test.place, hint: error.hint)
      throw CommandFailure(.usage, problem.description)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let began = Wiring.now()
    do {
      let attempt = TestedAttempt(
        test: test,
        definition: definition,
        project: project,
        folder: folder
      )
      let outcome = try await attempt.run()
      let used = outcome.record.state.withLock { $0.used }
      let unused = test.answers.entries.enumerated().filter { !used.contains($0.offset) }
      return TestReport.Result(
        file: file,
        test: test,
        failures: ExpectationCheck(test.expected, outcome).failures(),
        seconds: Wiring.now() - began,
        notes: unused.map {
          "no task asked for the answer at \($0.element.place?.description ?? file)"
        }
      )
    } catch let problem as TestFileProblem {
      throw CommandFailure(.usage, problem.description)
    }
  }
}
