import SQLWarehouse
import Tracking
import Values
import WorkflowEngine

/// What is recorded about a run of a notebook before it starts.
struct RunPlan {
  let operatorName: String
  let notebook: String
  /// The run's name for people.
  let name: String
  var params: ObjectValue
  var inputTable: TableName?
  var tags: ObjectValue = [:]

  func newRun(_ context: TaskContext, user: User) -> NewRun {
    let attempt = context.attempt
    var run = NewRun(
      experiment: "\(attempt.projectName)/\(attempt.workflowName)",
      name: name,
      user: user.id,
      lineage: RunLineage(
        project: attempt.projectName,
        workflow: attempt.workflowName,
        sessionID: attempt.sessionID,
        sessionTime: attempt.sessionTime,
        attemptID: attempt.attemptID,
        task: context.taskName,
        inputTable: inputTable?.description
      ),
      params: params
    )
    run.tags = tags.merging([
      "tadoru.operator": .string(operatorName), "tadoru.notebook": .string(notebook),
    ])
    return run
  }
}
