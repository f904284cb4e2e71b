import Foundation
import SQLWarehouse
import Storage
import Values
import WorkflowEngine

/// Copies a data folder while its server goes on.
///
/// The database first, at one moment; what its rows name is in the folders by then and is copied afterwards.
struct Backup {
  /// Folders that cannot be made again.
  private static let folders = ["archives", "artifacts", "attempts", "jobs", "outbox"]
  /// How long a long statement may keep the warehouse.
  private static let patience = Duration.seconds(3600)

  /// What was written.
  struct Report {
    let place: String
    let files: Int
    let bytes: Int64
    let hasKey: Bool
    /// What is no file and was left out.
    var leftOut: [String] = []

    var value: ObjectValue {
      [
        "backup": .string(place), "files": .int(Int64(files)), "bytes": .int(bytes),
        "has_key": .bool(hasKey), "left_out": .array(leftOut.map { .string($0) }),
      ]
    }
  }

  let data: DataPlace
  let withKey: Bool
  let progress: OperationProgress

  /// - Parameter out: a folder that does not exist yet.
  /// - Returns: what was written.
  /// - Throws: ``CommandFailure`` `usage`, `failed`, and `StorageError`; nothing is left at the place then.
  func write(to out: String) async throws -> Report {
    let place = LocalProject(out).directory
    try check(place)
    let lock = try data.reserved()
    defer { withExtendedLifetime(lock) {} }
    let draft = try DraftFolder(for: place)
    let manifest = try BackupManifestWriter(
      draft.path + "/" + BackupManifest.name,
      BackupManifest.Head(
        version: Version.number,
        createdAt: TimeText.text(Wiring.now()),
        hasKey: withKey
      )
    )
    let newest = try copyDatabase(to: draft, manifest)
    try await copyWarehouse(to: draft, manifest)
    var leftOut: [String] = []
    for folder in Self.folders {
      leftOut += try copy(folder, newest: newest, to: draft, manifest)
    }
    if withKey { _ = try copy(file: "secret.key", to: draft, manifest) }
    try manifest.finish()
    try draft.keep()
    return Report(
      place: place,
      files: manifest.files,
      bytes: manifest.bytes,
      hasKey: withKey,
      leftOut: leftOut
    )
  }

  private func check(_ place: String) throws {
    guard FileStatus(path: place) == nil else {
      throw CommandFailure(
        .usage,
        "`\(place)` exists already",
        hint: "name a folder that does not exist yet"
      )
    }
    guard !(place + "/").hasPrefix(data.path + "/") else {
      throw CommandFailure(.usage, "`\(place)` lies in the data folder itself")
    }
    guard withKey, !FileManager.default.fileExists(atPath: data.path + "/secret.key") else {
      return
    }
    throw CommandFailure(
      .usage,
      "there is no `secret.key` in `\(data.path)`",
      hint:
        "keep a copy of what TADORU_SECRET_KEY or TADORU_SECRET_KEY_FILE holds, and leave --with-key out"
    )
  }

  /// Gives the number of the newest attempt in the copy.
  private func copyDatabase(to draft: DraftFolder, _ manifest: BackupManifestWriter) throws -> Int64
  {
    let copy = draft.path + "/tadoru.db"
    try SQLDatabase.reading(path: data.databaseFile).snapshot(to: copy)
    try add("tadoru.db", at: copy, manifest)
    return try AttemptHistory(database: .reading(path: copy)).attempts(limit: 1).first?.id ?? 0
  }

  private func copyWarehouse(
    to draft: DraftFolder,
    _ manifest: BackupManifestWriter
  ) async throws {
    guard FileManager.default.fileExists(atPath: data.warehouseFile) else { return }
    let copy = draft.path + "/warehouse.duckdb"
    do {
      try await Wiring.warehouse(of: data.project, wait: Self.patience).snapshot(to: copy)
    } catch let error as WarehouseError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
    guard chmod(copy, 0o600) == 0 else { throw FileDigest.failure(copy, "written") }
    try add("warehouse.duckdb", at: copy, manifest)
  }

  private func add(_ name: String, at copy: String, _ manifest: BackupManifestWriter) throws {
    guard let digest = try FileDigest(of: copy) else { throw FileDigest.failure(copy, "read") }
    try manifest.add(BackupManifest.Entry(path: name, content: .file(digest)))
    progress.note("\(name): \(OperationProgress.size(digest.sizeInBytes))")
  }

  /// Copies a folder; gives what was left out.
  private func copy(
    _ folder: String,
    newest: Int64,
    to draft: DraftFolder,
    _ manifest: BackupManifestWriter
  ) throws -> [String] {
    let (files, bytes) = (manifest.files, manifest.bytes)
    var leftOut: [String] = []
    func said() -> String {
      "\(folder): \(manifest.files - files) files, \(OperationProgress.size(manifest.bytes - bytes))"
    }
    try FileWalk(root: data.path + "/" + folder).forEach { item in
      guard isKept(item.path, of: folder, newest) else { return false }
      let name = folder + "/" + item.path
      switch item.kind {
      case .folder: return true
      case .file: try copy(file: name, to: draft, manifest)
      case .link: try copy(link: name, to: draft, manifest)
      case .other: leftOut.append(name)
      }
      progress.tick(said())
      return true
    }
    progress.note(said())
    return leftOut
  }

  /// Not what is half written, nor attempts that the copied database does not know: their numbers are given again.
  private func isKept(_ path: String, of folder: String, _ newest: Int64) -> Bool {
    if path.hasPrefix(".") { return false }
    guard folder == "attempts" else { return true }
    return path.split(separator: "/").first.flatMap { Int64($0) }.map { $0 <= newest } ?? false
  }

  private func copy(
    file name: String,
    to draft: DraftFolder,
    _ manifest: BackupManifestWriter
  ) throws {
    let source = data.path + "/" + name
    let target = try draft.file(name, asIn: data.path)
    // What its task has removed meanwhile is not missing.
    guard let digest = try FileDigest(copying: source, to: target) else { return }
    try manifest.add(BackupManifest.Entry(path: name, content: .file(digest)))
  }

  private func copy(
    link name: String,
    to draft: DraftFolder,
    _ manifest: BackupManifestWriter
  ) throws {
    let target: String
    do {
      target = try FileManager.default.destinationOfSymbolicLink(atPath: data.path + "/" + name)
    } catch {
      return  // why: removed meanwhile, as above
    }
    try draft.link(name, to: target, asIn: data.path)
    try manifest.add(BackupManifest.Entry(path: name, content: .link(target)))
  }
}
