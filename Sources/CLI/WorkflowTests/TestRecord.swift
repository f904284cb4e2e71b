import Operators
import Synchronization
import Values
import WorkflowEngine

/// What the tasks of a tested attempt did, instead of doing it.
final class TestRecord: Sendable {
  struct State {
    /// Statements by task, as they would go to the engine.
    var statements: [String: [String]] = [:]
    var scripts: [String: String] = [:]
    /// Evaluated parameters of tasks whose operator was not run.
    var parameters: [String: ObjectValue] = [:]
    var mails: [RehearsedMail] = []
    var output: [UInt8] = []
    /// Full names in the order in which tasks left `blocked`.
    var started: [String] = []
    var log: [String] = []
    /// How often each entry of the answers was used up, and the tries of each task.
    var uses: [Int: Int] = [:]
    var answerOfTask: [String: Int] = [:]
    var tries: [String: Int] = [:]
    var used: Set<Int> = []
    /// Unix seconds of the test's own clock.
    var now: Double
  }

  let state: Mutex<State>

  init(now: Double) { state = Mutex(State(now: now)) }

  var listener: AttemptListener {
    AttemptListener(
      changed: { [self] entries in
        state.withLock { state in
          for entry in entries where entry.state != .blocked {
            if !state.started.contains(entry.fullName) { state.started.append(entry.fullName) }
          }
        }
      },
      printed: { [self] _, bytes in state.withLock { $0.output += bytes } },
      logged: { [self] task, level, line in
        if level >= .warning { state.withLock { $0.log.append("\(task): \(line)") } }
      }
    )
  }

  func record(_ statement: String, of task: String) {
    state.withLock { $0.statements[task, default: []].append(statement) }
  }

  /// The answer for a try of a task, and whether this try is one of those that fail; nil without an answer.
  func answer(
    for task: String,
    type: String,
    in answers: TaskAnswers
  ) -> (answer: TaskAnswer, fails: Bool)? {
    guard let index = answers.entry(for: task, type: type) else { return nil }
    let list = answers.entries[index].answers
    return state.withLock { state in
      state.used.insert(index)
      let position = state.answerOfTask[task] ?? state.uses[index, default: 0]
      guard let answer = list.indices.contains(position) ? list[position] : list.last else {
        return nil
      }
      if state.answerOfTask[task] == nil { state.uses[index] = position + 1 }
      state.answerOfTask[task] = position
      state.tries[task, default: 0] += 1
      if state.tries[task, default: 0] <= answer.failures { return (answer, true) }
      // A later round of a group is a new run of the task.
      state.answerOfTask[task] = nil
      state.tries[task] = nil
      return (answer, false)
    }
  }
}
