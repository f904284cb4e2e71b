import Notebooks
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// The map of options below a notebook operator, as the workflow wrote it.
struct NotebookRequest {
  let operatorName: String
  /// The value of `notebook`.
  let notebook: String
  let options: ObjectValue
  /// Where tables without a database are: `td.database`.
  let database: String?

  /// - Throws: ``TaskFailure`` `config` without a map, or without `notebook` in it.
  init(_ context: TaskContext, of operatorName: String) throws {
    let parameters = context.parameters
    let place = "indent the options below `\(operatorName)>:`, `notebook` among them"
    guard let command = parameters.value("_command") else {
      throw TaskFailure(.config, "`\(operatorName)>` has no options: \(place)")
    }
    guard let options = command.object else {
      throw TaskFailure(
        .config,
        "`\(operatorName)>` expects a map of options, found `\(command.text)` (\(command.kind)): \(place)"
      )
    }
    let inner = Parameters(options, local: options.keys, task: context.taskName)
    guard let notebook = try inner.text("notebook"), !notebook.isEmpty else {
      throw TaskFailure(.config, "`\(operatorName)>` needs the option `notebook`")
    }
    self.operatorName = operatorName
    self.notebook = notebook
    self.options = options
    self.database = try parameters.defaults(from: "td").text("database")
  }

  /// The shipped notebook, when it is one of those that the operator is for.
  ///
  /// - Throws: ``TaskFailure`` `config`.
  func shipped(_ names: [String], in catalog: NotebookCatalog) throws -> ShippedNotebook {
    guard names.contains(notebook) else {
      throw TaskFailure(
        .config,
        "`\(operatorName)>` has no notebook `\(notebook)`"
          + NearestNames.hint(for: notebook, among: names)
          + "; a notebook of your own is run with `ipynb>`"
      )
    }
    return try catalog.notebook(named: notebook)
  }

  /// The options checked and typed by the notebook's own list.
  ///
  /// - Throws: ``NotebookError`` `badParameters`.
  func checked(by notebook: ShippedNotebook) throws -> ShippedNotebook.Options {
    var written = options
    for option in notebook.options where option.kind == .truth {
      // The coercions of the language: a template that found nothing gives an empty text.
      if let text = written[option.name]?.string, text.isEmpty || text == "null" {
        written[option.name] = false
      } else if let number = written[option.name]?.int {
        written[option.name] = .bool(number != 0)
      }
    }
    return try notebook.check(written)
  }

  /// Reads the name of a table; one without a database is in `td.database`.
  ///
  /// - Throws: ``TaskFailure`` `config`; ``WarehouseError`` `badName`.
  func table(_ option: String, in values: ObjectValue) throws -> TableName? {
    guard let text = values[option]?.string else { return nil }
    guard text.contains(".") || database != nil else {
      throw TaskFailure(
        .config,
        "`\(option)`: the table `\(text)` has no database: write `database.\(text)`, or set `td.database`"
      )
    }
    return try TableName(text, database: database ?? text)
  }
}

extension NotebookRequest {
  /// The limit of `docker.task_mem`, kept within what the machine has.
  ///
  /// - Parameters:
  ///   - machine: the bytes that there are.
  ///   - isShipped: without `task_mem`, a shipped notebook is kept within the machine; other code is left alone.
  ///   - output: told about a limit that is more than there is, and about keys that have no effect.
  /// - Returns: bytes; nil when there is no limit to set.
  /// - Throws: ``NotebookError`` `badParameters`, ``TaskFailure`` `config`.
  func memoryLimit(machine: Int?, isShipped: Bool, _ output: TaskOutput) throws -> Int? {
    let docker = options["docker"] ?? .null
    guard let settings = docker.isNull ? ObjectValue() : docker.object else {
      throw TaskFailure(.config, "`docker` must be a map with `task_mem`, found `\(docker.text)`")
    }
    for key in settings.keys where key != "task_mem" {
      output.warn("`docker.\(key)` has no effect here: notebooks run without containers")
    }
    guard let written = settings["task_mem"], !written.isNull else {
      return isShipped ? machine : nil
    }
    let limit = try MemoryLimit(written.text, machine: machine ?? .max)
    if let warning = limit.warning { output.warn(warning) }
    return limit.bytes
  }

  /// `timeout`: the hard limit of a cell.
  static func cellTimeout(_ values: ObjectValue) -> Duration? {
    values["timeout"]?.double.map { .seconds($0) }
  }
}
