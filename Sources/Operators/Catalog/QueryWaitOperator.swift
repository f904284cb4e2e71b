public import SQLWarehouse
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `td_wait>`: waits until a query answers yes.
///
/// ```yaml
/// +arrived:
///   td_wait>: queries/is_complete.sql
///   interval: 5m
/// ```
/// The query is given as for `td>`. It is run again until the first column of its first row is something else than null, false
/// and 0; no row means not yet. Options: `interval` (30 s, and no less), `engine`, `database`; defaults come from an exported
/// `td:` map. Holds no worker while it waits. Stores nothing.
public struct QueryWaitOperator: Operator {
  private let warehouse: any Warehouse

  public init(warehouse: any Warehouse) { self.warehouse = warehouse }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "td")
    let interval = try PollInterval.read(options)
    let task = try SQLTask(options, context)
    context.parameters.useAll()
    let result = try await task.attempt {
      try await warehouse.run(task.statement, rowLimit: 1)
    }
    let answer = result.rows.first?.first ?? .null
    if Self.isYes(answer) { return .done(TaskResult()) }
    context.output.info("\(task.name) answers `\(answer)`; next look in \(interval)")
    return .poll(after: interval, state: [:])
  }

  private static func isYes(_ answer: Value) -> Bool {
    switch answer {
    case .null: false
    case .bool(let truth): truth
    case .int(let number): number != 0
    case .double(let number): number != 0
    case .string, .array, .object: true
    }
  }
}
