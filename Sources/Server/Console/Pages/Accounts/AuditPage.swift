import Values

/// Who changed what, newest first, for admins.
struct AuditPage: PageModel {
  struct Entry: Sendable {
    let id: Int64
    let time: Double
    let actor: String
    /// True when it came with an API token.
    let isToken: Bool
    let action: String
    let object: String
    let status: Int
    let address: String
    let requestID: String
  }

  /// Only entries of this action; nil for all.
  let action: String?
  let entries: [Entry]
  let paging: Paging

  var heading: PageHeading { PageHeading("Audit", section: .audit) }

  var value: Value {
    [
      "action": Encoded.text(action),
      "entries": .array(
        entries.map { entry in
          [
            "id": Encoded.id(entry.id), "time": Encoded.time(entry.time),
            "actor": .string(entry.actor), "token": .bool(entry.isToken),
            "action": .string(entry.action), "object": .string(entry.object),
            "status": .int(Int64(entry.status)), "address": .string(entry.address),
            "requestId": .string(entry.requestID),
          ]
        }
      ),
      "paging": paging.value,
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    var text = Form.Text("search")
    text.value = action ?? ""
    text.placeholder = "any, such as attempt.start"
    all.append(
      tag("form", .class("filter"), Attribute("method", "get"), .action(.audit)) {
        Form.field("Action", "action", text)
        Form.button("Filter")
        if action != nil { tag("a", .class("quiet"), .href(.audit)) { "Clear" } }
      }
    )
    var table = DataTable("Time", "Who", "Action", "What", "Answer", "From")
    for entry in entries {
      table.add(
        Moment.html(entry.time, now: frame.now),
        tag("span", .class("pair")) {
          Piece.name(entry.actor, most: 60)
          if entry.isToken { tag("span", .class("muted")) { "by token" } }
        },
        tag("code") { Piece.name(entry.action, most: 60) },
        tag("code", .title(entry.requestID)) { Piece.name(entry.object, most: 100) },
        Piece.chip(entry.status < 400 ? "success" : "error", "\(entry.status)"),
        HTML(entry.address)
      )
    }
    all.append(entries.isEmpty ? Piece.nothing("Nothing was changed yet.") : table.html)
    if let links = paging.links(ConsoleAddress.audit.query("action", action)) { all.append(links) }
    return all
  }
}
