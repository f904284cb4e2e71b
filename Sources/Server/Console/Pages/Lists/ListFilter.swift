import Values
import WorkflowEngine

/// Which sessions or attempts are listed.
struct ListFilter: Sendable, Hashable {
  var project: String?
  var workflow: String?
  var status: AttemptStatus?
  /// The number of a session, for lists of attempts.
  var session: Int64?

  var isEmpty: Bool { self == ListFilter() }

  var value: Value {
    [
      "project": Encoded.text(project), "workflow": Encoded.text(workflow),
      "status": Encoded.text(status?.rawValue), "session": Encoded.id(session),
    ]
  }

  /// The page with this filter.
  func on(_ address: ConsoleAddress) -> ConsoleAddress {
    address.query("project", project).query("workflow", workflow)
      .query("status", status?.rawValue).query("session", session.map { "\($0)" })
  }

  func form(_ address: ConsoleAddress) -> HTML {
    tag("form", .class("filter"), Attribute("method", "get"), .action(address), .label("Filter")) {
      Form.field("Project", "project", text(project))
      Form.field("Workflow", "workflow", text(workflow))
      Form.choice("Status", "status", Self.statuses, chosen: status?.rawValue ?? "")
      if let session { Form.hidden("session", "\(session)") }
      Form.button("Filter")
      if !isEmpty { tag("a", .class("quiet"), .href(address)) { "Clear" } }
    }
  }

  private static let statuses = [
    ("", "any"), ("running", "running"), ("success", "success"), ("error", "error"),
    ("killed", "killed"),
  ]

  private func text(_ value: String?) -> Form.Text {
    var text = Form.Text("search")
    text.value = value ?? ""
    text.placeholder = "any"
    return text
  }
}
