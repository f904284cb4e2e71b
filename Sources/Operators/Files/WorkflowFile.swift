import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// A file that a task names, relative to the folder of its workflow.
struct WorkflowFile: Sendable {
  /// As written.
  let name: String
  let path: String

  init(_ name: String, _ context: TaskContext) {
    self.name = name
    path = name.hasPrefix("/") ? name : context.workingDirectory + "/" + name
  }

  /// A file of a full path, under another name for messages.
  init(path: String, shownAs name: String) {
    self.name = name
    self.path = path
  }

  /// - Throws: `File not found: …` with the nearest names of its folder.
  func bytes() throws(TaskFailure) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else {
      throw TaskFailure(.config, "File not found: \(name)" + hint)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TaskFailure(.config, "file `\(name)` cannot be read: check its permissions")
    }
    return Array(data)
  }

  func text() throws(TaskFailure) -> String {
    guard let text = String(validating: try bytes(), as: UTF8.self) else {
      throw TaskFailure(.config, "file `\(name)` is not UTF-8 text")
    }
    return text
  }

  /// The text with its templates filled from what the task sees and the defaults of a group such as `td`.
  func templated(_ context: TaskContext, defaults group: String) throws -> String {
    let text = try text()
    let scope = context.parameters.scope(withDefaults: group)
    do {
      return try context.templates.evaluate(
        text: text,
        scope: scope,
        timezone: context.attempt.timezone
      )
    } catch {
      throw TaskFailure(.config, "in `\(name)`: \(error.message)")
    }
  }

  private var hint: String {
    let folder = URL(filePath: path).deletingLastPathComponent()
      .path(percentEncoded: false)
    // why: a folder that cannot be listed has no names to suggest
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let near = Suggestion.nearest(to: URL(filePath: path).lastPathComponent, among: names)
    return near.isEmpty ? "" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))?"
  }
}
