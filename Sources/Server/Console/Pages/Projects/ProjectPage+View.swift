import Access

extension ProjectPage {
  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading) {
      tag("div", .class("actions")) {
        if frame.may(.editor, in: project.id) {
          tag("a", .class("button"), .href(.secrets(project.id))) { "Secrets" }
        }
      }
    }
    all.append(Piece.section("Workflows") { workflowTable(frame) })
    all.append(
      Piece.section("Recent sessions") {
        tag("a", .href(ConsoleAddress.sessions.query("project", project.name))) { "All sessions" }
      } content: {
        sessions.isEmpty
          ? Piece.nothing("Nothing has run yet.")
          : SessionEntry.table(sessions, frame, withProject: false)
      }
    )
    all.append(Piece.section("Revisions") { revisionTable(frame) })
    return all
  }

  private func workflowTable(_ frame: PageFrame) -> HTML {
    guard !workflows.isEmpty else {
      return Piece.nothing("The latest revision has no workflow: a `.dig` file at the top.")
    }
    var table = DataTable("Workflow", "Last attempt", "Schedule", "Next run")
    for workflow in workflows {
      table.add(
        Piece.link(workflow.name, .workflow(project.id, workflow.name)),
        workflow.lastAttempt?.html ?? .empty,
        workflow.schedule.map { schedule in
          tag("span", .class("pair")) {
            tag("code") { Piece.cut(schedule, 80) }
            tag("span", .class("muted")) { workflow.timezone }
          }
        } ?? .empty,
        workflow.isDisabled
          ? Piece.chip("killed", "disabled")
          : workflow.nextRunTime.map {
            Moment.html($0, zone: workflow.timezone, now: frame.now)
          } ?? .empty
      )
    }
    return table.html
  }

  private func revisionTable(_ frame: PageFrame) -> HTML {
    var table = DataTable("Revision", "Pushed", "By", "Size")
    for revision in revisions {
      table.add(
        Piece.link(revision.name, .revision(project.id, revision.id)),
        Moment.html(revision.createdAt, now: frame.now),
        revision.pushedBy.map { Piece.name($0, most: 60) } ?? HTML("owner"),
        HTML(ByteCount.text(revision.sizeInBytes))
      )
    }
    var all = table.html
    if let links = paging.links(.project(project.id)) { all.append(links) }
    return all
  }
}
