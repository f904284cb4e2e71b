import Access

extension SchedulesPage {
  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    if entries.isEmpty {
      all.append(Piece.nothing("No workflow has a", "schedule:"))
    }
    for entry in entries { all.append(Self.card(entry, frame)) }
    return all
  }

  private static func card(_ entry: Entry, _ frame: PageFrame) -> HTML {
    tag("article", .class("card"), .id("s\(entry.id)")) {
      tag("div", .class("head")) {
        tag("h2") {
          Piece.link(entry.workflow, .workflow(entry.project.id, entry.workflow))
          tag("small") { entry.project.link }
        }
        entry.disabledAt == nil
          ? Piece.chip("success", "enabled") : Piece.chip("killed", "disabled")
      }
      Piece.facts([
        ("Schedule", tag("code") { Piece.cut(entry.schedule, 120) }),
        ("Time zone", HTML(entry.timezone)),
        ("Next run", next(entry, frame)),
        (
          "Last session",
          entry.lastSessionTime.map { Moment.html($0, zone: entry.timezone, now: frame.now) }
        ),
        ("Last skip", entry.lastSkip.map { Piece.name($0, most: 300) }),
      ])
      if entry.upcoming.count > 1 {
        Form.folded("Runs behind it") {
          FiringList.html(
            Array(entry.upcoming.dropFirst()),
            zone: entry.timezone,
            now: frame.now
          )
        }
      }
      if frame.may(.editor, in: entry.project.id) { change(entry, frame) }
    }
  }

  private static func next(_ entry: Entry, _ frame: PageFrame) -> HTML {
    guard entry.disabledAt == nil else { return HTML("none while it is disabled") }
    return entry.upcoming.first.map {
      Moment.html($0.runTime, zone: entry.timezone, now: frame.now)
    } ?? HTML("none: it is over")
  }

  private static func change(_ entry: Entry, _ frame: PageFrame) -> HTML {
    let address = ConsoleAddress("schedules", "\(entry.id)")
    return Form.folded("Change or backfill") {
      tag("div", .class("forms")) {
        Form.post(address.below(entry.disabledAt == nil ? "disable" : "enable"), frame) {
          tag("h3") { entry.disabledAt == nil ? "Disable" : "Enable" }
          tag("p", .class("muted")) {
            entry.disabledAt == nil
              ? "Nothing starts until it is enabled again." : "Goes on with the next session."
          }
          tag("div") { Form.button(entry.disabledAt == nil ? "Disable" : "Enable") }
        }
        Form.post(address.below("skip"), frame) {
          tag("h3") { "Skip" }
          Form.field("How many sessions", "count", number("1"))
          tag("div") { Form.button("Skip") }
        }
        backfill(address, frame)
      }
    }
  }

  private static func backfill(_ address: ConsoleAddress, _ frame: PageFrame) -> HTML {
    var from = Form.Text(required: true)
    from.placeholder = "2026-11-01"
    var name = Form.Text()
    name.hint = "with a name all run anew, without only gaps are filled"
    return Form.post(address.below("backfill"), frame) {
      tag("h3") { "Backfill" }
      Form.field("From", "from", from)
      Form.field("How many", "count", number(""))
      Form.field("Name", "name", name)
      Form.check("Only show what would run", "dry_run", isOn: true)
      tag("div") { Form.button("Backfill") }
    }
  }

  private static func number(_ value: String) -> Form.Text {
    var text = Form.Text("number")
    text.value = value
    return text
  }
}
