import Access
import Values

/// The accounts of the server, for admins.
struct UsersPage: PageModel {
  struct Entry: Sendable {
    let id: Int64
    let name: String
    let email: String
    /// On the whole server; nil for roles in projects only.
    let role: Role?
    let createdAt: Double
    let isDisabled: Bool
  }

  let entries: [Entry]

  var heading: PageHeading { PageHeading("Users", section: .users) }

  var value: Value {
    [
      "users": .array(
        entries.map { entry in
          [
            "id": Encoded.id(entry.id), "name": .string(entry.name), "email": .string(entry.email),
            "role": Encoded.role(entry.role), "createdAt": Encoded.time(entry.createdAt),
            "disabled": .bool(entry.isDisabled),
          ]
        }
      )
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    var table = DataTable("Name", "E-mail", "Role", "Created", "State", "")
    for entry in entries {
      table.add(
        Piece.name(entry.name, most: 60),
        Piece.name(entry.email, most: 80),
        role(entry, frame),
        tag("span", .class("muted")) { Moment.relative(entry.createdAt, now: frame.now) },
        entry.isDisabled ? Piece.chip("killed", "disabled") : HTML("active"),
        state(entry, frame)
      )
    }
    all.append(table.html)
    all.append(create(frame))
    return all
  }

  private func role(_ entry: Entry, _ frame: PageFrame) -> HTML {
    Form.post(ConsoleAddress("users", "\(entry.id)", "role"), frame, class: "inline") {
      tag("select", .name("role"), .label("Role of \(entry.name.prefix(60))")) {
        for (value, text) in Self.roles {
          tag("option", .value(value), .flag("selected", if: value == entry.role?.rawValue ?? "")) {
            text
          }
        }
      }
      Form.button("Set", style: "quiet")
    }
  }

  private func state(_ entry: Entry, _ frame: PageFrame) -> HTML {
    let isActive = !entry.isDisabled
    return Form.post(
      ConsoleAddress("users", "\(entry.id)", isActive ? "disable" : "enable"),
      frame,
      class: "inline",
      confirm: isActive ? "Disable \(entry.name.prefix(60))? Tokens and sessions end." : nil
    ) { Form.button(isActive ? "Disable" : "Enable", style: isActive ? "quiet danger" : "quiet") }
  }

  private func create(_ frame: PageFrame) -> HTML {
    var password = Form.Text("password", required: true)
    password.autocomplete = "new-password"
    return Form.folded("New user") {
      Form.post(.users, frame) {
        tag("div", .class("fields")) {
          Form.field("Name", "name", Form.Text(required: true))
          Form.field("E-mail", "email", Form.Text("email", required: true))
          Form.field("Password", "password", password)
          Form.choice("Role on the server", "role", Self.roles, chosen: "viewer")
        }
        tag("div") { Form.button("Create", style: "primary") }
      }
    }
  }

  private static let roles =
    [(value: "", text: "none")] + Role.allCases.map { (value: $0.rawValue, text: $0.rawValue) }
}
