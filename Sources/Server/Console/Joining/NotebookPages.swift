import Foundation
import Values
import WorkflowEngine

/// The pages of the notebooks that an attempt executed: `notebooks/<task>/notebook.html` in its folder.
struct NotebookPages: Sendable {
  private static let page = "notebook.html"

  private let attempt: Int64
  /// The names of the folders: a task's, with `~` and a number behind it for every try after the first.
  private let folders: Set<String>

  init(of attempt: Int64, _ rooms: Rooms) throws {
    self.attempt = attempt
    let folder = rooms.inputs.notebookFolder(attempt)
    let exists = FileManager.default.fileExists(atPath: folder)
    folders = exists ? Set(try FileManager.default.contentsOfDirectory(atPath: folder)) : []
  }

  /// The page of a task's notebook, below the folder `notebooks`; nil when it executed none.
  ///
  /// A task that failed stored no address: its last try is found by its name.
  func page(of task: TaskSummary) -> String? {
    guard !folders.isEmpty else { return nil }
    let stored = task.store["automl"]?.object?["last_executed_notebook"]?.string
    if let stored, let path = Self.path(in: stored, of: attempt) { return path }
    guard folders.contains(task.fullName) else { return nil }
    var last = task.fullName
    var number = 2
    while folders.contains("\(task.fullName)~\(number)") {
      last = "\(task.fullName)~\(number)"
      number += 1
    }
    return last + "/" + Self.page
  }

  /// What follows `/attempts/N/notebooks/` in an address, whatever server or folder it begins with.
  static func path(in address: String, of attempt: Int64) -> String? {
    guard let range = address.firstRange(of: "/attempts/\(attempt)/notebooks/") else { return nil }
    let path = String(address[range.upperBound...])
    return path.isEmpty ? nil : path.removingPercentEncoding
  }
}

extension Rooms.Inputs {
  /// Where the notebooks of an attempt are.
  func notebookFolder(_ attempt: Int64) -> String { attemptFolder(attempt) + "/notebooks" }
}

/// Loads the page of an executed notebook, and the document in its frame.
struct NotebookLoading: Sendable {
  /// Of a document that is cleaned and shown.
  static let mostBytes = 32 << 20

  let rooms: Rooms

  func page(_ request: ConsoleRequest) throws -> NotebookPage {
    let attempt = try rooms.attempt(numbered: request.id)
    let path = request.path["path"] ?? ""
    let file = try open(attempt.id, path)
    let pages = try NotebookPages(of: attempt.id, rooms)
    let task = try rooms.history.tasks(of: attempt.id).first { pages.page(of: $0) == path }
    return NotebookPage(
      attempt: AttemptReference(attempt),
      project: ProjectReference(attempt),
      workflow: attempt.workflow,
      timezone: attempt.timezone,
      sessionTime: attempt.sessionTime,
      task: task?.fullName ?? path.split(separator: "/").first.map(String.init) ?? path,
      path: path,
      source: source(attempt.id, path),
      executedAt: file.modifiedAt,
      sizeInBytes: file.size,
      executedBy: try AccountNames(rooms)[attempt.account]
    )
  }

  /// The cleaned document.
  func document(_ attempt: Int64, _ path: String) throws -> String {
    let file = try open(attempt, path)
    guard file.size <= Int64(Self.mostBytes) else {
      throw ServerError(
        .tooLarge,
        "the notebook has more than \(Self.mostBytes >> 20) MB and is not shown",
        hint: "its page has the `.ipynb`"
      )
    }
    return NotebookDocument.text(HTMLSanitiser.clean(try file.beginning(Self.mostBytes)))
  }

  private func open(_ attempt: Int64, _ path: String) throws -> ServedFile {
    guard path.hasSuffix(".html") else { throw Missing.object("notebook", path) }
    return try ServedFile(below: rooms.inputs.notebookFolder(attempt), path)
  }

  /// The notebook beside its page, below the folder of the attempt.
  private func source(_ attempt: Int64, _ path: String) -> String? {
    let source = "notebooks/" + path.dropLast(".html".count) + ".ipynb"
    do {
      _ = try ServedFile(below: rooms.inputs.attemptFolder(attempt), source)
      return source
    } catch {
      return nil  // a page may be all that was kept
    }
  }
}
