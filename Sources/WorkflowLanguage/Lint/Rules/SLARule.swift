import Values

/// Mistakes in `sla:`, which are accepted and make it do nothing.
enum SLARule {
  private static let keys = ["time", "duration", "alert", "fail"]

  static func findings(in project: LintProject) -> [Diagnostic] {
    let workflows = Set(project.workflows.map(\.file))
    return project.sources.flatMap { source -> [Diagnostic] in
      guard workflows.contains(source.file),
        let sla = source.root.entries?.first(where: { $0.key == "sla" }),
        let entries = sla.value.entries
      else { return [] }
      return findings(entries, sla)
    }
  }

  private static func findings(_ entries: [YAMLEntry], _ sla: YAMLEntry) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let times = entries.filter { $0.key == "time" || $0.key == "duration" }
    if times.count != 1 {
      let found = times.isEmpty ? "neither" : "both"
      findings.append(
        Diagnostic(
          .warning,
          "`sla` needs one of `time` and `duration`, found \(found): it does nothing",
          at: times.last?.location ?? sla.location
        )
      )
    }
    for entry in times where !isClock(entry.value.value) {
      findings.append(
        Diagnostic(
          .warning,
          "`\(entry.key)` of `sla` must be HH:MM or HH:MM:SS, found \(entry.value.value)",
          at: entry.value.location ?? entry.location
        )
      )
    }
    for entry in entries where !entry.key.hasPrefix("+") {
      if ["alert", "fail"].contains(entry.key), let text = entry.value.value.string,
        !["true", "True", "false", "False", ""].contains(text)
      {
        findings.append(
          Diagnostic(
            .warning,
            "`\(entry.key)` of `sla` must be true or false, found \(entry.value.value)",
            at: entry.value.location ?? entry.location
          )
        )
      }
      if let meant = Suggestion.slip(entry.key, of: keys) {
        findings.append(
          Diagnostic(
            .warning,
            "`\(entry.key)` is no option of `sla`",
            at: entry.location,
            hint: "did you mean `\(meant)`"
          )
        )
      }
    }
    return findings
  }

  private static func isClock(_ value: Value) -> Bool {
    guard let text = value.string else { return false }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { (1...2).contains($0.count) ? Int($0) : nil }
    return (2...3).contains(parts.count) && numbers.count == parts.count
      && numbers.dropFirst().allSatisfy { $0 < 60 }
  }
}
