import TestKit
import Testing
import Values

@testable import WorkflowLanguage

/// Compiles text as the file `wf.dig` of a project of its own.
func compileText(_ text: String) throws -> LoadedProject {
  let folder = try TemporaryFolder()
  try folder.write(text, to: "wf.dig")
  return withExtendedLifetime(folder) { ProjectLoader.load(directory: folder.path) }
}

/// The root task of a text without errors.
func rootTask(_ text: String) throws -> TaskNode {
  let project = try compileText(text)
  #expect(project.errors.map(\.description) == [])
  return try #require(project.workflows.first).root
}

extension TaskNode {
  /// The tree as indented lines, for comparison by eye.
  var outline: String { lines(indent: "").joined(separator: "\n") }

  private func lines(indent: String) -> [String] {
    var marks: [String] = []
    if case .operation(let type) = kind { marks.append("\(type)>") }
    if case .parallel(let limit) = order {
      marks.append("parallel" + (limit.map { "(\($0))" } ?? ""))
    }
    if isBackground { marks.append("background") }
    if isDisabled { marks.append("disabled") }
    if !after.isEmpty { marks.append("after \(after.joined(separator: " "))") }
    if !config.isEmpty { marks.append(Value.object(config).description) }
    if !export.isEmpty { marks.append("export \(Value.object(export))") }
    let head = ([indent + name] + marks).joined(separator: " ")
    return [head] + (children + error).flatMap { $0.lines(indent: indent + "  ") }
  }
}
