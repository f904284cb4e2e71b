import Foundation
import WorkflowEngine
import WorkflowLanguage

/// The interpreter of an `rb>` task.
struct RubyInterpreter: Sendable {
  /// The words of the command that starts it.
  let command: [String]

  /// Takes the option `ruby`, else `ruby` of the path.
  ///
  /// - Throws: ``TaskFailure`` `config` when there is none, with the command that installs it.
  init(_ options: Parameters, path: String, workingDirectory: String) throws {
    let chosen = try options.textList("ruby")
    if let chosen, chosen.first?.isEmpty ?? true {
      throw TaskFailure(.config, "`ruby` must name an interpreter, as `ruby3.1` or `[ruby, -W0]`")
    }
    command = chosen ?? ["ruby"]
    let name = command[0]
    let places =
      name.contains("/")
      ? [name.hasPrefix("/") ? name : "\(workingDirectory)/\(name)"]
      : path.split(separator: ":").map { "\($0)/\(name)" }
    guard places.contains(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw TaskFailure(
        .config,
        "`rb>` needs Ruby, and there is no `\(name)`\(name.contains("/") ? "" : " on the PATH"); "
          + "install it with `apt-get install ruby`, or name an interpreter with `ruby:`"
      )
    }
  }
}
