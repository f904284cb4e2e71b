import Values
import WorkflowEngine
import WorkflowLanguage

/// The environment of a script: what is inherited, the parameters, and `_env` on top.
struct ShellEnvironment {
  /// Linux refuses a longer `NAME=value` (MAX_ARG_STRLEN, 32 pages).
  static let longestEntry = 131_071

  /// What the engine reads from a task, not meant for a script.
  private static let ownKeys: Set = [
    "_type", "_command", "_env", "_retry", "_parallel", "_do", "_else_do",
  ]

  let context: TaskContext
  private let inherited: [String: String]

  /// Makes the workspace ready for the task's processes.
  ///
  /// - Parameters:
  ///   - context: of the task.
  ///   - inherited: what scripts get from this process where that is allowed.
  /// - Throws: ``TaskFailure`` when the workspace cannot be given to the account of tasks.
  init(context: TaskContext, inherited: [String: String]) throws(TaskFailure) {
    let policy = context.isolation.processes
    try policy.prepare(workspace: context.projectDirectory)
    self.context = context
    self.inherited = policy.environment(
      from: inherited,
      home: ProcessPolicy.home(in: context.projectDirectory)
    )
  }

  /// - Throws: ``TaskFailure`` `config` for a name in `_env` that is no identifier and for a missing secret.
  func variables() throws -> [String: String] {
    var variables = inherited
    context.parameters.useAll()
    for (name, value) in context.parameters.values
    where Self.isIdentifier(name) && !value.isNull && !Self.ownKeys.contains(name) {
      let text = value.text
      if let reason = problem(name, text) {
        context.output.log(.debug, "parameter `\(name)` is no environment variable: \(reason)")
      } else {
        variables[name] = text
      }
    }
    let path = inherited["PATH"].map { $0 + ":" } ?? ""
    if context.parameters.values["PATH"] == nil {
      variables["PATH"] = path + context.workingDirectory
    }
    return try addingOwn(to: variables)
  }

  /// The same without the parameters, for scripts that get them another way.
  func variablesWithoutParameters() throws -> [String: String] {
    try addingOwn(to: inherited)
  }

  private func addingOwn(to given: [String: String]) throws -> [String: String] {
    var variables = given
    for (name, value) in try ownVariables() {
      guard Self.isIdentifier(name) else {
        throw TaskFailure(.config, "Invalid _env key name: \(name)")
      }
      let text = try context.secrets.withoutRemounts.fill(value.text)
      if let reason = problem(name, text) {
        throw TaskFailure(.config, "`_env` variable `\(name)` cannot be set: \(reason)")
      }
      variables[name] = text
    }
    return variables
  }

  /// `_env` counts on the task itself only, not when it was exported.
  private func ownVariables() throws -> ObjectValue {
    let parameters = context.parameters
    return parameters.local.contains("_env") ? try parameters.object("_env") ?? [:] : [:]
  }

  private func problem(_ name: String, _ text: String) -> String? {
    if text.utf8.contains(0) { return "its value holds a NUL character" }
    if name.utf8.count + text.utf8.count + 1 > Self.longestEntry {
      return "its value is longer than the \(Self.longestEntry) bytes a variable may have"
    }
    return nil
  }

  /// True for `[A-Za-z_][A-Za-z0-9_]*`.
  static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    return !isDigit(first)
      && name.utf8.allSatisfy { byte in
        isDigit(byte) || byte == UInt8(ascii: "_")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      }
  }
}
