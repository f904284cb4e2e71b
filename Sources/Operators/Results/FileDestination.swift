import Foundation
import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// A file on this machine.
///
/// Settings: `path` (relative to the workflow's folder; missing folders are made), and those of `RowFormat`.
struct FileDestination: ResultDestination {
  let path: String
  let format: RowFormat
  private let name: String

  init(_ settings: Parameters, _ context: TaskContext) throws {
    let folder = try settings.text("folder").map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
    name = folder + (try settings.requiredText("path"))
    path = try WorkflowFile(name, context).path
    format = try RowFormat(settings, file: name)
    guard !path.hasSuffix("/") else {
      throw TaskFailure(.config, "`path` must name a file, found the folder `\(name)`")
    }
  }

  /// A file named relative to the workflow's folder.
  init(_ name: String, _ format: RowFormat, _ context: TaskContext) throws {
    self.name = name
    self.format = format
    path = try WorkflowFile(name, context).path
  }

  var shown: String { "the file `\(name)`" }

  func write(_ rows: ResultRows) async throws -> QueryResult {
    do {
      try FileManager.default.createDirectory(
        atPath: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
        withIntermediateDirectories: true
      )
    } catch {
      throw TaskFailure(
        .config,
        "the folder of `\(name)` cannot be made: \(error.localizedDescription)"
      )
    }
    return try await rows.write(to: path, format)
  }
}

extension ResultRows {
  /// Writes the rows to a file, which is replaced only when all of them are there.
  func write(to path: String, _ format: RowFormat) async throws -> QueryResult {
    guard format.kind != .parquet else { return try await writeParquet(to: path) }
    let file = try ResultFile(path: path, format: format, option: "result")
    let result = try await forEachBatch { try file.append($0) }
    try file.finish()
    return result
  }
}
