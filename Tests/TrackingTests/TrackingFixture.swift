import Foundation
import Storage
import Synchronization
import TestKit
import Tracking
import Values

/// A store in a folder of its own, with a clock that ticks a second a look and counted ids.
final class TrackingFixture: Sendable {
  let folder: TemporaryFolder
  let database: SQLDatabase
  let store: TrackingStore
  let ada: User
  let bob: User
  private let ticks: Ticks

  /// 2024-01-02T03:04:05Z, from `date -u -d @1704164645`.
  static let start = UnixTime(milliseconds: 1_704_164_645_000)

  final class Ticks: Sendable {
    private let clock = Atomic<Int64>(0)
    private let ids = Atomic<Int64>(0)

    func now() -> UnixTime {
      let tick = clock.add(1, ordering: .relaxed).oldValue
      return UnixTime(milliseconds: TrackingFixture.start.milliseconds + tick * 1_000)
    }

    func id() -> UUID {
      let number = ids.add(1, ordering: .relaxed).newValue
      let bytes = withUnsafeBytes(of: number.bigEndian, Array.init)
      return UUID(
        uuid: (
          0xAB, 0, 0, 0, 0, 0, 0, 0, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5],
          bytes[6], bytes[7]
        )
      )
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    ticks = Ticks()
    database = try SQLDatabase(path: folder.path + "/tadoru.db", durability: .process)
    store = try Self.open(database, folder, ticks)
    ada = try store.user(named: "ada", email: "ada@example.com")
    bob = try store.user(named: "bob")
  }

  /// The store as the next process sees it.
  func reopened() throws -> TrackingStore {
    try Self.open(
      SQLDatabase(path: folder.path + "/tadoru.db", durability: .process),
      folder,
      ticks
    )
  }

  private static func open(
    _ database: SQLDatabase,
    _ folder: TemporaryFolder,
    _ ticks: Ticks
  ) throws -> TrackingStore {
    try TrackingStore(
      database: database,
      artifacts: ArtifactStore(root: folder.path + "/artifacts"),
      clock: ticks.now,
      ids: ticks.id
    )
  }

  func startRun(
    _ name: String = "train",
    lineage: RunLineage = RunLineage(),
    params: ObjectValue = [:]
  ) throws -> Run {
    try store.startRun(
      NewRun(experiment: "income", name: name, user: ada.id, lineage: lineage, params: params)
    )
  }

  /// A folder that looks like a model's.
  func modelFolder(_ name: String = "model", weights: String = "0.25 0.75") throws -> String {
    try folder.write("flavors:\n  python_function: {}\n", to: "\(name)/MLmodel")
    try folder.write(weights, to: "\(name)/data/weights.bin")
    return folder.path + "/" + name
  }

  @discardableResult
  func register(
    _ name: String,
    owner: User,
    isShared: Bool = false,
    run: RunID? = nil
  ) throws -> ModelVersion {
    try store.registerModel(
      NewModelVersion(owner: owner.id, name: name, run: run, isShared: isShared),
      from: modelFolder("source-\(name)")
    )
  }

  /// Every path below the artifact folder, hidden ones too.
  func storedPaths() throws -> [String] {
    let root = folder.path + "/artifacts"
    guard FileManager.default.fileExists(atPath: root) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
  }
}
