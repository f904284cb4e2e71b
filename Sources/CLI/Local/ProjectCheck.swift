import Values
import WorkflowLanguage

/// Loads a project and refuses it with all its problems.
struct ProjectCheck {
  let project: LocalProject

  init(_ project: LocalProject) { self.project = project }

  /// The workflow of a name, in a project without errors; warnings go to stderr.
  ///
  /// - Throws: ``ProjectRefusal``.
  func workflow(named name: String) throws(ProjectRefusal) -> WorkflowDefinition {
    let loaded = ProjectLoader.load(directory: project.directory)
    for warning in loaded.diagnostics where warning.severity == .warning {
      StandardError.line(warning.description)
    }
    guard !loaded.diagnostics.contains(where: { $0.severity == .error }) else {
      throw ProjectRefusal(exit: .refused, diagnostics: loaded.diagnostics)
    }
    do {
      return try loaded.workflow(named: name)
    } catch {
      throw ProjectRefusal(exit: .usage, diagnostics: [error.diagnostic])
    }
  }
}

/// Why a project cannot be run.
struct ProjectRefusal: Error, CustomStringConvertible {
  let exit: Exit
  let diagnostics: [Diagnostic]

  var description: String {
    let found = diagnostics.filter { $0.severity == .error }
    guard exit == .refused else {
      return found.map { $0.message + ($0.hint.map { "\n  hint: \($0)" } ?? "") }
        .joined(separator: "\n")
    }
    let errors = found.map(\.description)
    return "Validating project failed\n" + errors.joined(separator: "\n")
  }
}
