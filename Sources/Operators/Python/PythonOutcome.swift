import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// What the runner of `py>` or `rb>` left in the exchange file.
struct PythonOutcome {
  private let object: ObjectValue
  /// `Python` or `Ruby`, for messages.
  private let language: String

  init(file: String, language: String = "Python") throws(TaskFailure) {
    self.language = language
    guard let data = Self.contents(of: file) else {
      throw TaskFailure(.runtime, "\(language) left no result: the file `\(file)` is gone")
    }
    do {
      object = try JSON.decode(String(decoding: data, as: UTF8.self)).object ?? [:]
    } catch {
      throw TaskFailure(.runtime, "\(language) left no readable result: \(error.message)")
    }
  }

  /// nil where the script put something else in the place of the file, as a link to one of the server's.
  private static func contents(of file: String) -> Data? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    // why: a file that cannot be read tells nothing, as one that is gone
    return try? handle.readToEnd() ?? Data()
  }

  /// True when the runner came to its end.
  var isComplete: Bool { object["store"] != nil }

  /// What is left to the tasks that follow; throws `WorkflowError` for subtasks that are no tasks.
  func result(_ context: TaskContext) throws -> TaskResult {
    let subtasks = object["subtasks"]?.object ?? [:]
    return TaskResult(
      store: object["store"]?.object ?? [:],
      export: object["export"]?.object ?? [:],
      subtasks: subtasks.isEmpty
        ? nil
        : try TaskCompiler.compile(.object(subtasks), name: "^sub", at: context.location)
    )
  }

  /// The failure in words: the exception and its class; the traceback goes to the log.
  func failure(code: Int32) -> TaskFailure {
    var message = "\(language) command failed with code \(code)"
    let error = object["error"]?.object
    if let words = error?["message"]?.string, let type = error?["class"]?.string {
      message += "\nError messages from \(language.lowercased()): \(words) (\(type))"
    }
    return TaskFailure(.runtime, message, detail: error?["traceback"]?.string)
  }
}
