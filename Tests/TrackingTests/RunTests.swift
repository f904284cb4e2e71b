import Storage
import Testing
import Tracking
import Values

@Suite struct RunTests {
  let fixture: TrackingFixture
  var store: TrackingStore { fixture.store }

  init() throws { fixture = try TrackingFixture() }

  @Test func `a run keeps all that was said of it, for the next process too`() throws {
    let lineage = RunLineage(
      project: "demo",
      workflow: "ml_experiment",
      sessionID: 3,
      sessionTime: "2024-01-02T00:00:00+09:00",
      attemptID: 7,
      task: "+ml_experiment+train",
      revision: "r1",
      inputTable: "ml_datasets.gluon_train",
      notebook: "attempts/7/train.ipynb"
    )
    let run = try fixture.startRun(lineage: lineage, params: ["time_limit": 60, "label": "class"])
    #expect(run.status == .running)
    #expect(run.id.text.count == 32 && !run.id.text.contains("-"))
    let read = try fixture.reopened().run(run.id)
    #expect(read == run)
    #expect(read.lineage == lineage)
    #expect(read.user == fixture.ada)
    #expect(read.experiment == "income")
    #expect(try store.params(of: run.id) == ["label": "class", "time_limit": "60"])
  }

  @Test func `finishing logs the last results and the end`() throws {
    let run = try fixture.startRun()
    let done = try store.finishRun(
      run.id,
      .finished,
      metrics: [Metric("roc_auc", 0.93)],
      params: ["preset": "very_light"],
      tags: ["leaderboard": "kept"],
      notebook: "out.ipynb"
    )
    #expect(done.status == .finished)
    #expect(done.lineage.notebook == "out.ipynb")
    let end = try #require(done.endedAt)
    #expect(end > done.startedAt)
    #expect(try store.latestMetrics(of: run.id).map(\.value) == [0.93])
    #expect(try store.tags(of: run.id) == ["leaderboard": "kept"])
  }

  @Test func `a finish that is refused changes nothing`() throws {
    let run = try fixture.startRun(params: ["a": 1])
    let error = #expect(throws: TrackingError.self) {
      try store.finishRun(run.id, .finished, metrics: [Metric("m", 1)], params: ["a": 2])
    }
    #expect(error?.code == .conflict)
    #expect(try store.run(run.id).status == .running)
    #expect(try store.latestMetrics(of: run.id).isEmpty)
    #expect(throws: TrackingError.self) { try store.finishRun(run.id, .running) }
  }

  @Test func `a task that is run again ends the run that was cut off`() throws {
    let lineage = RunLineage(attemptID: 1, task: "+wf+train")
    let cutOff = try fixture.startRun(lineage: lineage)
    let other = try fixture.startRun(lineage: RunLineage(attemptID: 1, task: "+wf+other"))
    let failed = try fixture.startRun(
      "failed",
      lineage: RunLineage(attemptID: 2, task: "+wf+train")
    )
    try store.finishRun(failed.id, .failed)
    let again = try fixture.startRun(lineage: lineage)
    _ = try fixture.startRun("retry", lineage: RunLineage(attemptID: 2, task: "+wf+train"))
    #expect(try store.run(cutOff.id).status == .killed)
    #expect(try store.run(cutOff.id).endedAt != nil)
    #expect(try store.run(other.id).status == .running)
    #expect(try store.run(again.id).status == .running)
    #expect(try store.run(failed.id).status == .failed)
  }

  @Test func `a param is written once, a tag as often as one likes`() throws {
    let run = try fixture.startRun(params: ["depth": 5])
    try store.logParams(["depth": "5", "eta": 0.1], on: run.id)
    let error = #expect(throws: TrackingError.self) {
      try store.logParams(["new": 1, "depth": 6], on: run.id)
    }
    #expect(error?.code == .conflict)
    #expect(
      error?.message
        == "param `depth` of run `\(run.id)` was already logged as `5` and may not change, found `6`"
    )
    #expect(try store.params(of: run.id) == ["depth": "5", "eta": "0.1"])
    try store.setTags(["stage": "a"], on: run.id)
    try store.setTags(["stage": "b"], on: run.id)
    #expect(try store.tags(of: run.id) == ["stage": "b"])
  }

  @Test func `runs are listed newest first and filtered`() throws {
    let first = try fixture.startRun("first", lineage: RunLineage(attemptID: 1))
    let second = try store.startRun(
      NewRun(experiment: "other", name: "second", user: fixture.bob.id)
    )
    try store.finishRun(first.id, .finished)
    #expect(try store.runs().map(\.name) == ["second", "first"])
    var filter = RunFilter()
    filter.experiment = "income"
    #expect(try store.runs(filter).map(\.id) == [first.id])
    filter = RunFilter()
    filter.user = fixture.bob.id
    #expect(try store.runs(filter).map(\.id) == [second.id])
    filter = RunFilter()
    filter.status = .finished
    #expect(try store.runs(filter).map(\.id) == [first.id])
    filter = RunFilter()
    filter.attemptID = 1
    #expect(try store.runs(filter).map(\.id) == [first.id])
    filter = RunFilter()
    filter.limit = 1
    #expect(try store.runs(filter).map(\.id) == [second.id])
  }

  @Test func `an unknown run is not found by any of the calls`() throws {
    let id = RunID("0000")
    let calls: [() throws -> Void] = [
      { _ = try store.run(id) }, { try store.finishRun(id, .finished) },
      { try store.logMetrics([], on: id) }, { try store.logParams([:], on: id) },
      { try store.setTags([:], on: id) }, { _ = try store.params(of: id) },
      { _ = try store.latestMetrics(of: id) }, { _ = try store.artifactFiles(of: id) },
    ]
    for call in calls {
      let error = #expect(throws: TrackingError.self) { try call() }
      #expect(error?.code == .notFound)
      #expect(error?.message == "run `0000` not found")
    }
  }

  @Test func `a run of a user who does not exist is a storage error`() throws {
    let error = #expect(throws: TrackingError.self) {
      try store.startRun(NewRun(experiment: "e", name: "n", user: UserID(99)))
    }
    #expect(error?.code == .storage)
    #expect(error?.cause is StorageError)
  }

  @Test func `experiments are made at first use and Default is number 0`() throws {
    let made = try store.experiment(named: "income")
    #expect(try store.experiment(named: "income") == made)
    #expect(made.id == 1)
    #expect(try store.experiment(named: "Default").id == 0)
    #expect(try store.experiments().map(\.name) == ["income", "Default"])
    #expect(throws: TrackingError.self) { try store.experiment(named: "  ") }
  }

  @Test func `a user is found again by name and takes a new email`() throws {
    #expect(try store.user(named: "ada") == fixture.ada)
    let changed = try store.user(named: "ada", email: "a@example.org")
    #expect(changed.id == fixture.ada.id)
    #expect(changed.email == "a@example.org")
    #expect(try store.users().map(\.name) == ["ada", "bob"])
    #expect(throws: TrackingError.self) { try store.user(named: "a/b") }
  }

  @Test(arguments: [
    "", " ", "/abs", "a/../b", "a//b", "./a", "a/", "semi;colon", "new\nline", "tab\t", "nul\u{0}",
    String(repeating: "x", count: 251),
  ])
  func `names that could become paths are refused`(name: String) throws {
    let run = try fixture.startRun()
    for call in [
      { try store.logMetrics([Metric(name, 1)], on: run.id) },
      { try store.logParams(ObjectValue([(name, 1)]), on: run.id) },
      { try store.setTags(ObjectValue([(name, 1)]), on: run.id) },
    ] as [() throws -> Void] {
      let error = #expect(throws: TrackingError.self) { try call() }
      #expect(error?.code == .invalid)
    }
  }

  @Test(arguments: ["score_val", "val/roc auc", "a.b-c:d", "précision", "日本"])
  func `names that MLflow takes are taken`(name: String) throws {
    let run = try fixture.startRun()
    try store.logMetrics([Metric(name, 1)], on: run.id)
    #expect(try store.latestMetrics(of: run.id).map(\.name) == [name])
  }
}
