import Values

/// A file that an operator names and the project does not have.
enum MissingFileRule {
  static func findings(in project: LintProject) -> [Diagnostic] {
    var known: [String: String?] = [:]
    return project.tasks.compactMap { task in
      guard let type = task.type, let name = task.literalCommand, !name.hasPrefix("/") else {
        return nil
      }
      if type == "py" { return module(name, of: task, in: project) }
      guard task.signature?.command == .file || isTransferFile(name, of: type) else { return nil }
      guard let path = ProjectPath.normalize(ProjectPath.join(task.folder, name)),
        !project.folder.isFile(path)
      else { return nil }
      let hint = known[path] ?? hint(for: name, at: path, of: type, in: project)
      known[path] = .some(hint)
      return Diagnostic(
        .warning,
        "File not found: \(name)",
        at: task.commandPlace,
        hint: hint
      )
    }
  }

  private static func isTransferFile(_ name: String, of type: String) -> Bool {
    type == "td_load" && (name.hasSuffix(".yml") || name.hasSuffix(".yaml"))
  }

  private static func hint(
    for name: String,
    at path: String,
    of type: String,
    in project: LintProject
  ) -> String? {
    if name.contains(where: \.isWhitespace), !name.hasSuffix(".sql") {
      return "text of one's own is written `\(type)>: {data: …}`"
    }
    let (folder, last) = ProjectPath.split(path)
    let ending = LintTexts.ending(of: last)
    let names = project.folder.names(in: folder).filter { LintTexts.ending(of: $0) == ending }
    let near =
      names.count > ProjectFolder.mostCompared
      ? [] : Suggestion.nearest(to: last, among: names, limit: 1)
    let elsewhere = project.texts.files.first { ProjectPath.split($0).name == last }
    return (near.first.map { ProjectPath.join(folder, $0) } ?? elsewhere)
      .map { "did you mean `\($0)`; the path starts at the folder of the workflow" }
  }

  /// Modules may be installed, so only the slip of a file's name is told.
  private static func module(
    _ command: String,
    of task: LintTask,
    in project: LintProject
  ) -> Diagnostic? {
    let parts = command.split(separator: ".").map(String.init)
    guard parts.count >= 2, let first = parts.first else { return nil }
    let names = project.folder.names(in: task.folder)
    guard !names.contains(first), !names.contains(first + ".py") else { return nil }
    let modules = names.filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }
    guard let meant = Suggestion.slip(first, of: modules) else { return nil }
    return Diagnostic(
      .warning,
      "there is no module `\(first)`",
      at: task.commandPlace,
      hint: "did you mean `\(meant)`"
    )
  }
}
