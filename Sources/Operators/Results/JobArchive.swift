import Foundation
import SQLWarehouse
import Synchronization
import Values
import WorkflowEngine

/// A query that ran: what is needed to have its result again.
struct JobRecord: Sendable {
  let id: Int64
  let taskName: String
  let statement: SQLStatement
  /// All rows, when they were few and of plain types; nil when the query must run again.
  var rows: QueryResult?
  /// Rows of the result.
  let rowCount: Int
  /// The table that the rows went to instead.
  var table: String?
}

/// The last queries of a project, one file each.
///
/// Results of up to ``mostRows`` rows are kept as they were; of larger ones the statement is kept.
final class JobArchive: Sendable {
  /// The longest result whose rows are kept.
  static let mostRows = 2000
  /// The largest file, in bytes; rows that need more are not kept.
  static let mostBytes = 2 << 20
  /// How many jobs are remembered.
  static let mostJobs = 500

  private let folder: String?
  private let kept = Mutex(0)

  /// - Parameter folder: made on demand; nil keeps nothing.
  init(folder: String?) { self.folder = folder }

  /// Remembers a job; forgets the oldest when there are too many.
  func keep(_ job: JobRecord) throws {
    guard let folder else { return }
    var text = JSON.encode(.object(Self.object(job)))
    if text.utf8.count > Self.mostBytes {
      var short = job
      short.rows = nil
      text = JSON.encode(.object(Self.object(short)))
    }
    try FileManager.default.createDirectory(
      atPath: folder,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(job.id).json"), options: .atomic)
    let isDue = kept.withLock { count in
      defer { count += 1 }
      return count.isMultiple(of: 50)
    }
    if isDue { try forget(beyond: Self.mostJobs, in: folder) }
  }

  /// Remembers a job whose query has succeeded, so that trouble here is no failure of its task.
  func remember(_ job: JobRecord, _ output: TaskOutput) {
    do {
      try keep(job)
    } catch {
      output.warn("job \(job.id) cannot be exported later, it was not kept: \(error)")
    }
  }

  /// A job by its number; nil when it is not remembered.
  func job(_ id: Int64) throws -> JobRecord? {
    guard let folder, let bytes = FileManager.default.contents(atPath: "\(folder)/\(id).json")
    else { return nil }
    guard let object = try JSON.decode(utf8: Array(bytes)).object else { return nil }
    return Self.record(object)
  }

  private func forget(beyond limit: Int, in folder: String) throws {
    let numbers = try FileManager.default.contentsOfDirectory(atPath: folder)
      .compactMap { $0.hasSuffix(".json") ? Int64($0.dropLast(5)) : nil }.sorted()
    for number in numbers.dropLast(limit) {
      // why: another process may have done it
      try? FileManager.default.removeItem(atPath: "\(folder)/\(number).json")
    }
  }

  /// Types whose values JSON and CSV carry without loss.
  private static func isPlain(_ column: TableColumn) -> Bool {
    !["[", "STRUCT", "MAP", "UNION", "BLOB", "BIT"].contains { column.type.contains($0) }
  }

  private static func object(_ job: JobRecord) -> ObjectValue {
    let statement = job.statement
    var object: ObjectValue = [
      "id": .int(job.id), "task": .string(job.taskName), "query": .string(statement.text),
      "dialect": .string(statement.dialect.rawValue),
      "scheduled_time": .int(statement.session.scheduledTime),
      "row_count": .int(Int64(job.rowCount)),
    ]
    object["database"] = statement.database.map { .string($0) }
    object["table"] = job.table.map { .string($0) }
    if let rows = job.rows, !rows.truncated, !rows.columns.isEmpty, rows.rowCount <= mostRows,
      rows.columns.allSatisfy(isPlain)
    {
      object["columns"] = .array(rows.columns.map { [.string($0.name), .string($0.type)] })
      object["rows"] = .array(rows.rows.map { .array($0) })
    }
    return object
  }

  private static func record(_ object: ObjectValue) -> JobRecord? {
    guard let id = object["id"]?.int, let text = object["query"]?.string,
      let dialect = object["dialect"]?.string.flatMap(SQLDialect.init(rawValue:)),
      let time = object["scheduled_time"]?.int, let count = object["row_count"]?.int
    else { return nil }
    var job = JobRecord(
      id: id,
      taskName: object["task"]?.string ?? "",
      statement: SQLStatement(
        text: text,
        dialect: dialect,
        database: object["database"]?.string,
        session: QuerySession(scheduledTime: time)
      ),
      rowCount: Int(count),
      table: object["table"]?.string
    )
    if let columns = object["columns"]?.array, let rows = object["rows"]?.array {
      job.rows = QueryResult(
        columns: columns.map {
          TableColumn(name: $0.array?.first?.string ?? "", type: $0.array?.last?.string ?? "")
        },
        rows: rows.map { $0.array ?? [] },
        rowCount: rows.count
      )
    }
    return job
  }
}
