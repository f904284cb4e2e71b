/// The tasks that changed, each once, in the order of their last changes.
struct ChangedTasks: Sendable {
  private var marks: [TaskID: Int] = [:]
  private var next = 0

  mutating func insert(_ ids: some Sequence<TaskID>) {
    for id in ids {
      marks[id] = next
      next += 1
    }
  }

  var inOrder: [TaskID] { marks.sorted { $0.value < $1.value }.map(\.key) }
}
