import Access
import Values
import WorkflowEngine

@testable import Server

extension SamplePages {
  var attempts: AttemptsPage {
    let states: [AttemptStatus] = [.running, .success, .error, .killed]
    return AttemptsPage(
      filter: ListFilter(),
      entries: states.enumerated().map { index, status in
        AttemptsPage.Entry(
          id: 1207 - Int64(index),
          project: project,
          workflow: names.workflow,
          sessionTime: Int64(Self.now) - Int64(index) * 86_400,
          timezone: "Asia/Tokyo",
          name: index == 2 ? "retry-2" : "",
          status: status,
          startedBy: index == 1 ? nil : names.person,
          createdAt: Self.now - 800 - Double(index) * 86_400,
          finishedAt: status == .running ? nil : Self.now - Double(index) * 86_400
        )
      },
      paging: Paging(olderThan: 1204)
    )
  }

  private func header(_ status: AttemptStatus) -> AttemptPage.Header {
    var header = AttemptPage.Header(
      id: 1207,
      project: project,
      workflow: names.workflow,
      session: 130,
      sessionTime: Int64(Self.now) - 1000,
      timezone: "Asia/Tokyo",
      status: status,
      createdAt: Self.now - 934
    )
    header.revision = (31, names.revision)
    header.startedBy = names.person
    header.name = status == .running ? "" : "retry-2"
    header.finishedAt = status == .running ? nil : Self.now - 20
    header.parameters = ["rate": 0.1, "country": .string(names.project), "folds": 5]
    header.attemptsOfSession = [
      AttemptReference(id: 1199, status: .error), AttemptReference(id: 1207, status: status),
    ]
    return header
  }

  private func task(
    _ id: Int,
    _ parent: Int?,
    _ name: String,
    _ type: String?,
    _ state: TaskState,
    _ times: (Double?, Double?)
  ) -> AttemptPage.Task {
    AttemptPage.Task(
      id: id,
      parent: parent,
      fullName: name,
      type: type,
      state: state,
      startedAt: times.0.map { Self.now - 934 + $0 },
      finishedAt: times.1.map { Self.now - 934 + $0 }
    )
  }

  private func tasks(isOver: Bool) -> [AttemptPage.Task] {
    let root = "+" + names.workflow
    var list = [
      task(0, nil, root, nil, isOver ? .groupError : .planned, (nil, isOver ? 914 : nil)),
      task(1, 0, root + "+load", nil, .success, (nil, 310)),
      task(2, 1, root + "+load+orders", "sql", .success, (1, 140)),
      task(3, 1, root + "+load+customers", "sql", .success, (1, 305)),
      task(4, 0, root + "+features", "sql", .success, (311, 402.4)),
      task(5, 0, root + "+train", nil, isOver ? .groupError : .planned, (nil, nil)),
      task(6, 5, root + "+train+fold-1", "ipynb", .success, (404, 640)),
      task(
        7,
        5,
        root + "+train+fold-2",
        "ipynb",
        isOver ? .error : .running,
        (404, isOver ? 900 : nil)
      ),
      task(8, 5, root + "+train+fold-3", "ipynb", isOver ? .canceled : .retryWaiting, (404, nil)),
      task(9, 0, root + "+publish", "http", .blocked, (nil, nil)),
    ]
    list[4].store = ["rows": 182_331, "td": ["last_job_id": "771"]]
    list[4].parameters = ["table": "features"]
    list[6].notebook = "fold-1/notebook.html"
    list[7].error = isOver ? names.text : nil
    list[8].retryCount = 2
    return list
  }

  private var log: LogTail {
    let task = "+" + names.workflow + "+train+fold-2"
    let lines = [
      ("INFO", nil, "the attempt began"), ("INFO", task, "started ipynb>"),
      ("DEBUG", task, "kernel python3 in 2.1 s"), ("OUT", task, "epoch 1  loss 0.4312"),
      ("OUT", task, "\u{1b}[32mepoch 2  loss 0.3977\u{1b}[0m"),
      ("WARNING", task, "12 columns are constant"), ("ERROR", task, names.text),
    ]
    return LogTail(
      lines: lines.map { level, task, message in
        LogTail.Line(
          time: "2026-11-28T06:51:07.250Z",
          level: level,
          task: task,
          message: message
        )
      },
      isCut: true
    )
  }

  var attempt: AttemptPage {
    AttemptPage(header: header(.running), tasks: tasks(isOver: false), log: log)
  }

  var failedAttempt: AttemptPage {
    AttemptPage(header: header(.error), tasks: tasks(isOver: true), log: log)
  }

  var firings: [WorkflowPage.Firing] {
    (0..<10 as Range<Int64>).map { day in
      let time = Int64(Self.now) + 7200 + day * 86_400
      return WorkflowPage.Firing(sessionTime: time - 3600, runTime: time)
    }
  }

  var workflow: WorkflowPage {
    WorkflowPage(
      project: project,
      name: names.workflow,
      timezone: "Asia/Tokyo",
      revision: (31, names.revision),
      file: "nightly_training.dig",
      tasks: [
        TaskOutline(
          name: "+load",
          type: nil,
          command: nil,
          marks: ["parallel"],
          children: [
            TaskOutline(name: "+orders", type: "sql", command: "queries/orders.sql"),
            TaskOutline(name: "+customers", type: "sql", command: names.file),
          ]
        ), TaskOutline(name: "+features", type: "sql", command: "queries/features.sql"),
        TaskOutline(
          name: "+train",
          type: "for_each",
          command: "{\"fold\": [1, 2, 3]}",
          marks: ["retry"],
          children: [TaskOutline(name: "+fold", type: "ipynb", command: "train.ipynb")]
        ), TaskOutline(name: "+publish", type: "http", command: "https://example.com/models"),
      ],
      schedule: WorkflowPage.Schedule(
        id: 9,
        text: "daily>: 07:00:00",
        disabledAt: nil,
        upcoming: firings
      ),
      sessions: someSessions
    )
  }
}
