import Testing
import Tracking
import Values

@Suite struct MetricTests {
  let fixture: TrackingFixture
  let run: RunID
  var store: TrackingStore { fixture.store }

  init() throws {
    fixture = try TrackingFixture()
    run = try fixture.startRun().id
  }

  private func at(_ seconds: Int64) -> UnixTime { UnixTime(milliseconds: seconds * 1_000) }

  @Test func `the history is kept in order and the latest is the greatest step`() throws {
    try store.logMetrics(
      [
        Metric("loss", 0.5, step: 2, time: at(20)), Metric("auc", 0.9, time: at(5)),
        Metric("loss", 0.7, step: 1, time: at(10)),
      ],
      on: run
    )
    try store.logMetrics([Metric("loss", 0.6, step: 1, time: at(11))], on: run)
    #expect(try store.metricHistory("loss", of: run).map(\.value) == [0.7, 0.6, 0.5])
    #expect(
      try store.latestMetrics(of: run)
        == [Metric("auc", 0.9, time: at(5)), Metric("loss", 0.5, step: 2, time: at(20))]
    )
    #expect(try store.metricHistory("other", of: run).isEmpty)
  }

  @Test func `the same point again is one point`() throws {
    let points = [
      Metric("m", 1, step: 1, time: at(1)), Metric("m", .nan, step: 2, time: at(2)),
      Metric("m", 2, step: 3, time: at(3)),
    ]
    try store.logMetrics(points, on: run)
    try store.logMetrics(points, on: run)
    #expect(try store.metricHistory("m", of: run).map(\.step) == [1, 2, 3])
    try store.logMetrics([Metric("m", 5, step: 3, time: at(3))], on: run)
    #expect(try store.metricHistory("m", of: run).map(\.value).suffix(2) == [2, 5])
    #expect(try store.latestMetrics(of: run).map(\.value) == [5])
    try store.logMetrics([Metric("m", 4, step: 3, time: at(3))], on: run)
    #expect(try store.latestMetrics(of: run).map(\.value) == [5])
  }

  @Test(
    arguments: [
      0.1, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
      9_007_199_254_740_991,
    ] as [Double]
  )
  func `every float comes back as it was`(value: Double) throws {
    try store.logMetrics([Metric("m", value, step: .min)], on: run)
    let read = try #require(try fixture.reopened().latestMetrics(of: run).first)
    #expect(read.value.bitPattern == value.bitPattern || (read.value.isNaN && value.isNaN))
    #expect(read.step == .min)
  }

  @Test func `a metric without a time takes the time of logging`() throws {
    try store.logMetrics([Metric("m", 1)], on: run)
    let time = try #require(try store.latestMetrics(of: run).first?.time)
    #expect(time > TrackingFixture.start)
  }

  @Test func `a batch with a bad name logs nothing`() throws {
    #expect(throws: TrackingError.self) {
      try store.logMetrics([Metric("good", 1), Metric("../bad", 1)], on: run)
    }
    #expect(try store.latestMetrics(of: run).isEmpty)
  }
}
