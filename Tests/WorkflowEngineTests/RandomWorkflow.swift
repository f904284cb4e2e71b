import Values
import WorkflowLanguage

@testable import WorkflowEngine

/// Workflows and endings of tasks that follow from a seed alone, so that a run can be repeated and cut at will.
struct RandomWorkflow {
  /// SplitMix64 (Steele, Lea, Flood 2014).
  struct Dice: RandomNumberGenerator {
    private var state: UInt64

    /// Dice of their own for a seed and a text.
    init(_ seed: UInt64, _ text: String = "") {
      // FNV-1a, which gives the same number in every process
      state = text.utf8.reduce(seed &* 0x9E37_79B9 ^ 0xcbf2_9ce4_8422_2325) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
    }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  }

  let seed: UInt64

  var root: TaskNode {
    var dice = Dice(seed, "root")
    return tasks("+w", depth: 0, &dice)
  }

  /// What happens when a task has run; the same for the same try.
  func ending(of task: TaskEntry) -> [AttemptStateMachine.Event] {
    let polls = task.pollState["n"]?.int ?? 0
    var dice = Dice(seed, "\(task.fullName)/\(task.retryCount)/\(polls)")
    let kind = dice.number(0...99)
    let retry = RetryPolicy(limit: dice.number(1...2), interval: .seconds(dice.number(0...3)))
    switch kind {
    case 0..<10 where polls < 2:
      return [.polling(task.id, after: .seconds(2), state: ["n": .int(polls + 1)])]
    case 10..<25:
      return [.failed(task.id, TaskError(message: "no", detail: "line"), retry: retry)]
    case 25..<30: return [.failed(task.id, TaskError(message: "never"), retry: nil)]
    case 30 where task.depth > 1:
      return [.kill, .finished(task.id, TaskResult(), check: nil, retry: nil)]
    default:
      return [.finished(task.id, result(task, &dice), check: check(task, &dice), retry: retry)]
    }
  }

  private func result(_ task: TaskEntry, _ dice: inout Dice) -> TaskResult {
    var result = TaskResult()
    if dice.chance(40) { result.store = ["last": .string(task.fullName), "n": 1] }
    if dice.chance(10) { result.reset = [["last"]] }
    if dice.chance(10) { result.export = ["seen": true] }
    if dice.chance(25), task.depth < 5 {
      result.subtasks = tasks("^sub", depth: task.depth + 1, &dice)
    }
    return result
  }

  private func check(_ task: TaskEntry, _ dice: inout Dice) -> TaskNode? {
    dice.chance(8) && task.depth < 5 ? operation("^check", &dice, depth: task.depth + 1) : nil
  }

  private func tasks(_ name: String, depth: Int, _ dice: inout Dice) -> TaskNode {
    if name != "+w", dice.chance(20) { return operation(name, &dice, depth: depth) }
    var group = TaskNode(name: name)
    let kind = dice.number(0...3)
    group.order = kind == 0 ? .parallel(limit: nil) : kind == 1 ? .parallel(limit: 2) : .sequential
    for number in 0..<dice.number(depth == 0 ? 2...5 : 0...4) {
      var child =
        dice.chance(35) && depth < 4
        ? tasks("+t\(number)", depth: depth + 1, &dice)
        : operation("+t\(number)", &dice, depth: depth + 1)
      if kind > 1 {
        child.isBackground = dice.chance(10)
      } else if number > 0, dice.chance(20) {
        child.after = ["+t\(dice.number(0...number - 1))"]
      }
      group.children.append(child)
    }
    if dice.chance(25) { group.retry = .int(Int64(dice.number(1...2))) }
    if dice.chance(15) { group.error = [operation("^error", &dice, depth: depth + 1)] }
    return group
  }

  private func operation(_ name: String, _ dice: inout Dice, depth: Int) -> TaskNode {
    var node = TaskNode(
      name: name,
      kind: .operation(type: "echo"),
      config: ["_type": "echo", "_command": "${n}"],
      location: SourceLocation(file: "w.dig", line: depth + 1, column: 3)
    )
    if dice.chance(10) { node.export = ["e": .int(Int64(depth))] }
    if dice.chance(10), depth < 5 {
      node.error = [TaskNode(name: "^error", kind: .operation(type: "echo"))]
    }
    return node
  }
}
