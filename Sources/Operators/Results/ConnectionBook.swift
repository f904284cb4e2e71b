import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// The named connections that results go out by: those of the project, then those of the user.
///
/// A project has them in `connections.yml`, a user under `connections:` in the configuration; either is a map of names to settings,
/// one of which is `type`. `${secret:key}` may stand in any of them.
struct ConnectionBook: Sendable {
  static let projectFile = "connections.yml"

  private let project: ObjectValue
  private let user: ObjectValue
  private let userFile: String

  /// - Throws: ``TaskFailure`` for a file that is no map of maps.
  init(
    projectDirectory: String,
    user: ObjectValue,
    userFile: String,
    within policy: FilePolicy = .open
  ) throws(TaskFailure) {
    self.user = user
    self.userFile = userFile
    let path = try policy.confined(
      projectDirectory + "/" + Self.projectFile,
      writtenAs: Self.projectFile,
      to: projectDirectory
    )
    guard let bytes = FileManager.default.contents(atPath: path) else {
      project = [:]
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    do {
      let value = try YAMLDocument.load(text: text, file: Self.projectFile)
      guard let map = value.isNull ? [:] : value.object else {
        throw TaskFailure(.config, "`\(Self.projectFile)` must be a map of connections by name")
      }
      project = map
    } catch let error as WorkflowError {
      throw TaskFailure(.config, "\(error)")
    } catch let failure as TaskFailure {
      throw failure
    } catch {
      throw TaskFailure(.config, "`\(Self.projectFile)` cannot be read: \(error)")
    }
  }

  /// The settings of a connection as they were written.
  ///
  /// - Throws: ``TaskFailure`` that says where to write it when it is not known.
  func settings(of name: String) throws(TaskFailure) -> ObjectValue {
    guard let value = project[name] ?? user[name] else {
      let known = project.keys + user.keys.filter { project[$0] == nil }
      let near = Suggestion.slip(name, of: known).map { "; did you mean `\($0)`?" } ?? ""
      let list =
        known.isEmpty
        ? "none is known yet" : "known are \(known.map { "`\($0)`" }.joined(separator: ", "))"
      throw TaskFailure(
        .config,
        "the connection `\(name)` is not known\(near); write it in `\(Self.projectFile)` of the project or under "
          + "`connections:` in `\(userFile)`, as `\(name): {type: postgresql, host: …, database: …, user: …}`; \(list)"
      )
    }
    guard let settings = value.object else {
      throw TaskFailure(
        .config,
        "the connection `\(name)` must be a map with `type`, found \(value.kind)"
      )
    }
    return settings
  }
}
