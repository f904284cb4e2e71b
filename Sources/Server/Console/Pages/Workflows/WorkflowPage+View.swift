import Access

extension WorkflowPage {
  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    all.append(
      Piece.facts([
        ("File", Piece.link(file, RevisionPage.file(project.id, revision.id, file))),
        ("Revision", Piece.link(revision.name, .revision(project.id, revision.id), most: 40)),
        ("Time zone", HTML(timezone)),
        (
          "Schedule",
          schedule.map { schedule in
            tag("span", .class("row")) {
              tag("code") { Piece.cut(schedule.text, 120) }
              if schedule.disabledAt != nil { Piece.chip("killed", "disabled") }
            }
          }
        ),
      ])
    )
    if frame.may(.runner, in: project.id) { all.append(start(frame)) }
    all.append(
      tag("div", .class("two")) {
        Piece.section("Tasks") {
          tasks.isEmpty ? Piece.nothing("It has no tasks.") : TaskOutline.html(tasks)
        }
        firings(frame)
      }
    )
    all.append(sessionSection(frame))
    return all
  }

  private func sessionSection(_ frame: PageFrame) -> HTML {
    let list = ConsoleAddress.sessions.query("project", project.name).query("workflow", name)
    return Piece.section("Sessions") {
      tag("a", .href(list)) { "All sessions" }
    } content: {
      sessions.isEmpty
        ? Piece.nothing("It has not run yet.")
        : SessionEntry.table(sessions, frame, withProject: false)
    }
  }

  private func firings(_ frame: PageFrame) -> HTML? {
    guard let schedule else { return nil }
    return Piece.section("Next runs") {
      if schedule.disabledAt != nil {
        Piece.nothing("The schedule is disabled: nothing starts by itself.")
      } else if schedule.upcoming.isEmpty {
        Piece.nothing("The schedule is over.")
      } else {
        FiringList.html(schedule.upcoming, zone: timezone, now: frame.now)
      }
    }
  }

  private func start(_ frame: PageFrame) -> HTML {
    var time = Form.Text()
    time.placeholder = "now"
    time.hint = "2026-11-28 or 2026-11-28T07:00:00+09:00"
    var name = Form.Text()
    name.hint = "for another attempt of a session that ran"
    return Form.folded("Start") {
      Form.post(ConsoleAddress.workflow(project.id, self.name).below("start"), frame) {
        tag("div", .class("fields")) {
          Form.field("Session time", "session_time", time)
          Form.field("Retry name", "retry_name", name)
        }
        Form.area("Parameters", "params", hint: "JSON, such as {\"rate\": 0.1}")
        tag("div") { Form.button("Start", style: "primary") }
      }
    }
  }
}

/// Runs that are to come.
enum FiringList {
  static func html(_ firings: [WorkflowPage.Firing], zone: String, now: Double) -> HTML {
    tag("ol", .class("firings")) {
      for firing in firings {
        tag("li") {
          Moment.html(firing.runTime, zone: zone, now: now)
          if firing.sessionTime != firing.runTime {
            tag("small", .class("muted")) {
              "for " + Moment.text(Double(firing.sessionTime), zone: zone)
            }
          }
        }
      }
    }
  }
}
