import Values

/// Options whose value the operator will refuse or take for something else.
enum OptionRule {
  /// Words that are booleans elsewhere in YAML and text here.
  static let wordsForTruth: Set<String> = [
    "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "TRUE", "FALSE",
    "y", "n", "Y", "N",
  ]

  static func findings(in project: LintProject) -> [Diagnostic] {
    project.tasks.flatMap { task -> [Diagnostic] in
      guard let signature = task.signature else { return [] }
      return kinds(task, signature) + combinations(task) + tasks(task) + environment(task)
        + retry(task)
    }
  }

  private static func kinds(_ task: LintTask, _ signature: OperatorSignature) -> [Diagnostic] {
    task.entries.compactMap { entry in
      guard let option = signature.option(entry.key) else { return nil }
      let value = entry.value.value
      if let text = value.string, text.contains("${") || text.isEmpty { return nil }
      guard let expected = expected(option.kind, value) else { return nil }
      let isWord = wordsForTruth.contains(value.text) && entry.value.isPlain
      return Diagnostic(
        .warning,
        "`\(entry.key)` of `\(signature.name)>` must be \(expected), found \(value)",
        at: entry.value.location ?? entry.location,
        hint: isWord ? "`\(value.text)` is text here; this language knows `true` and `false`" : nil
      )
    }
  }

  /// What was expected; nil where the value will do.
  private static func expected(_ kind: OperatorSignature.Option.Kind, _ value: Value) -> String? {
    switch kind {
    case .boolean:
      guard let text = value.string else { return nil }
      let will = ["true", "True", "false", "False", "null"].contains(text.trimmingBlanks)
      return will ? nil : "true or false"
    case .integer:
      guard let text = value.string else { return nil }
      return Int64(text.trimmingBlanks) == nil ? "a whole number" : nil
    case .duration:
      guard let text = value.string else { return nil }
      let will = DurationText.parse(text) != nil || Double(text) != nil
      return will ? nil : "a duration such as `1h 30m`"
    case .text, .table, .file, .number, .list, .map, .any, .tasks: return nil
    }
  }

  private static func combinations(_ task: LintTask) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    func warn(_ message: String, at key: String, hint: String? = nil) {
      let place = task.entry(key)?.location ?? task.commandPlace
      findings.append(Diagnostic(.warning, message, at: place, hint: hint))
    }
    func isSet(_ key: String) -> Bool { task.entry(key).map { !$0.value.isNull } ?? false }
    switch task.type {
    case "td":
      if isSet("create_table"), isSet("insert_into") {
        warn("Setting both insert_into and create_table is invalid", at: "insert_into")
      }
      for target in ["create_table", "insert_into"] where isSet(target) && isSet("download_file") {
        warn("Setting download_file with \(target) is invalid", at: "download_file")
      }
      if isSet("result_settings"), !task.has("result_connection") {
        warn("`result_settings` needs `result_connection`", at: "result_settings")
      }
    case "td_ddl", "http":
      for entry in task.entries where task.signature?.option(entry.key)?.kind == .list {
        let text = entry.value.value.string
        let isBare = text.map { !$0.contains("${") && !$0.hasPrefix("[") && !$0.isEmpty } ?? false
        guard isBare || entry.value.entries != nil else { continue }
        warn(
          "`\(entry.key)` of `\(task.type ?? "")>` must be a list, found \(entry.value.value)",
          at: entry.key,
          hint: text.map { "write `[\($0)]`" } ?? "write a list of maps: `- name: value`"
        )
      }
    default: break
    }
    if let engine = task.entry("engine"), task.signature?.option("engine") != nil,
      let text = engine.value.value.string, !text.contains("${"),
      !["presto", "hive", ""].contains(text)
    {
      let engines = "Unknown 'engine:' option (available options are: hive and presto): \(text)"
      warn(engines, at: "engine")
    }
    return findings
  }

  private static func tasks(_ task: LintTask) -> [Diagnostic] {
    guard let signature = task.signature, signature.option("_do") != nil,
      task.entry("_do") == nil, task.entry("_else_do") == nil
    else { return [] }
    let message =
      signature.name == "if"
      ? "Both _do and _else_do are not specified." : "Parameter '_do' is required but not set"
    return [Diagnostic(.warning, message, at: task.operatorEntry?.location)]
  }

  private static func environment(_ task: LintTask) -> [Diagnostic] {
    (task.entry("_env")?.value.entries ?? []).compactMap { entry in
      let name = entry.key.utf8
      let isSound =
        name.first.map { $0 == UInt8(ascii: "_") || isLetter($0) } == true
        && name.allSatisfy {
          $0 == UInt8(ascii: "_") || isLetter($0)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
      return isSound
        ? nil
        : Diagnostic(
          .warning,
          "Invalid _env key name: \(entry.key)",
          at: entry.location,
          hint: "letters, digits and `_`, no digit in front"
        )
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func retry(_ task: LintTask) -> [Diagnostic] {
    guard ["td", "td_run", "td_load", "td_for_each"].contains(task.type),
      let retry = task.entry("_retry")
    else { return [] }
    return [
      Diagnostic(
        .info,
        "`_retry` of `\(task.type ?? "")>` runs the query again here; "
          + "digdag looks at the same failed job again",
        at: retry.location,
        hint: "`_retry` of a group around the task means the same in both"
      )
    ]
  }
}
