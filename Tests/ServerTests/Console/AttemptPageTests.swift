import Access
import Testing
import Values
import WorkflowEngine

@testable import Server

@Suite struct AttemptPageTests {
  private func task(
    _ id: Int,
    _ parent: Int?,
    _ name: String,
    _ state: TaskState = .success
  ) -> AttemptPage.Task {
    AttemptPage.Task(id: id, parent: parent, fullName: name, type: "sh", state: state)
  }

  @Test func `tasks stand behind their groups, also those that came later`() {
    let rows = TaskTreeRows([
      task(0, nil, "+w"), task(1, 0, "+w+a"), task(2, 0, "+w+b"), task(3, 1, "+w+a+late"),
    ]).rows
    #expect(rows.map(\.label) == ["+w", "+a", "+late", "+b"])
    #expect(rows.map(\.depth) == [0, 1, 2, 1])
    #expect(rows.map(\.inside) == [3, 1, 0, 0])
  }

  @Test func `a group lasts from the first to the last of what is in it`() {
    var first = task(1, 0, "+w+a")
    var second = task(2, 0, "+w+b")
    (first.startedAt, first.finishedAt) = (10, 20)
    (second.startedAt, second.finishedAt) = (15, 40)
    let rows = TaskTreeRows([task(0, nil, "+w"), first, second]).rows
    #expect(rows[0].start == 10)
    #expect(rows[0].end == 40)
  }

  @Test func `what is no tree is shown all the same, once`() {
    let rows = TaskTreeRows([
      task(1, 1, "+a"), task(2, 9, "+b"), task(3, 4, "+c"), task(4, 3, "+d"),
    ])
    .rows
    #expect(rows.map(\.task.id).contains(2))
    #expect(rows.count <= 4)
  }

  private func big(_ count: Int) -> AttemptPage {
    var tasks = [task(0, nil, "+w", .planned)]
    for id in 1..<count {
      tasks.append(task(id, 0, "+w+t\(id)", id.isMultiple(of: 100) ? .error : .success))
    }
    return AttemptPage(
      header: AttemptPage.Header(
        id: 1,
        project: ProjectReference(id: 1, name: "p"),
        workflow: "w",
        session: 1,
        sessionTime: 0,
        timezone: "UTC",
        status: .running,
        createdAt: 0
      ),
      tasks: tasks,
      log: LogTail(lines: [], isCut: false)
    )
  }

  @Test func `an attempt of 10,000 tasks comes in pages`() {
    var page = big(10_000)
    let html = page.content(SamplePages.frame()).source
    #expect(html.ranges(of: "<details class=\"task\"").count == TaskView.size)
    #expect(html.contains("1–200 of 10000"))
    #expect(html.utf8.count < 300_000)
    page.view.page = 49
    #expect(page.content(SamplePages.frame()).source.contains("9801–10000 of 10000"))
  }

  @Test func `only tasks of one state, and only those in a group`() {
    var page = big(1000)
    page.view.state = .error
    let html = page.content(SamplePages.frame()).source
    #expect(html.ranges(of: "<details class=\"task\"").count == 9)
    page.view = TaskView(group: 0)
    #expect(page.content(SamplePages.frame()).source.contains("of 999"))
  }

  @Test func `a bar is where its time is, and never too short to be seen`() {
    var header = big(2).header
    header.finishedAt = 100
    let ruler = Ruler(header, now: 500)
    let bars = [ruler.bar(25, 75), ruler.bar(100, 100), ruler.bar(-50, 900)]
    #expect(bars.map(\.x) == [250, 994, 0])
    #expect(bars.map(\.width) == [500, 6, 1000])
  }

  @Test(arguments: [
    ("\u{1b}[31mred\u{1b}[0m", "red"), ("\u{1b}[1;38;5;7mx", "x"), ("\u{1b}[2Jx", "\u{1b}[2Jx"),
    ("\u{1b}]0;t\u{7}", "\u{1b}]0;t\u{7}"), ("\u{1b}[", "\u{1b}["), ("\u{1b}", "\u{1b}"),
    ("a\u{1b}[mb", "ab"),
  ])
  func `a log leaves out colours and keeps all else`(text: String, kept: String) {
    #expect(LogTail.Line.withoutColours(text) == kept)
  }
}
