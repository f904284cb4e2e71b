import Foundation
import SQLWarehouse
import Values
import WorkflowEngine

/// A query that a project keeps under a name: `queries/saved/NAME.sql`.
///
/// Comment lines on top say what it runs with, as `-- database: shop`; known are `id`, `database`, `engine`.
struct SavedQuery: Sendable {
  static let folder = SavedQueries.folder

  let name: String
  let text: String
  /// What `td_run>` may name it by instead; a file whose name is a number has that.
  let id: Int64?
  let database: String?
  let engine: SQLDialect?

  var file: String { "\(Self.folder)/\(name).sql" }

  init(name: String, text: String) throws(TaskFailure) {
    self.name = name
    self.text = text
    var notes: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard line.hasPrefix("--") else { break }
      let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { notes[parts[0].lowercased()] = parts[1] }
    }
    let place = "\(Self.folder)/\(name).sql"
    id =
      try notes["id"].map { text throws(TaskFailure) in
        guard let number = Int64(text) else {
          throw TaskFailure(.config, "\(place): `id` must be a number, found `\(text)`")
        }
        return number
      } ?? Int64(name)
    database = notes["database"]
    engine = try notes["engine"].map { text throws(TaskFailure) in
      guard let dialect = SQLDialect(rawValue: text) else {
        throw TaskFailure(.config, "\(place): `engine` must be presto or hive, found `\(text)`")
      }
      return dialect
    }
  }

  /// The query that an id or a name means.
  ///
  /// - Throws: ``TaskFailure`` that lists the known ones and says how to save one.
  static func find(
    _ wanted: String,
    in projectDirectory: String,
    within policy: FilePolicy = .open
  ) throws -> SavedQuery {
    let directory = projectDirectory + "/" + folder
    // why: a project without the folder has no saved queries
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let names = files.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
    func load(_ name: String) throws -> SavedQuery {
      let path = try policy.confined(
        "\(directory)/\(name).sql",
        writtenAs: "\(folder)/\(name).sql",
        to: projectDirectory
      )
      let bytes = FileManager.default.contents(atPath: path) ?? Data()
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw TaskFailure(.config, "file `\(folder)/\(name).sql` is not UTF-8 text")
      }
      return try SavedQuery(name: name, text: text)
    }
    if names.contains(wanted) { return try load(wanted) }
    if let id = Int64(wanted) {
      let found = try names.map(load).filter { $0.id == id }
      if let query = found.first, found.count == 1 { return query }
      if found.count > 1 {
        throw TaskFailure(
          .config,
          "several saved queries have the id \(id): \(found.map { "`\($0.file)`" }.joined(separator: ", "))"
        )
      }
    }
    let near = Suggestion.slip(wanted, of: names).map { "; did you mean `\($0)`?" } ?? ""
    let known =
      names.isEmpty
      ? "none is saved yet" : "saved are \(names.map { "`\($0)`" }.joined(separator: ", "))"
    throw TaskFailure(
      .config,
      "there is no saved query `\(wanted)`\(near); save one as `\(folder)/NAME.sql`, or with "
        + "`tadoru query SQL --save NAME`; \(known)"
    )
  }
}

/// Where a project keeps its saved queries.
public enum SavedQueries {
  /// Relative to the project's folder.
  public static let folder = "queries/saved"
}
