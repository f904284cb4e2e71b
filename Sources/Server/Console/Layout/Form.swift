/// Forms and their fields.
enum Form {
  /// A form that changes something: it carries the token that proves it comes from a page of ours.
  static func post(
    _ action: ConsoleAddress,
    _ frame: PageFrame,
    class style: String = "stack",
    confirm: String? = nil,
    @HTMLBuilder fields: () -> HTML
  ) -> HTML {
    tag(
      "form",
      Attribute("method", "post"),
      .action(action),
      .class(style),
      confirm.map { .data("confirm", $0) }
    ) {
      if let token = frame.csrfToken { hidden("csrf_token", token) }
      fields()
    }
  }

  static func hidden(_ name: String, _ value: String) -> HTML {
    tag("input", .type("hidden"), .name(name), .value(value))
  }

  static func button(_ text: String, style: String = "") -> HTML {
    tag("button", style.isEmpty ? nil : .class(style)) { text }
  }

  /// What a text field takes beside its name.
  struct Text {
    var type = "text"
    var value = ""
    var hint: String?
    var placeholder: String?
    var isRequired = false
    var autocomplete: String?

    init(_ type: String = "text", required: Bool = false) {
      self.type = type
      isRequired = required
    }
  }

  static func field(_ label: String, _ name: String, _ text: Text = Text()) -> HTML {
    tag("label", .class("field")) {
      tag("span") { label }
      tag(
        "input",
        .type(text.type),
        .name(name),
        text.value.isEmpty ? nil : .value(text.value),
        text.placeholder.map { Attribute("placeholder", $0) },
        .flag("required", if: text.isRequired),
        Attribute("autocomplete", text.autocomplete ?? "off")
      )
      if let hint = text.hint { tag("small") { hint } }
    }
  }

  static func area(_ label: String, _ name: String, hint: String) -> HTML {
    tag("label", .class("field")) {
      tag("span") { label }
      tag("textarea", .name(name), Attribute("rows", "3"), Attribute("spellcheck", "false"))
      tag("small") { hint }
    }
  }

  static func choice(
    _ label: String,
    _ name: String,
    _ options: [(value: String, text: String)],
    chosen: String?
  ) -> HTML {
    tag("label", .class("field")) {
      tag("span") { label }
      tag("select", .name(name)) {
        for option in options {
          tag("option", .value(option.value), .flag("selected", if: option.value == chosen)) {
            option.text
          }
        }
      }
    }
  }

  static func check(_ label: String, _ name: String, isOn: Bool = false) -> HTML {
    tag("label", .class("check")) {
      tag(
        "input",
        .type("checkbox"),
        .name(name),
        .value("true"),
        .flag("checked", if: isOn)
      )
      tag("span") { label }
    }
  }

  /// A form folded away behind a button-like summary.
  static func folded(_ summary: String, @HTMLBuilder content: () -> HTML) -> HTML {
    tag("details", .class("fold")) {
      tag("summary") { summary }
      content()
    }
  }
}
