import Foundation
import SQLWarehouse
import Storage
import Tracking
import WorkflowEngine

/// Files that rows name, and files that nothing names.
extension DataCheck {
  func attempts(_ database: SQLDatabase) throws -> [DataFinding] {
    let history = AttemptHistory(database: database)
    let removed = try RetentionMark.logs.time(in: database) ?? -.infinity
    var found: [DataFinding] = []
    let folders = try data.attemptFolders()
    for folder in folders {
      guard try history.attempt(folder) == nil else { continue }
      found.append(
        .note(
          "attempts",
          "`attempts/\(folder)` belongs to no attempt",
          "`tadoru gc` removes it"
        )
      )
    }
    var last: Int64 = 0
    while true {
      let page = try history.begun(after: last, limit: 500)
      guard let end = page.last else { return found }
      last = end.id
      for attempt in page where attempt.finishedAt.map({ $0 >= removed }) ?? true {
        let log = data.project.log(of: attempt.id)
        guard !FileManager.default.fileExists(atPath: log),
          try RetentionMark.logs.time(in: database) ?? -.infinity == removed
        else { continue }
        found.append(
          .damaged(
            "attempts",
            "the log of attempt \(attempt.id) is missing: `\(log)`",
            "put the folder back from a backup; the states and results of its tasks are in the database"
          )
        )
      }
      progress.tick("attempts: at attempt \(last)")
    }
  }

  func artifacts(_ database: SQLDatabase) throws -> [DataFinding] {
    guard try DataSchema.hasTracking(database) else { return [] }
    var found: [DataFinding] = []
    try Wiring.tracking(of: data.project, database: database).verifyArtifacts { error in
      found.append(
        .damaged(
          "artifacts",
          error.message,
          "put the file back from a backup, or run the attempt again that made it"
        )
      )
    }
    return found
  }

  func warehouse() async -> [DataFinding] {
    guard FileManager.default.fileExists(atPath: data.warehouseFile) else { return [] }
    do {
      _ = try await Wiring.warehouse(of: data.project).databases()
      return []
    } catch let error as WarehouseError where error.code == .locked {
      return [.note("warehouse", "not looked at: \(error.message)", "check again later")]
    } catch let error as WarehouseError where error.code == .libraryMissing {
      return [.note("warehouse", "not looked at: \(error.message)", "`tadoru doctor` says how")]
    } catch {
      return [.damaged("warehouse", "\(error)", Self.restore)]
    }
  }

  /// What was left half done, and is in nobody's way.
  func leftovers() throws -> [DataFinding] {
    var found: [DataFinding] = []
    let isServed = try data.isServed
    if !isServed {
      let (files, bytes) = try FileWalk.content(of: data.path + "/workspaces")
      if files > 0 {
        found.append(
          .note(
            "workspaces",
            "\(files) files of tasks that were cut off, \(OperationProgress.size(bytes))",
            "nothing: the next start of the server removes them"
          )
        )
      }
    }
    for (folder, prefix) in [("incoming", ""), ("archives", "."), ("revisions", ".")] {
      let left = try leftovers(in: folder, prefix)
      if left > 0, !isServed || folder != "incoming" {
        found.append(
          .note(folder, "\(left) unfinished files or folders", "`tadoru gc` removes them")
        )
      }
    }
    try FileWalk(root: data.path + "/artifacts/.incoming").forEach { item in
      if item.path.hasSuffix(".lock"), !isServed {
        found.append(
          .note("artifacts", "`.incoming/\(item.path)` was cut off", "`tadoru gc` removes it")
        )
      }
      return false
    }
    try FileWalk(root: data.attempts).forEach { item in
      if item.kind == .file, item.path.hasSuffix(".part"), !isServed {
        found.append(
          .note(
            "attempts",
            "`attempts/\(item.path)` was not finished",
            "nothing: it goes with the files of its attempt"
          )
        )
      }
      return true
    }
    return found
  }

  private func leftovers(in folder: String, _ prefix: String) throws -> Int {
    var count = 0
    try FileWalk(root: data.path + "/" + folder).forEach { item in
      if item.path.hasPrefix(prefix) { count += 1 }
      return false
    }
    return count
  }
}
