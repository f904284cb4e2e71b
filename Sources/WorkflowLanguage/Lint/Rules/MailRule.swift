import Values

/// Keys of a mail that stand outside of its task, and mails that cannot be sent.
enum MailRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    let called = project.calledFiles
    return project.tasks.flatMap { task -> [Diagnostic] in
      task.type == "mail"
        ? incomplete(task, isCalled: called.contains(task.file))
        : [outside(task)].compactMap(\.self)
    }
  }

  /// `subject` and its like beside a `_do` whose mail they were written for.
  private static func outside(_ task: LintTask) -> Diagnostic? {
    guard let signature = task.signature, !signature.handsOnKeys,
      let key = task.entries.first(where: { ["subject", "bcc", "cc"].contains($0.key) }),
      signature.option(key.key) == nil
    else { return nil }
    return Diagnostic(
      .warning,
      "`\(key.key)` is no option of `\(signature.name)>` and does nothing",
      at: key.location,
      hint: "keys of a mail stand in the task of `mail>`, at the indentation of `mail>`"
    )
  }

  private static func incomplete(_ task: LintTask, isCalled: Bool) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let data = task.entry("data"), task.command?.isNull ?? true, task.entry("body") == nil {
      findings.append(
        Diagnostic(
          .warning,
          "`data` beside `mail>` is not read: the mail has no text",
          at: data.location,
          hint: "indent `data` below `mail>:`, or call it `body`"
        )
      )
    }
    guard !isCalled else { return findings }
    if !task.has("subject") {
      findings.append(
        Diagnostic(
          .warning,
          "the mail has no subject",
          at: task.operatorEntry?.location,
          hint: "add `subject`, at the indentation of `mail>`"
        )
      )
    }
    if !["to", "cc", "bcc"].contains(where: task.has) {
      findings.append(
        Diagnostic(
          .warning,
          "the mail goes to nobody",
          at: task.operatorEntry?.location,
          hint: "add `to`, at the indentation of `mail>`"
        )
      )
    }
    return findings
  }
}
