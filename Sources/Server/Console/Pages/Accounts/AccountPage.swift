import Access
import Values

/// One's own account and its API tokens.
struct AccountPage: PageModel {
  struct Token: Sendable {
    let id: Int64
    let name: String
    let createdAt: Double
    /// nil for one that does not expire.
    let expiresAt: Double?
    let lastUsedAt: Double?
  }

  /// A token that was just made; its text is shown this once.
  struct NewToken: Sendable {
    let name: String
    let text: Secret
  }

  let name: String
  let email: String
  let role: Role?
  let tokens: [Token]
  var created: NewToken?

  var heading: PageHeading { PageHeading(name, kind: "Account", section: .account) }

  /// Without the text of a new token: that has its own answer in the API.
  var value: Value {
    [
      "name": .string(name), "email": .string(email), "role": Encoded.role(role),
      "tokens": .array(
        tokens.map { token in
          [
            "id": Encoded.id(token.id), "name": .string(token.name),
            "createdAt": Encoded.time(token.createdAt), "expiresAt": Encoded.time(token.expiresAt),
            "lastUsedAt": Encoded.time(token.lastUsedAt),
          ]
        }
      ),
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    all.append(
      Piece.facts([
        ("E-mail", email.isEmpty ? nil : Piece.name(email)),
        ("Role on the server", HTML(role?.rawValue ?? "none; see the projects")),
      ])
    )
    if let created { all.append(Self.shownOnce(created)) }
    all.append(
      Piece.section("API tokens", id: "tokens") {
        tokens.isEmpty
          ? Piece.nothing("Tokens let programs and the command line in without your password.")
          : tokenTable(frame)
        newToken(frame)
      }
    )
    if frame.hasAccounts { all.append(password(frame)) }
    return all
  }

  private static func shownOnce(_ token: NewToken) -> HTML {
    tag("div", .class("flash done once"), Attribute("role", "status")) {
      tag("p") {
        "The token "
        Piece.name(token.name, most: 60)
        ". Copy it now: it is not shown again."
      }
      tag("code", .id("secret"), .data("copy", "true")) { token.text.reveal() }
    }
  }

  private func tokenTable(_ frame: PageFrame) -> HTML {
    var table = DataTable("Name", "Created", "Last used", "Expires", "")
    for token in tokens {
      let isOver = token.expiresAt.map { $0 <= frame.now } ?? false
      table.add(
        Piece.name(token.name, most: 80),
        Moment.html(token.createdAt, now: frame.now),
        token.lastUsedAt.map { Moment.html($0, now: frame.now) } ?? HTML("never"),
        isOver
          ? Piece.chip("killed", "expired")
          : token.expiresAt.map { Moment.html($0, now: frame.now) } ?? HTML("never"),
        Form.post(
          ConsoleAddress("account", "tokens", "\(token.id)", "revoke"),
          frame,
          class: "inline",
          confirm: "Revoke the token \(token.name.prefix(80))? What uses it stops working."
        ) { Form.button("Revoke", style: "quiet danger") }
      )
    }
    return table.html
  }

  private func newToken(_ frame: PageFrame) -> HTML {
    Form.folded("New token") {
      Form.post(ConsoleAddress("account", "tokens"), frame) {
        tag("div", .class("fields")) {
          Form.field("Name", "name", Form.Text(required: true))
          Form.choice(
            "Expires",
            "days",
            [("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"), ("", "never")],
            chosen: "90"
          )
        }
        tag("div") { Form.button("Create", style: "primary") }
      }
    }
  }

  private func password(_ frame: PageFrame) -> HTML {
    var old = Form.Text("password", required: true)
    old.autocomplete = "current-password"
    var new = Form.Text("password", required: true)
    new.autocomplete = "new-password"
    return Piece.section("Password") {
      Form.folded("Change password") {
        Form.post(ConsoleAddress("account", "password"), frame) {
          tag("div", .class("fields")) {
            Form.field("Password now", "old", old)
            Form.field("New password", "new", new)
          }
          tag("div") { Form.button("Change") }
        }
      }
    }
  }
}
