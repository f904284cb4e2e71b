import Values
import WorkflowEngine

/// Small things that many pages show.
enum Piece {
  /// A name that somebody else chose: it keeps its direction of writing to itself and is cut when it is long.
  static func name(_ text: String, most: Int = 120) -> HTML {
    guard text.count > most else { return tag("bdi") { text } }
    return tag("bdi", .title(String(text.prefix(2000)))) { text.prefix(most) + "…" }
  }

  static func link(_ text: String, _ address: ConsoleAddress, most: Int = 120) -> HTML {
    tag("a", .href(address)) { name(text, most: most) }
  }

  static func title(_ heading: PageHeading, @HTMLBuilder beside: () -> HTML = { .empty }) -> HTML {
    tag("div", .class("title")) {
      tag("div", .class("what")) {
        if let kind = heading.kind { tag("p", .class("kind")) { kind } }
        tag("h1") { name(heading.title) }
      }
      beside()
    }
  }

  /// A part of a page with its heading.
  static func section(
    _ title: String,
    id: String? = nil,
    @HTMLBuilder beside: () -> HTML = { .empty },
    @HTMLBuilder content: () -> HTML
  ) -> HTML {
    tag("section", id.map { .id($0) }) {
      tag("div", .class("head")) {
        tag("h2") { title }
        beside()
      }
      content()
    }
  }

  /// Says that there is nothing, and what to do.
  static func nothing(_ text: String, _ command: String? = nil) -> HTML {
    tag("p", .class("nothing")) {
      text
      if let command {
        " "
        tag("code") { command }
      }
    }
  }

  static func chip(_ status: AttemptStatus?) -> HTML {
    switch status {
    case .running: chip("running", "running")
    case .success: chip("success", "success")
    case .error: chip("error", "error")
    case .killed: chip("killed", "killed")
    case nil: chip("none", "no attempt")
    }
  }

  static func chip(_ state: TaskState) -> HTML { chip(state.tone, state.words) }

  static func chip(_ tone: String, _ text: String) -> HTML {
    tag("span", .class("chip \(tone)")) { text }
  }

  /// Names with what belongs to them.
  static func facts(_ facts: [(String, HTML?)]) -> HTML {
    tag("dl", .class("facts")) {
      for (name, value) in facts {
        if let value {
          tag("div") {
            tag("dt") { name }
            tag("dd") { value }
          }
        }
      }
    }
  }

  /// Parameters as they would be written in JSON, one a line.
  static func values(_ object: ObjectValue) -> HTML {
    tag("dl", .class("values")) {
      for (key, value) in zip(object.keys, object.values) {
        tag("dt") { name(key) }
        tag("dd") { tag("code") { cut(JSON.encode(value), 20_000) } }
      }
    }
  }

  static func cut(_ text: String, _ most: Int) -> String {
    text.utf8.count > most && text.count > most ? text.prefix(most) + "…" : text
  }
}

extension TaskState {
  /// Which colour it has.
  var tone: String {
    switch self {
    case .blocked, .ready: "waiting"
    case .running, .planned: "running"
    case .retryWaiting, .groupRetryWaiting: "retrying"
    case .success: "success"
    case .error, .groupError: "error"
    case .canceled: "killed"
    }
  }

  var words: String {
    switch self {
    case .groupError: "error inside"
    case .retryWaiting, .groupRetryWaiting: "waits to retry"
    case .blocked, .ready, .running, .planned, .success, .error, .canceled: rawValue
    }
  }
}
