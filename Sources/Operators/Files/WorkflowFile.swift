import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// A file that a task names, relative to the folder of its workflow.
struct WorkflowFile: Sendable {
  /// As written.
  let name: String
  let path: String
  private let policy: FilePolicy
  private let project: String

  /// - Throws: ``TaskFailure`` for a file that the task may not reach.
  init(_ name: String, _ context: TaskContext) throws(TaskFailure) {
    try self.init(
      path: name.hasPrefix("/") ? name : context.workingDirectory + "/" + name,
      shownAs: name,
      context
    )
  }

  /// A file of a full path, under another name for messages.
  init(path: String, shownAs name: String, _ context: TaskContext) throws(TaskFailure) {
    self.name = name
    policy = context.isolation.files
    project = context.projectDirectory
    self.path = try policy.confined(path, writtenAs: name, to: project)
  }

  /// - Throws: `File not found: …` with the nearest names of its folder.
  func bytes() throws(TaskFailure) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else {
      throw TaskFailure(.config, "File not found: \(name)" + hint)
    }
    do {
      if let file = try policy.open(path, writtenAs: name, in: project) {
        return Array(try file.readToEnd() ?? Data())
      }
    } catch let failure as TaskFailure {
      throw failure
    } catch {
      // why: a file that cannot be read to its end is one that cannot be read
    }
    throw TaskFailure(.config, "file `\(name)` cannot be read: check its permissions")
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
