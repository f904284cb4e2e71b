import Foundation
import SQLWarehouse
import Values
import WorkflowEngine

/// Writes rows as CSV: a header, CRLF, quotes where needed, an empty field for null (RFC 4180).
///
/// The rows go to a file beside the target, which takes its place only when all of them are there.
struct CSVFile: ~Copyable {
  private let path: String
  private let handle: FileHandle
  private var hasHeader = false

  /// - Throws: ``TaskFailure`` when the folder does not exist or cannot be written to.
  init(path: String) throws(TaskFailure) {
    self.path = path
    let part = path + ".part"
    guard FileManager.default.createFile(atPath: part, contents: nil),
      let handle = FileHandle(forWritingAtPath: part)
    else { throw TaskFailure(.config, "`download_file` cannot be written: \(path)") }
    self.handle = handle
  }

  // What was not finished is not left behind; after `finish` there is nothing to remove.
  deinit { unlink(path + ".part") }

  mutating func append(_ batch: RowBatch) throws {
    var text = ""
    if !hasHeader { text += Self.line(batch.columns.map { .string($0.name) }) }
    hasHeader = true
    for row in batch.rows { text += Self.line(row) }
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      // On a full disk the space is needed at once, to remember how the task ended.
      ftruncate(handle.fileDescriptor, 0)
      throw TaskFailure(.runtime, "`\(path)` cannot be written: \(error.localizedDescription)")
    }
  }

  /// Puts the file in its place.
  consuming func finish() throws {
    try handle.close()
    guard rename(path + ".part", path) == 0 else {
      throw TaskFailure(
        .runtime,
        "`\(path)` cannot be replaced: \(String(cString: strerror(errno)))"
      )
    }
  }

  static func line(_ row: [Value]) -> String {
    row.map { field($0.isNull ? "" : $0.text) }.joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
    guard text.utf8.contains(where: special.contains) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
