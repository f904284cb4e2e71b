import Testing
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct ReadyTasksTests {
  private func drained(_ ready: inout ReadyTasks) -> [TaskID] {
    var order: [TaskID] = []
    while let next = ready.popFirst() { order.append(next) }
    return order
  }

  @Test func `groups take turns, the first of a group goes first`() {
    var ready = ReadyTasks()
    for id in 10..<15 { ready.append(id, of: 1) }
    for id in 20..<22 { ready.append(id, of: 2) }
    ready.append(30, of: 3)
    #expect(drained(&ready) == [10, 20, 30, 11, 21, 12, 13, 14])
    #expect(ready.popFirst() == nil)
  }

  @Test func `who comes late has its turn soon`() {
    var ready = ReadyTasks()
    for id in 0..<10_000 { ready.append(id, of: 1) }
    #expect(ready.popFirst() == 0)
    ready.append(20_000, of: 2)
    #expect(ready.popFirst() == 1)
    #expect(ready.popFirst() == 20_000)
    #expect(drained(&ready).count == 9998)
  }

  @Test func `the nearest parallel group is found through sequences, else the root`() {
    let tree = TaskTree(
      root: group(
        "+w",
        [
          group("+p", [group("+s", [task("+a")]), task("+b")], order: .parallel(limit: 2)),
          group("+s", [task("+c")]),
        ]
      )
    )
    let names = ["+w+p+s+a", "+w+p+b", "+w+s+c"]
    let found = names.map { name in
      tree.entries.first { $0.fullName == name }.map {
        tree[tree.parallelGroup(above: $0.id)].fullName
      }
    }
    #expect(found == ["+w+p", "+w+p", "+w"])
  }
}
