import Access
import Values
import WorkflowEngine

extension AttemptPage {
  func content(_ frame: PageFrame) -> HTML {
    var all = tag("div", .id("head")) {
      Piece.title(heading) { actions(frame) }
      facts(frame)
      if !header.parameters.isEmpty {
        tag("details", .class("fold")) {
          tag("summary") { "Parameters (\(header.parameters.count))" }
          Piece.values(header.parameters)
        }
      }
    }
    all.append(TaskSection(page: self, now: frame.now).html)
    all.append(logSection)
    return tag(
      "div",
      .id("attempt"),
      .data("attempt", "\(header.id)"),
      .data("running", header.isRunning ? "true" : "false"),
      .data("tasks", "\(tasks.count)")
    ) { all }
  }

  private func facts(_ frame: PageFrame) -> HTML {
    Piece.facts([
      ("Status", tag("span", .id("status")) { status }),
      ("Session", Moment.html(header.sessionTime, zone: header.timezone, now: frame.now)),
      (
        "Duration",
        tag("span", .id("duration"), .data("since", "\(header.createdAt)")) {
          Elapsed.html(header.createdAt, header.finishedAt, now: frame.now)
        }
      ),
      ("Started", Moment.html(header.createdAt, zone: header.timezone, now: frame.now)),
      ("By", header.startedBy.map { Piece.name($0, most: 60) }),
      (
        "Revision",
        header.revision.map {
          Piece.link($0.name, .revision(header.project.id, $0.id), most: 40)
        }
      ),
      ("Attempts", others),
    ])
  }

  private var status: HTML {
    guard header.isRunning, header.killRequestedAt != nil else { return Piece.chip(header.status) }
    return Piece.chip("retrying", "is being killed")
  }

  /// The other attempts of the session.
  private var others: HTML? {
    guard header.attemptsOfSession.count > 1 else { return nil }
    return tag("span", .class("row")) {
      for other in header.attemptsOfSession.suffix(8) {
        tag("a", .href(.attempt(other.id)), .current(if: other.id == header.id)) { "#\(other.id)" }
      }
    }
  }

  private func actions(_ frame: PageFrame) -> HTML? {
    guard frame.may(.runner, in: header.project.id) else { return nil }
    let address = ConsoleAddress.attempt(header.id)
    return tag("div", .class("actions")) {
      if header.isRunning {
        Form.post(
          address.below("kill"),
          frame,
          class: "inline",
          confirm: "Kill attempt \(header.id)? Running tasks are ended."
        ) { Form.button("Kill", style: "danger") }
      } else {
        if header.status != .success {
          retry("Retry from failed", "failed", "primary", frame)
        }
        retry("Run all again", "all", "", frame)
      }
    }
  }

  private func retry(_ text: String, _ scope: String, _ style: String, _ frame: PageFrame) -> HTML {
    Form.post(ConsoleAddress.attempt(header.id).below("retry"), frame, class: "inline") {
      Form.hidden("scope", scope)
      Form.button(text, style: style)
    }
  }

  private var logSection: HTML {
    let whole = ConsoleAddress("api", "attempts", "\(header.id)", "log")
    return Piece.section("Log", id: "log") {
      tag("div", .class("tools")) {
        tag("label", .class("check"), .id("follow-box"), .flag("hidden")) {
          tag("input", .type("checkbox"), .id("follow"), .flag("checked"))
          tag("span") { "Follow" }
        }
        tag("label", .class("check"), .id("level-box"), .flag("hidden")) {
          tag("span") { "Level" }
          tag("select", .id("level")) {
            for level in ["debug", "info", "warning", "error"] {
              tag("option", .value(level), .flag("selected", if: level == "info")) { level }
            }
          }
        }
        tag("a", .href(whole)) { "Whole log" }
      }
    } content: {
      if log.isCut {
        tag("p", .class("muted"), .id("cut")) { "The last \(log.lines.count) lines." }
      }
      tag(
        "pre",
        .class("log"),
        .id("lines"),
        .data("source", whole.query("follow", "true").text),
        .data("least", "info"),
        Attribute("tabindex", "0"),
        .label("Log of the attempt")
      ) { log.html }
      if log.lines.isEmpty {
        tag("p", .class("muted"), .id("silent")) { "It has said nothing yet." }
      }
    }
  }
}
