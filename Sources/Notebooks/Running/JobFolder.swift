import Foundation
import Values

/// The files of one run inside its work folder.
struct JobFolder {
  let path: String

  var job: String { "\(path)/job.json" }
  var outcome: String { "\(path)/outcome.json" }
  var executedNotebook: String { "\(path)/notebook.ipynb" }
  var html: String { "\(path)/notebook.html" }
  var output: String { "\(path)/output" }
  var result: String { "\(output)/result.json" }
  /// Home, caches and temporary files: of no use after the run.
  var scratch: String { "\(path)/scratch" }

  /// Makes the folders and writes the description of the job; leftovers of an earlier try are removed.
  func prepare(_ description: Value) throws(NotebookError) {
    do {
      let files = FileManager.default
      for stale in [outcome, executedNotebook, html, output, scratch]
      where files.fileExists(atPath: stale) {
        try files.removeItem(atPath: stale)
      }
      for folder in [output, "\(scratch)/home", "\(scratch)/tmp"] {
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try JSON.encode(description, pretty: true)
        .write(toFile: job, atomically: true, encoding: .utf8)
    } catch {
      throw NotebookError(
        Self.isDiskFull(error) ? .diskFull : .runnerFailed,
        "cannot write to the notebook's work folder `\(path)`: \(error.localizedDescription)",
        cause: error
      )
    }
  }

  /// Removes what is of no use after the run.
  func clean() {
    // why: left-over caches must not turn a finished run into a failure
    try? FileManager.default.removeItem(atPath: scratch)
  }

  /// True for a file that is itself there: code in the notebook may leave a link in its place, which leads anywhere.
  func isPlain(_ file: String) -> Bool {
    var status = stat()
    return lstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The object in a JSON file; nil where there is no such file.
  func read(_ file: String) throws(NotebookError) -> ObjectValue? {
    guard isPlain(file), let data = FileManager.default.contents(atPath: file) else { return nil }
    do {
      if let object = try JSON.decode(utf8: Array(data)).object { return object }
    } catch {
      throw NotebookError(.runnerFailed, "`\(file)` is no JSON: \(error)", cause: error)
    }
    throw NotebookError(.runnerFailed, "`\(file)` must hold a JSON object")
  }

  private static func isDiskFull(_ error: any Error) -> Bool {
    (error as? CocoaError)?.code == .fileWriteOutOfSpace
  }
}
