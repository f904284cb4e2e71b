import Foundation
import Values
import WorkflowLanguage

/// Files of parameters and secrets, YAML or JSON, and `-p` on the command line.
enum ParameterFile {
  /// - Throws: ``CommandFailure`` `usage` when the file is missing or is no YAML.
  static func load(_ file: String) throws(CommandFailure) -> Value {
    guard let bytes = contents(of: file) else {
      throw CommandFailure(.usage, "`\(file)` cannot be read: no such file, or no permission")
    }
    do {
      return try YAMLDocument.load(text: String(decoding: bytes, as: UTF8.self), file: file)
    } catch {
      throw CommandFailure(.usage, "\(error)")
    }
  }

  /// Also of `/dev/null` and of pipes, which `FileManager` does not read.
  private static func contents(of file: String) -> Data? {
    guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
    do {
      return try handle.readToEnd() ?? Data()
    } catch {
      return nil  // why: a folder, or no permission: the caller says that it cannot be read
    }
  }

  /// Merges `-P` files in order, then `-p key=value` in order; a value of `-p` is text, dots in its key nest.
  static func parameters(files: [String], pairs: [String]) throws(CommandFailure) -> ObjectValue {
    var parameters = ObjectValue()
    for file in files {
      guard case .object(let map) = try load(file) else {
        throw CommandFailure(.usage, "`\(file)` must hold a map of parameters")
      }
      parameters.merge(map)
    }
    for pair in pairs {
      guard let split = pair.firstIndex(of: "="), split != pair.startIndex else {
        throw CommandFailure(.usage, "`-p` takes `name=value`, found `\(pair)`")
      }
      let path = pair[..<split].split(separator: ".", omittingEmptySubsequences: false).map(
        String.init
      )
      parameters.set(.string(String(pair[pair.index(after: split)...])), at: path)
    }
    return parameters
  }
}
