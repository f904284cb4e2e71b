import Foundation
import Storage
import Values

/// Files that may be removed, or were.
public struct StoredBytes: Sendable, Hashable {
  public var files = 0
  public var sizeInBytes: Int64 = 0
}

extension TrackingStore {
  private static let pageSize: Int64 = 500

  /// Executed notebooks, and what they look like, of runs that ended before a time.
  public func notebooks(before time: UnixTime) throws -> StoredBytes {
    try read("notebooks") { connection in
      let row = try connection.row(
        "SELECT count(*) AS files, COALESCE(SUM(a.size), 0) AS size FROM " + Self.oldNotebooks,
        [Value(time)]
      )
      return StoredBytes(
        files: Int(row?["files"]?.int ?? 0),
        sizeInBytes: row?["size"]?.int ?? 0
      )
    }
  }

  /// Removes them; runs, metrics and models stay.
  @discardableResult
  public func removeNotebooks(before time: UnixTime) throws -> StoredBytes {
    var removed = StoredBytes()
    while true {
      let rows = try read("notebooks") { connection in
        try connection.rows(
          "SELECT a.folder, a.path, a.size, a.sha256 FROM " + Self.oldNotebooks + " LIMIT $2",
          [Value(time), .int(Self.pageSize)]
        )
      }
      guard !rows.isEmpty else { return removed }
      for row in rows { try remove(Record(row), &removed) }
    }
  }

  /// The file before its row: what is cut off in between is found by its row the next time.
  private func remove(_ record: Record, _ removed: inout StoredBytes) throws {
    let (folder, path) = (try record.text("folder"), try record.text("path"))
    let size = try record.integer("size")
    try artifacts.remove(try artifacts.path(of: folder + "/" + path))
    try write("artifact `\(path)`") { connection in
      try connection.execute(
        "DELETE FROM artifacts WHERE folder = $1 AND path = $2",
        [.string(folder), .string(path)]
      )
    }
    removed.files += 1
    removed.sizeInBytes += size
  }

  private static let oldNotebooks = """
    runs r JOIN artifacts a ON a.folder = r.experiment_id || '/' || r.uuid || '/artifacts'
    WHERE a.path IN ('notebook.ipynb', 'notebook.html') AND COALESCE(r.end_time, r.start_time) < $1
      AND r.status <> 'RUNNING'
    """

  /// Reads every stored file and compares it with its record; hands over why one is not what was stored.
  ///
  /// What is replaced or removed meanwhile is no damage.
  public func verifyArtifacts(_ damage: (TrackingError) -> Void) throws {
    var last = ("", "")
    while true {
      let rows = try read("artifacts") { connection in
        try connection.rows(
          """
          SELECT folder, path, size, sha256 FROM artifacts
          WHERE folder > $1 OR (folder = $1 AND path > $2) ORDER BY folder, path LIMIT $3
          """,
          [.string(last.0), .string(last.1), .int(Self.pageSize)]
        )
      }
      guard !rows.isEmpty else { return }
      for row in rows {
        last = (try Record(row).text("folder"), try Record(row).text("path"))
        if let error = try fault(of: last.1, at: last.0, row) { damage(error) }
      }
    }
  }

  private func fault(
    of path: String,
    at folder: String,
    _ row: ObjectValue
  ) throws
    -> TrackingError?
  {
    let record = Record(row)
    let file = ArtifactFile(
      path: path,
      sizeInBytes: try record.integer("size"),
      sha256: try record.text("sha256")
    )
    do {
      _ = try artifacts.verified([file], at: folder)
      return nil
    } catch let error as TrackingError {
      let now = try read("artifacts") { try Self.files(at: folder, $0) }
      return now.contains(file) ? error : nil
    }
  }
}
