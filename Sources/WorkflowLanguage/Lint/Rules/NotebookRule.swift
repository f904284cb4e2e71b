import Values

/// Options of notebook operators that stand in the wrong place, are misspelt or cannot be computed.
enum NotebookRule {
  private static let types: Set<String> = ["ml_train", "ml_predict", "ipynb"]

  static func findings(in project: LintProject) -> [Diagnostic] {
    project.tasks.flatMap { task -> [Diagnostic] in
      guard let type = task.type, types.contains(type) else { return [] }
      guard let options = task.command?.entries else { return [notInside(task, type)] }
      return options.flatMap { option -> [Diagnostic] in
        [misspelt(option, of: type, options, project.notebooks), timeLimit(option, of: type)]
          .compactMap(\.self)
      } + [unknownNotebook(options, of: type, project.notebooks)].compactMap(\.self)
    }
  }

  private static func notInside(_ task: LintTask, _ type: String) -> Diagnostic {
    Diagnostic(
      .warning,
      "`\(type)>` expects a map of options with `notebook`, found \(task.command?.value ?? .null)",
      at: task.commandPlace,
      hint: "indent the options below `\(type)>:`"
    )
  }

  private static func signature(
    _ options: [YAMLEntry],
    of type: String,
    _ notebooks: [NotebookSignature]
  ) -> NotebookSignature? {
    let name = options.first { $0.key == "notebook" }?.value.value.string
    return notebooks.first { $0.operatorName == type && $0.notebook == name }
  }

  private static func misspelt(
    _ option: YAMLEntry,
    of type: String,
    _ options: [YAMLEntry],
    _ notebooks: [NotebookSignature]
  ) -> Diagnostic? {
    guard let signature = signature(options, of: type, notebooks),
      let meant = Suggestion.slip(option.key, of: signature.options),
      !options.contains(where: { $0.key == meant })
    else { return nil }
    return Diagnostic(
      .warning,
      "`\(option.key)` is no option of the notebook `\(signature.notebook)`",
      at: option.location,
      hint: "did you mean `\(meant)`"
    )
  }

  private static func timeLimit(_ option: YAMLEntry, of type: String) -> Diagnostic? {
    guard option.key == "time_limit", type != "ipynb", let text = option.value.value.string,
      !text.contains("${")
    else { return nil }
    do {
      _ = try ArithmeticText.value(of: text)
      return nil
    } catch {
      return Diagnostic(
        .warning,
        "`time_limit` must be a number of seconds: \(error.message)",
        at: option.value.location,
        hint: "write `600`, or arithmetic such as `60 * 10`"
      )
    }
  }

  private static func unknownNotebook(
    _ options: [YAMLEntry],
    of type: String,
    _ notebooks: [NotebookSignature]
  ) -> Diagnostic? {
    let names = notebooks.filter { $0.operatorName == type }.map(\.notebook)
    guard type != "ipynb", !names.isEmpty else { return nil }
    guard let entry = options.first(where: { $0.key == "notebook" }) else {
      let place = options.first?.location
      return Diagnostic(.warning, "`\(type)>` needs the option `notebook`", at: place)
    }
    guard let name = entry.value.value.string, !name.contains("${"), !names.contains(name) else {
      return nil
    }
    let near = Suggestion.nearest(to: name, among: names, limit: 1).first
    return Diagnostic(
      .warning,
      "`\(type)>` has no notebook `\(name)`",
      at: entry.value.location,
      hint: near.map { "did you mean `\($0)`" } ?? "a notebook of your own is run with `ipynb>`"
    )
  }
}
