import WorkflowEngine

/// Why PostgreSQL, or the way to it, refused.
struct PostgreSQLFailure: Error, Sendable, CustomStringConvertible {
  /// SQLSTATE, five characters; nil when the error is not the server's.
  let state: String?
  /// The server's sentence, or ours about the connection.
  let message: String
  /// What the server adds: detail and hint.
  var remarks: [String] = []
  /// Where in the statement's text, counted in characters from 1.
  var position: Int?

  init(state: String? = nil, _ message: String, remarks: [String] = [], position: Int? = nil) {
    self.state = state
    self.message = message
    self.remarks = remarks
    self.position = position
  }

  /// `message; detail; hint (SQLSTATE 42P01)`.
  var description: String {
    ([message] + remarks).joined(separator: "; ") + (state.map { " (SQLSTATE \($0))" } ?? "")
  }

  /// True for what another try may not meet again: connections, restarts, deadlocks, serialization.
  var isPassing: Bool {
    guard let state else { return true }
    return ["08", "40", "53", "57P"].contains { state.hasPrefix($0) }
  }

  /// Classes of errors that are in the statement or the options, not in the data or the server.
  private static let authorClasses = ["0A", "25", "28", "3D", "3F", "42"]

  var taskFailure: TaskFailure { taskFailure(in: nil, text: "", skipping: 0) }

  /// The failure with its place in the user's own text, in front of which `skipped` characters were sent; `name` is the
  /// text's file.
  func taskFailure(in name: String?, text: String, skipping skipped: Int) -> TaskFailure {
    let isAuthors = state.map { Self.authorClasses.contains(String($0.prefix(2))) } ?? false
    let place = place(in: text, skipping: skipped)
    let start: String
    switch (name, place) {
    case (let name?, let place?): start = "\(name):\(place.line):\(place.column): "
    case (let name?, nil): start = "\(name): "
    case (nil, let place?): start = "query line \(place.line):\(place.column): "
    case (nil, nil): start = ""
    }
    return TaskFailure(isAuthors ? .config : .runtime, start + "PostgreSQL: " + description)
  }

  private func place(in text: String, skipping skipped: Int) -> (line: Int, column: Int)? {
    let characters = text.unicodeScalars
    guard let position, position > skipped, position - skipped <= characters.count + 1 else {
      return nil
    }
    let before = characters.prefix(position - skipped - 1)
    let line = before.count { $0 == "\n" } + 1
    let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
    return (line, before.distance(from: start, to: before.endIndex) + 1)
  }
}
