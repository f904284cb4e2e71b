import Foundation
import WorkflowEngine

/// The folder of one run of a notebook inside its attempt's: the notebook and its page stay there.
struct NotebookFolder {
  let path: String

  /// The input table.
  var input: String { "\(path)/input.parquet" }

  /// Makes `notebooks/<task>` in the attempt's folder, with a number behind it for every try after the first.
  ///
  /// - Throws: ``TaskFailure`` `runtime`.
  init(attempt: String, task: String) throws {
    let parent = "\(attempt)/notebooks"
    let files = FileManager.default
    do {
      try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
      let name = Self.safe(task)
      var number = 1
      var path = "\(parent)/\(name)"
      while files.fileExists(atPath: path) {
        number += 1
        path = "\(parent)/\(name)~\(number)"
      }
      try files.createDirectory(atPath: path, withIntermediateDirectories: false)
      self.path = path
    } catch {
      throw TaskFailure(
        .runtime,
        "no folder for the notebook could be made in `\(parent)`: \(error.localizedDescription)"
      )
    }
  }

  /// The task's name as a name of a folder.
  static func safe(_ task: String) -> String {
    let letters = task.unicodeScalars.prefix(120).map { letter -> Character in
      let isPlain =
        letter.isASCII && (letter.properties.isAlphabetic || letter.properties.numericType != nil)
      return isPlain || "+-_.=^".unicodeScalars.contains(letter) ? Character(letter) : "_"
    }
    let name = String(letters)
    return name.isEmpty || name.hasPrefix(".") ? "_" + name : name
  }

  /// True when the notebook's process found no room to write how it ended: the file was made and stayed empty.
  var ranOutOfRoom: Bool {
    // why: where there is no such file, the process ended in another way
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/outcome.json")
    return (attributes?[.size] as? NSNumber)?.int64Value == 0
  }

  /// What was executed so far; nil when there is nothing.
  var executedNotebook: String? {
    let file = "\(path)/notebook.ipynb"
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }

  /// Removes the large files that can be had again, or that nobody can use.
  func removeInputs() { remove(["input.parquet", "output/training"]) }

  /// Removes what has been stored elsewhere by now.
  func removeStoredResults() { remove(["output/model", "output/predictions.parquet"]) }

  private func remove(_ names: [String]) {
    for name in names {
      // why: a file that stays costs room on the disk, not the result
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }
}
