import Foundation
import Operators
import SQLWarehouse

/// A query that a project keeps for `td_run>`: a file that says on top what it runs with.
struct SavedQueryFile {
  private let path: String
  private let shown: String

  /// - Throws: ``CommandFailure`` `usage` for a name that cannot be a file's, or that is taken.
  init(name: String, project: String) throws {
    guard !name.isEmpty, !name.hasPrefix("."),
      !name.contains(where: { "/\\".contains($0) || $0.isNewline })
    else {
      throw CommandFailure(.usage, "a saved query needs a name without slashes, found `\(name)`")
    }
    shown = "\(SavedQueries.folder)/\(name).sql"
    path = try LocalProject.found(project).directory + "/" + shown
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        .usage,
        "there is a saved query `\(shown)` already",
        hint: "take another name, or remove the file first"
      )
    }
  }

  func write(_ statement: SQLStatement) throws(CommandFailure) {
    var lines = statement.database.map { ["-- database: \($0)"] } ?? []
    lines.append("-- engine: \(statement.dialect.rawValue)")
    let text = lines.joined(separator: "\n") + "\n" + statement.text
    do {
      try FileManager.default.createDirectory(
        atPath: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
        withIntermediateDirectories: true
      )
      try Data((text.hasSuffix("\n") ? text : text + "\n").utf8).write(
        to: URL(filePath: path),
        options: .atomic
      )
    } catch {
      throw CommandFailure(.failed, "`\(shown)` cannot be written: \(error.localizedDescription)")
    }
    StandardError.line("saved as `\(shown)`")
  }
}
