import Values
import WorkflowLanguage

/// What `tadoru check` tells of a project.
struct CheckReport {
  let workflows: [WorkflowDefinition]
  /// True where one workflow was asked for: its tasks and parameters are listed.
  let showsTasks: Bool
  let diagnostics: [Diagnostic]
  let isStrict: Bool
  /// Unix seconds: from here on schedules are shown.
  let now: Int64

  var isRefused: Bool {
    diagnostics.contains { $0.severity == .error || (isStrict && $0.severity == .warning) }
  }

  /// What people read on stdout.
  var lines: [String] {
    workflows.flatMap { workflow in
      [summary(workflow)] + schedule(workflow)
        + (showsTasks ? parameters(workflow) + tasks(workflow.root, depth: 1) : [])
    }
  }

  /// The last line, about everything; nil when there is nothing to say.
  var verdict: String? {
    let counts = [Diagnostic.Severity.error, .warning, .info].compactMap(count)
    if isRefused { return "the project is refused: \(counts.joined(separator: ", "))" }
    if counts.isEmpty { return nil }
    return counts.joined(separator: ", ")
  }

  private func count(_ severity: Diagnostic.Severity) -> String? {
    let number = diagnostics.count { $0.severity == severity }
    let plural = severity == .info || number == 1 ? "" : "s"
    return number == 0 ? nil : "\(number) \(severity.rawValue)\(plural)"
  }

  private func summary(_ workflow: WorkflowDefinition) -> String {
    let number = count(workflow.root) - 1
    return
      "\(workflow.name): \(number) \(number == 1 ? "task" : "tasks"), timezone \(workflow.timezone)"
  }

  private func count(_ node: TaskNode) -> Int { node.children.reduce(1) { $0 + count($1) } }
}

extension CheckReport {
  private func schedule(_ workflow: WorkflowDefinition) -> [String] {
    guard let raw = workflow.schedule, let kind = raw.keys.first(where: { $0.hasSuffix(">") })
    else { return [] }
    let extras = raw.filter { $0.0 != kind }.map { "\($0.0): \($0.1.text)" }
    let written = ["\(kind) \(raw[kind]?.text ?? "")"] + extras
    guard let next = firing(workflow) else {
      return ["  schedule \(written.joined(separator: ", ")) has ended"]
    }
    return [
      "  schedule \(written.joined(separator: ", "))", "    next session \(next.session)",
      "    runs at      \(next.run) (in \(distance(next.time.runTime - now)))",
    ]
  }

  private struct Firing {
    let time: ScheduleTime
    let session: String
    let run: String
  }

  /// The coming session; nil for a schedule that is over.
  private func firing(_ workflow: WorkflowDefinition) -> Firing? {
    guard let raw = workflow.schedule,
      // why: a schedule that cannot be read is an error of the project, told already
      let schedule = try? Schedule(raw, timezone: workflow.timezone)
    else { return nil }
    let time = schedule.first(at: now)
    guard time != .never else { return nil }
    return Firing(
      time: time,
      session: SessionTime(time.sessionTime, in: schedule.zone).text,
      run: SessionTime(time.runTime, in: schedule.zone).text
    )
  }

  private func distance(_ seconds: Int64) -> String {
    let units = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")] as [(Int64, String)]
    var rest = max(0, seconds)
    var parts: [String] = []
    for (length, name) in units where rest >= length && parts.count < 2 {
      parts.append("\(rest / length) \(name)")
      rest %= length
    }
    return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
  }
}

extension CheckReport {
  private func parameters(_ workflow: WorkflowDefinition) -> [String] {
    guard !workflow.root.export.isEmpty else { return [] }
    return ["  parameters"]
      + workflow.root.export.map { "    \($0.0): \(shown($0.1, under: $0.0))" }
  }

  private func shown(_ value: Value, under key: String) -> String {
    let isSecret = SecretName.isOne(key) && !value.text.contains("${")
    let text = isSecret ? "***" : masked(value).text
    return text.count > 100 ? text.prefix(100) + "…" : text
  }

  private func masked(_ value: Value) -> Value {
    guard let object = value.object else { return value }
    return .object(
      ObjectValue(
        object.map { key, value in
          (key, SecretName.isOne(key) && !value.text.contains("${") ? "***" : masked(value))
        }
      )
    )
  }

  private func tasks(_ node: TaskNode, depth: Int) -> [String] {
    node.children.flatMap { child -> [String] in
      var line = String(repeating: "  ", count: depth) + child.name
      if case .operation(let type) = child.kind {
        let command = child.config["_command"].flatMap { $0.isNull ? nil : $0.text } ?? ""
        let short = command.prefix { $0 != "\n" }.prefix(60)
        line += "  \(type)>" + (short.isEmpty ? "" : " \(short)")
        if short.count < command.count { line += "…" }
      }
      if child.isDisabled { line += "  (disabled)" }
      return [line] + tasks(child, depth: depth + 1)
    }
  }
}

extension CheckReport {
  /// What programs read.
  var value: Value {
    [
      "ok": .bool(!isRefused),
      "workflows": .array(workflows.map(entry)),
      "diagnostics": .array(diagnostics.map(entry)),
    ]
  }

  private func entry(_ workflow: WorkflowDefinition) -> Value {
    var entry: ObjectValue = [
      "name": .string(workflow.name), "file": .string(workflow.file),
      "tasks": .int(Int64(count(workflow.root) - 1)), "timezone": .string(workflow.timezone),
      "parameters": masked(.object(workflow.root.export)),
      "schedule": workflow.schedule.map { .object($0) } ?? .null,
    ]
    if workflow.schedule != nil {
      let next = firing(workflow)
      entry["next_session_time"] = next.map { .string($0.session) } ?? .null
      entry["next_run_time"] = next.map { .string($0.run) } ?? .null
      entry["schedule_state"] = next == nil ? "ended" : "active"
    }
    return .object(entry)
  }

  private func entry(_ diagnostic: Diagnostic) -> Value {
    [
      "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
      "rule": diagnostic.rule.map { .string($0) } ?? .null,
      "file": diagnostic.location.map { .string($0.file) } ?? .null,
      "line": diagnostic.location.map { .int(Int64($0.line)) } ?? .null,
      "column": diagnostic.location.map { .int(Int64($0.column)) } ?? .null,
      "hint": diagnostic.hint.map { .string($0) } ?? .null,
    ]
  }
}
