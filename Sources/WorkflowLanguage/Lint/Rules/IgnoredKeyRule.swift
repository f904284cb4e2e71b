import Values

/// Keys that are allowed where they stand and do nothing there.
enum IgnoredKeyRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    project.tasks.flatMap { task -> [Diagnostic] in
      guard task.operatorEntry == nil else { return [] }
      return task.entries.compactMap { entry in
        switch entry.key {
        case "_check" where !entry.value.isNull:
          Diagnostic(
            .warning,
            "`_check` of \(task.isRoot ? "a workflow" : "a group") does nothing",
            at: entry.location,
            hint: "it belongs to an operator task"
          )
        case "timezone", "schedule", "sla":
          task.isRoot
            ? nil
            : Diagnostic(
              .warning,
              "`\(entry.key)` inside of a group does nothing",
              at: entry.location,
              hint: "it belongs to the top of the file"
            )
        default: nil
        }
      }
    }
  }
}

/// `_background`, which starts with its group and not after the tasks above it.
enum BackgroundRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    project.tasks.compactMap { task in
      guard task.position > 0, !task.siblingsAreParallel, let entry = task.entry("_background"),
        ["true", "True"].contains(entry.value.value.text)
      else { return nil }
      return Diagnostic(
        .warning,
        "a task with `_background` starts together with its group and does not wait for the tasks above it",
        at: entry.location,
        hint: "put what is to run at the same time into a group with `_parallel: true`"
      )
    }
  }
}
