import Values

/// The page for those who are not known yet.
struct LoginPage: PageModel {
  /// Where to go afterwards: a path of this server.
  let next: String?

  var heading: PageHeading { PageHeading("Log in") }
  var value: Value { ["next": Encoded.text(Self.safe(next))] }

  func content(_ frame: PageFrame) -> HTML {
    var user = Form.Text(required: true)
    user.autocomplete = "username"
    var password = Form.Text("password", required: true)
    password.autocomplete = "current-password"
    return tag("div", .class("login")) {
      tag("h1") { "Log in" }
      Form.post(ConsoleAddress("login"), frame) {
        if let next = Self.safe(next) { Form.hidden("next", next) }
        Form.field("Name", "user", user)
        Form.field("Password", "password", password)
        Form.button("Log in", style: "primary")
      }
      tag("p", .class("muted")) { "Lost your password? An admin can set another one." }
    }
  }

  /// The path, if it leads nowhere else: one slash at the beginning, and nothing that browsers read as another host.
  static func safe(_ next: String?) -> String? {
    guard let next, next.utf8.first == 0x2f, next.utf8.count <= 2000 else { return nil }
    let second = next.utf8.dropFirst().first
    guard second != 0x2f, second != 0x5c,
      next.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x5c })
    else { return nil }
    return next
  }
}
