import Values
public import WorkflowEngine
import WorkflowLanguage

/// `call>`: runs the tasks of another file of the project.
///
/// ```yaml
/// +prepare:
///   call>: common/prepare.dig
/// ```
/// The path starts at the calling file's folder; `.dig` may be left out. The called file's folder is the working
/// directory of everything inside. Its timezone and schedule are ignored; what its tasks store comes back.
public struct CallOperator: Operator {
  public init() {}

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let file = try context.parameters.requiredText("_command")
    let folder = try context.parameters.text("_workdir") ?? ""
    let called = try ProjectLoader.loadCalled(
      file: file,
      in: context.projectDirectory,
      from: folder
    )
    var group = called.task
    if called.directory != folder {
      group.export = ObjectValue([("_workdir", .string(called.directory))]).merging(group.export)
    }
    return .done(TaskResult(subtasks: group))
  }
}
