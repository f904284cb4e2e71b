import Values
public import WorkflowEngine
import WorkflowLanguage

/// `for_range>`: cuts a range of integers into pieces and runs `_do` for each.
///
/// ```yaml
/// +pieces:
///   for_range>: {from: 10, to: 50, step: 20}
///   _do:
///     echo>: from ${range.from} to ${range.to}, piece ${range.index}
/// ```
/// Either `step` or `slices` is given, 1 or more; the last piece ends at `to`.
public struct ForRangeOperator: Operator {
  public init() {}

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) throws -> TaskOutcome {
    let range = Parameters(
      try context.parameters.required(try context.parameters.objectOrJSON("_command"), "_command"),
      task: context.taskName
    )
    let from = try range.required(try range.int("from"), "from")
    let to = try range.required(try range.int("to"), "to")
    let width = try width(range, from: from, to: to)
    let iterations = Iterations(kind: "for_range", context: context)
    guard to > from else { return .done(TaskResult()) }
    let (distance, isOver) = to.subtractingReportingOverflow(from)
    guard !isOver else { throw iterations.tooMany() }
    let count = Int((distance - 1) / width + 1)
    let group = try iterations.group(count: count) { index in
      let start = from + Int64(index) * width
      let end = to - start > width ? start + width : to
      return (
        "+range-from=\(start)&to=\(end)",
        ["range": ["from": .int(start), "to": .int(end), "index": .int(Int64(index))]]
      )
    }
    return .done(TaskResult(subtasks: group))
  }

  private func width(_ range: Parameters, from: Int64, to: Int64) throws -> Int64 {
    switch (try range.int("step"), try range.int("slices")) {
    case (let step?, nil):
      guard step >= 1 else { throw TaskFailure(.config, "`step` must be 1 or more, found \(step)") }
      return step
    case (nil, let slices?):
      guard slices >= 1 else {
        throw TaskFailure(.config, "`slices` must be 1 or more, found \(slices)")
      }
      let (distance, isOver) = to.subtractingReportingOverflow(from)
      return isOver ? Int64.max : max(1, (distance - 1) / slices + 1)
    case (nil, nil): throw TaskFailure(.config, "`for_range>` needs `step` or `slices`")
    case (_?, _?): throw TaskFailure(.config, "`for_range>` takes `step` or `slices`, not both")
    }
  }
}
