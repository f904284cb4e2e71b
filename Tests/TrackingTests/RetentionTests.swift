import Foundation
import TestKit
import Testing
import Tracking
import Values

/// What becomes of stored files with the years.
@Suite struct RetentionTests {
  private let fixture: TrackingFixture
  private var store: TrackingStore { fixture.store }
  /// Later than all that the fixture's clock says.
  private let later = UnixTime(milliseconds: TrackingFixture.start.milliseconds + 86_400_000)

  init() throws { fixture = try TrackingFixture() }

  /// A run with an executed notebook, its HTML and a table; it has ended unless that is not wanted.
  private func trained(ends: Bool = true) throws -> RunID {
    let run = try fixture.startRun().id
    for name in ["notebook.ipynb", "notebook.html", "scores.parquet"] {
      try store.logArtifact(try fixture.folder.write("0123456789", to: name), as: name, on: run)
    }
    if ends { try store.finishRun(run, .finished) }
    return run
  }

  @Test func `notebooks of runs that ended before a time go, other files and models stay`() throws {
    let old = try trained()
    let running = try trained(ends: false)
    let model = try fixture.register("m", owner: fixture.ada, run: old)
    #expect(try store.notebooks(before: TrackingFixture.start).files == 0)
    let found = try store.notebooks(before: later)
    #expect(found.files == 2)
    #expect(found.sizeInBytes == 20)
    #expect(try store.removeNotebooks(before: later) == found)
    #expect(try store.artifactFiles(of: old).map(\.path) == ["scores.parquet"])
    #expect(try store.artifactFiles(of: running).count == 3)
    #expect(try store.folder(of: model).isEmpty == false)
    #expect(try fixture.storedPaths().filter { $0.hasSuffix("notebook.ipynb") }.count == 1)
    #expect(try store.removeNotebooks(before: later).files == 0)
  }

  @Test func `a removal that was cut off between the file and its row is finished the next time`()
    throws
  {
    let old = try trained()
    let file = try store.artifactPath("notebook.html", of: old)
    try FileManager.default.removeItem(atPath: file)
    #expect(try store.removeNotebooks(before: later).files == 2)
    #expect(try store.artifactFiles(of: old).map(\.path) == ["scores.parquet"])
  }

  @Test func `each file that is not what was stored is named`() throws {
    let run = try trained()
    var damage: [TrackingError] = []
    try store.verifyArtifacts { damage.append($0) }
    #expect(damage.isEmpty)
    let file = try store.artifactPath("scores.parquet", of: run)
    try Data("0123456780".utf8).write(to: URL(filePath: file))
    try FileManager.default.removeItem(
      atPath: try store.artifactPath("notebook.html", of: run)
    )
    try store.verifyArtifacts { damage.append($0) }
    #expect(damage.count == 2)
    #expect(damage.first?.message.contains("notebook.html` is missing") == true)
    #expect(damage.last?.message.contains("scores.parquet` is damaged") == true)
  }
}
