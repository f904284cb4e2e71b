import Testing
import Tracking
import Values

@Suite struct TrackingSnapshotTests {
  let fixture: TrackingFixture

  init() throws { fixture = try TrackingFixture() }

  @Test func `an empty store has all tables with their columns`() throws {
    let tables = try TrackingSnapshot.tables(fixture.store)
    #expect(tables.map(\.name) == ["runs", "params", "metrics", "model_versions"])
    #expect(tables.allSatisfy { $0.rows.isEmpty && !$0.columns.isEmpty })
    #expect(TrackingSnapshot.columns.map(\.columns) == tables.map(\.columns))
  }

  @Test func `the tables hold what was tracked, with times in seconds`() throws {
    let run = try fixture.startRun(
      lineage: RunLineage(attemptID: 7, task: "+wf+train"),
      params: ["label": "class"]
    )
    try fixture.store.logMetrics(
      [
        Metric("loss", 0.7, step: 1, time: UnixTime(milliseconds: 10_999)),
        Metric("loss", .nan, step: 2, time: UnixTime(milliseconds: 20_000)),
      ],
      on: run.id
    )
    let model = try fixture.register("m", owner: fixture.ada, isShared: true, run: run.id)
    let tables = try TrackingSnapshot.tables(fixture.store)
    let id = Value.string(run.id.text)
    #expect(
      tables[0].rows == [
        [
          id, "income", "train", 1, "ada", "RUNNING", .int(run.startedAt.seconds), nil, nil, nil,
          nil, nil, 7, "+wf+train", nil, nil, nil,
        ]
      ]
    )
    #expect(tables[1].rows == [[id, "label", "class"]])
    #expect(tables[2].rows == [[id, "loss", 1, 10, 0.7, 0], [id, "loss", 2, 20, nil, 1]])
    let uuid = try #require(model.sharedID)
    #expect(
      tables[3].rows == [
        ["ada", "m", 1, id, .string(uuid), .int(model.createdAt.seconds), "{}"]
      ]
    )
  }

  @Test func `every row has a value of its column's kind`() throws {
    let run = try fixture.startRun(params: ["a": 1])
    try fixture.store.finishRun(run.id, .finished, metrics: [Metric("m", 1)])
    try fixture.register("m", owner: fixture.ada)
    for table in try TrackingSnapshot.tables(fixture.store) {
      #expect(table.rows.count == 1, "\(table.name)")
      for (column, value) in zip(table.columns, table.rows[0]) where !value.isNull {
        let kinds = ["integer": "BIGINT", "float": "DOUBLE", "string": "VARCHAR"]
        #expect(kinds[value.kind] == column.kind.rawValue, "\(table.name).\(column.name)")
      }
      #expect(table.rows[0].count == table.columns.count)
    }
  }

  @Test func `only the tables asked for are read`() throws {
    #expect(
      try TrackingSnapshot.tables(fixture.store, named: ["metrics", "other"]).map(\.name)
        == ["metrics"]
    )
  }
}
