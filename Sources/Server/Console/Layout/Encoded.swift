import Access
import Values
import WorkflowEngine

/// The parts of a page's JSON form: numbers of things as text and times as in the API.
enum Encoded {
  static func id(_ number: Int64?) -> Value { number.map { .string("\($0)") } ?? .null }
  static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
  static func texts(_ texts: [String]) -> Value { .array(texts.map(Value.string)) }

  static func time(_ seconds: Double?) -> Value {
    seconds.map { .string(TimeText.text($0)) } ?? .null
  }

  static func time(_ seconds: Int64?) -> Value { time(seconds.map(Double.init)) }
  static func role(_ role: Role?) -> Value { text(role?.rawValue) }
}

/// A project, as far as links to it take.
struct ProjectReference: Sendable, Hashable {
  let id: Int64
  let name: String

  var value: Value { ["id": Encoded.id(id), "name": .string(name)] }
  var link: HTML { Piece.link(name, .project(id)) }

  /// The way to a page of this project.
  var crumbs: [PageHeading.Crumb] {
    [
      PageHeading.Crumb(text: "Projects", address: .home),
      PageHeading.Crumb(text: name, address: .project(id)),
    ]
  }
}

/// An attempt, as far as a list of other things shows it.
struct AttemptReference: Sendable, Hashable {
  let id: Int64
  let status: AttemptStatus

  var value: Value { ["id": Encoded.id(id), "status": .string(status.rawValue)] }

  var html: HTML {
    tag("a", .href(.attempt(id)), .class("chiplink"), .label("attempt \(id), \(status.rawValue)")) {
      Piece.chip(status)
    }
  }
}

/// Newest first, older ones behind a link: the number of the last one shown is the key.
struct Paging: Sendable, Hashable {
  /// nil on the last page.
  var olderThan: Int64?
  /// True when this is not the first page.
  var isLater = false

  var value: Value { ["lastId": Encoded.id(olderThan)] }

  func links(_ address: ConsoleAddress) -> HTML? {
    guard olderThan != nil || isLater else { return nil }
    return tag("nav", .class("paging"), .label("Pages")) {
      if isLater { tag("a", .href(address)) { "Newest" } }
      if let olderThan {
        tag("a", .href(address.query("last_id", "\(olderThan)")), Attribute("rel", "next")) {
          "Older"
        }
      }
    }
  }
}
