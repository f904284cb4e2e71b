import Values

/// The names of a project's secrets; values go in and never come out.
struct SecretsPage: PageModel {
  let project: ProjectReference
  /// In alphabetical order.
  let keys: [String]

  var heading: PageHeading {
    PageHeading("Secrets", kind: "Project", section: .projects, crumbs: project.crumbs)
  }

  var value: Value { ["project": project.value, "keys": Encoded.texts(keys)] }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    var table = DataTable("Key", "")
    let address = ConsoleAddress.secrets(project.id)
    for key in keys {
      table.add(
        tag("code") { Piece.name(key) },
        Form.post(
          address.below("delete"),
          frame,
          class: "inline",
          confirm: "Delete the secret \(key.prefix(100))? Tasks that use it will fail."
        ) {
          Form.hidden("key", key)
          Form.button("Delete", style: "quiet danger")
        }
      )
    }
    all.append(
      keys.isEmpty
        ? Piece.nothing("There is none yet. Workflows read them as", "${secret:KEY}") : table.html
    )
    var value = Form.Text("password", required: true)
    value.autocomplete = "new-password"
    value.hint = "It is encrypted and never shown again."
    all.append(
      Piece.section("Set a secret") {
        Form.post(address, frame) {
          tag("div", .class("fields")) {
            Form.field("Key", "key", Form.Text(required: true))
            Form.field("Value", "value", value)
          }
          tag("div") { Form.button("Set", style: "primary") }
        }
      }
    )
    return all
  }
}
