import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// What a `td_load>` task loads: a configuration as Embulk has it, with its secrets filled in.
struct LoadConfiguration: Sendable {
  /// `in:`, where the data comes from.
  let input: ObjectValue
  let filters: [ObjectValue]
  /// `out:`, how it is written.
  let output: ObjectValue
  /// For messages: the file, or `config`.
  let name: String
  /// Texts that came out of secrets; none of them may be shown.
  private let secrets: [String]

  /// Takes the configuration from a file, from the option `config`, or by the name of a transfer session.
  ///
  /// - Throws: ``TaskFailure`` or `WorkflowError` when it is missing, is no configuration, or lacks a secret.
  init(_ options: Parameters, _ context: TaskContext) throws {
    var source: ObjectValue
    let name: String
    (source, name) = try Self.source(options, context)
    self.name = name
    var filled = FilledSecrets(context.secrets)
    source = try filled.fill(.object(source)).object ?? [:]
    secrets = filled.texts
    let parts = Parameters(source)
    for key in source.keys where !["in", "out", "exec", "filters", "type"].contains(key) {
      context.output.warn("`\(name)`: `\(key)` is no part of a load and is left out")
    }
    guard let input = try parts.object("in") else {
      throw TaskFailure(
        .config,
        "`\(name)` has no `in:`, which says where the data comes from, as `in: {type: file, path_prefix: data/}`"
      )
    }
    self.input = input
    output = try parts.object("out") ?? [:]
    filters = try (parts.list("filters") ?? []).map { filter in
      guard let object = filter.object else {
        throw TaskFailure(
          .config,
          "`filters` of `\(name)` must be maps as `{type: add_time, …}`, found the \(filter.kind) `\(filter)`"
        )
      }
      return object
    }
  }

  /// A text without the secrets that stand in it.
  func shown(_ text: String) -> String {
    secrets.reduce(text) { $0.replacing($1, with: "***") }
  }

  private static func source(
    _ options: Parameters,
    _ context: TaskContext
  ) throws -> (ObjectValue, String) {
    let command = try options.text("_command").flatMap { $0.isEmpty ? nil : $0 }
    let name = try options.text("name")
    let config = options.value("config")
    let given = [command != nil, name != nil, config != nil].count { $0 }
    guard given == 1 else {
      throw TaskFailure(
        .config,
        given == 0
          ? "No parameter is set: `td_load>` needs a configuration file, `config:` or `name:`"
          : "Only the command or one of the config and name params may be set"
      )
    }
    if config != nil { return (try options.objectOrJSON("config") ?? [:], "config") }
    let file =
      try command.flatMap { isFile($0) ? try WorkflowFile($0, context) : nil }
      ?? session(command ?? name ?? "", context)
    let text = try file.templated(context, defaults: "td")
    do {
      return (try YAMLDocument.loadObject(text: text, file: file.name), file.name)
    } catch {
      throw TaskFailure(.config, error.description)
    }
  }

  private static func isFile(_ text: String) -> Bool {
    [".yml", ".yaml"].contains { text.hasSuffix($0) }
  }

  /// The service keeps sessions by name; here they are files of the project.
  private static func session(_ name: String, _ context: TaskContext) throws -> WorkflowFile {
    for ending in ["yml", "yaml"] where !name.contains("..") {
      for folder in [context.workingDirectory, context.projectDirectory] {
        let path = "\(folder)/load/\(name).\(ending)"
        if FileManager.default.fileExists(atPath: path) {
          return try WorkflowFile(path: path, shownAs: "load/\(name).\(ending)", context)
        }
      }
    }
    throw TaskFailure(
      .config,
      "there is no transfer session `\(name)`: sessions kept by the service cannot be reached from here; "
        + "write its configuration to `load/\(name).yml`"
    )
  }
}

/// Fills `${secret:key}` in every text of a configuration and remembers what came of it.
private struct FilledSecrets {
  private let store: SecretStore
  private(set) var texts: [String] = []

  init(_ store: SecretStore) { self.store = store }

  mutating func fill(_ value: Value) throws(TaskFailure) -> Value {
    switch value {
    case .string(let text):
      guard text.contains("${secret:") else { return value }
      let filled = try store.fill(text)
      if !filled.isEmpty { texts.append(filled) }
      return .string(filled)
    case .array(let list):
      var filled: [Value] = []
      for element in list { filled.append(try fill(element)) }
      return .array(filled)
    case .object(let object):
      var filled = ObjectValue()
      for (key, element) in object { filled[key] = try fill(element) }
      return .object(filled)
    case .null, .bool, .int, .double: return value
    }
  }
}
