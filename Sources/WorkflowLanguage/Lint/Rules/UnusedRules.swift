import Values

/// Exports that nothing in the project mentions.
enum UnusedExportRule {
  /// Names that mean something to operators whose options are not listed one by one.
  private static let groups: Set<String> = [
    "td", "mail", "http", "py", "rb", "sh", "pg", "s3", "docker", "aws", "gcp", "emr", "bq",
    "redshift", "automl", "notebook", "timezone", "plugin",
  ]
  private static let options = Set(
    OperatorSignature.all.flatMap { $0.options.map(\.name) }
  ).union(groups)

  static func findings(in project: LintProject) -> [Diagnostic] {
    guard seesAllUses(of: project), let words = project.texts.words() else { return [] }
    var places: [String: [SourceLocation?]] = [:]
    var names: [String] = []
    for task in project.tasks {
      for entry in task.entry("_export")?.value.entries ?? [] where !entry.isInclude {
        let key = entry.key
        guard !options.contains(key), !key.hasPrefix("_"), key.count > 1 else { continue }
        if places[key] == nil { names.append(key) }
        if places[key]?.contains(entry.location) != true {
          places[key, default: []].append(entry.location)
        }
      }
    }
    return names.flatMap { name -> [Diagnostic] in
      guard let found = places[name], name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }),
        words[name] <= found.count
      else { return [] }
      return found.map { place in
        Diagnostic(
          .warning,
          "nothing in the project uses `\(name)`",
          at: place,
          hint: "remove it; an `_export` costs nothing, but readers look for its use"
        )
      }
    }
  }

  /// False where tasks come from elsewhere, or a file that may use the name is not there to be read.
  private static func seesAllUses(of project: LintProject) -> Bool {
    let isFromElsewhere = project.tasks.contains {
      ["http_call", "td_run"].contains($0.type ?? "")
    }
    return !isFromElsewhere && MissingFileRule.findings(in: project).isEmpty
      && !project.calls.contains { $0.problem != nil }
      && !project.tasks.contains { isScriptElsewhere($0, in: project) }
  }

  /// A script that is no file of the project is given every parameter.
  private static func isScriptElsewhere(_ task: LintTask, in project: LintProject) -> Bool {
    guard task.type == "py", let command = task.literalCommand else { return false }
    let module = command.prefix { $0 != "." }
    let names = project.folder.names(in: task.folder)
    return !names.contains(String(module)) && !names.contains(module + ".py")
  }
}

/// SQL files that no task names.
enum UnusedSQLRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    let files = project.texts.files.filter { LintTexts.ending(of: $0) == "sql" }
    guard !files.isEmpty, project.texts.isComplete else { return [] }
    var patterns: [String] = []
    for task in project.tasks {
      guard let command = task.command?.value.string, command.contains("${") else { continue }
      guard task.signature?.command == .file else { continue }
      let literals = TemplateText(command).literals
      guard literals.contains(where: { $0.contains { $0.isLetter } && $0 != ".sql" }) else {
        return []
      }
      patterns.append(literals.joined(separator: "*"))
    }
    let rules = IgnoreRules(patterns.map { "**/" + $0 }.joined(separator: "\n"))
    let others = project.texts.files.filter {
      ["dig", "py", "yml", "yaml", "sh", "rb", "json", "js"].contains(LintTexts.ending(of: $0))
    }
    guard let mentioned = mentioned(in: others, of: project) else { return [] }
    return files.compactMap { file in
      let name = ProjectPath.split(file).name
      guard !mentioned.contains(name), !mentioned.contains(String(name.dropLast(4))),
        !rules.ignores(file)
      else { return nil }
      return Diagnostic(
        .warning,
        "no task uses `\(file)`",
        at: SourceLocation(file: file, line: 1, column: 1)
      )
    }
  }

  /// The last parts of everything that looks like a path, in some files; nil when there is too much to read.
  private static func mentioned(in files: [String], of project: LintProject) -> Set<String>? {
    guard files.count <= 3_000 else { return nil }
    var names: Set<String> = []
    for file in files {
      guard let text = project.texts.text(file) else { continue }
      for word in text.split(whereSeparator: { "\"'`<>(){}[],;:= \t\n\r/\\".contains($0) }) {
        names.insert(String(word))
        if word.hasSuffix(".sql") { names.insert(String(word.dropLast(4))) }
      }
    }
    return names
  }
}

/// Workflows of a larger project that have no schedule and that nothing calls.
enum UnreachedWorkflowRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    let named = project.tasks.filter { ["call", "require"].contains($0.type ?? "") }
    let isScheduled = project.workflows.contains { $0.schedule != nil }
    guard isScheduled || !named.isEmpty, project.workflows.count > 1,
      !named.contains(where: { $0.command?.value.string?.contains("${") == true })
    else { return [] }
    let required = Set(
      named.compactMap { task -> String? in
        guard task.type == "require", let name = task.literalCommand else { return nil }
        return name.hasSuffix(".dig") ? String(name.dropLast(4)) : name
      }
    )
    let called = Set(project.calls.map(\.target))
    let calling = Set(named.map(\.file))
    return project.workflows.compactMap { workflow in
      guard workflow.schedule == nil, !required.contains(workflow.name),
        !calling.contains(workflow.file), !called.contains(workflow.file)
      else { return nil }
      return Diagnostic(
        .info,
        "workflow `\(workflow.name)` has no schedule and nothing calls it: it runs by hand only",
        at: SourceLocation(file: workflow.file, line: 1, column: 1)
      )
    }
  }
}
