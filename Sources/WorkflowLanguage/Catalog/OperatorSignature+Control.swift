extension OperatorSignature {
  private static let tasks = Option("_do", .tasks, "the task or tasks to run")
  private static let parallel = Option("_parallel", .any, "true, or `{limit: n}`")

  /// Operators that decide what runs.
  static let control: [OperatorSignature] = [
    OperatorSignature("call", .text, "runs the tasks of another file of the project"),
    OperatorSignature("echo", .text, "prints a line"),
    OperatorSignature("fail", .text, "fails with a message"),
    OperatorSignature(
      "for_each",
      .map,
      "runs tasks for each combination of values",
      [tasks, parallel]
    ),
    OperatorSignature("for_range", .map, "runs tasks for each part of a range", [tasks, parallel]),
    OperatorSignature(
      "if",
      .any,
      "runs tasks when a condition holds",
      [tasks, Option("_else_do", .tasks, "what runs otherwise"), parallel]
    ),
    OperatorSignature(
      "loop",
      .any,
      "runs tasks a number of times",
      [tasks, parallel, Option("count", .integer, "how many times, before the value")]
    ),
    OperatorSignature("nop", .any, "does nothing"),
    OperatorSignature("notify", .text, "tells people of a failure"),
    OperatorSignature("param_get", .nothing, "reads kept values", handsOnKeys: true),
    OperatorSignature("param_set", .nothing, "keeps values for later sessions", handsOnKeys: true),
    OperatorSignature(
      "require",
      .text,
      "waits for a session of another workflow, starting it when there is none",
      [
        Option("session_time", .text, "which session: this task's own unless given"),
        Option("project_id", .integer, "the project by number"),
        Option("project_name", .text, "the project by name"),
        Option("rerun_on", .text, "`none`, `failed` or `all`: when to run it again"),
        Option("ignore_failure", .boolean, "go on also when it failed"),
        Option("params", .map, "parameters for the new attempt"),
      ]
    ),
    OperatorSignature(
      "store",
      .nothing,
      "stores values for the tasks that follow",
      handsOnKeys: true
    ),
    OperatorSignature(
      "wait",
      .text,
      "waits for a time",
      [
        Option("blocking", .boolean, "hold a worker while waiting"),
        Option("poll_interval", .duration, "how often to look"),
      ]
    ),
  ]
}
