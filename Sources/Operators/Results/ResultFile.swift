import Foundation
import SQLWarehouse
import Values
import WorkflowEngine

/// A file of rows in the making.
///
/// The rows go to a file beside the target, which takes its place only when all of them are there.
final class ResultFile {
  let path: String
  private let handle: FileHandle
  private var encoder: RowEncoder
  private var packer: GzipStream?

  /// - Parameters:
  ///   - path: where the file will be.
  ///   - format: anything but Parquet.
  ///   - option: the option that names the file, for messages.
  /// - Throws: ``TaskFailure`` when the folder does not exist or cannot be written to.
  init(path: String, format: RowFormat, option: String) throws(TaskFailure) {
    self.path = path
    let part = path + ".part"
    guard FileManager.default.createFile(atPath: part, contents: nil),
      let handle = FileHandle(forWritingAtPath: part)
    else { throw TaskFailure(.config, "`\(option)` cannot be written: \(path)") }
    self.handle = handle
    encoder = RowEncoder(format)
    packer = format.isPacked ? try GzipStream() : nil
  }

  // What was not finished is not left behind; after `finish` there is nothing to remove.
  deinit { unlink(path + ".part") }

  func append(_ batch: RowBatch) throws { try write(encoder.encode(batch)) }

  /// Puts the file in its place.
  func finish() throws {
    try write(encoder.end(), isLast: true)
    try handle.close()
    guard rename(path + ".part", path) == 0 else {
      throw TaskFailure(
        .runtime,
        "`\(path)` cannot be replaced: \(String(cString: strerror(errno)))"
      )
    }
  }

  private func write(_ bytes: [UInt8], isLast: Bool = false) throws {
    let ready = packer?.pack(bytes, isLast: isLast) ?? bytes
    guard !ready.isEmpty else { return }
    do {
      try handle.write(contentsOf: Data(ready))
    } catch {
      // On a full disk the space is needed at once, to remember how the task ended.
      ftruncate(handle.fileDescriptor, 0)
      throw TaskFailure(.runtime, "`\(path)` cannot be written: \(error.localizedDescription)")
    }
  }
}
