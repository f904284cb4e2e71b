import Foundation
import WorkflowEngine

/// A folder that takes messages when there is no mail server, so that nothing is lost and nothing is claimed as sent.
struct MailOutbox: Sendable {
  let directory: String

  /// Writes a message as `<name>.eml` and returns its path.
  ///
  /// - Throws: ``TaskFailure`` when the folder cannot be written to.
  func keep(_ mime: [UInt8], named name: String) throws(TaskFailure) -> String {
    let folder = URL(filePath: directory, directoryHint: .isDirectory)
    let file = folder.appending(path: name + ".eml")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(mime).write(to: file, options: .atomic)
    } catch {
      throw TaskFailure(
        .runtime,
        "the mail could not be kept in `\(directory)`: \(error.localizedDescription)"
      )
    }
    return file.standardizedFileURL.path(percentEncoded: false)
  }
}
