/// An attribute of an element.
struct Attribute: Sendable, Hashable {
  let source: String

  init(_ name: StaticString, _ value: String) {
    source = "\(name)=\"" + EscapedText.attribute(value) + "\""
  }

  private init(flag: StaticString) { source = "\(flag)" }

  /// An attribute without a value, such as `open`; nil when it does not hold.
  static func flag(_ name: StaticString, if isSet: Bool = true) -> Attribute? {
    isSet ? Attribute(flag: name) : nil
  }

  static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  static func id(_ name: String) -> Attribute { Attribute("id", name) }
  static func title(_ text: String) -> Attribute { Attribute("title", text) }
  static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
  static func name(_ name: String) -> Attribute { Attribute("name", name) }
  static func type(_ type: String) -> Attribute { Attribute("type", type) }
  static func value(_ text: String) -> Attribute { Attribute("value", text) }
  static func href(_ address: ConsoleAddress) -> Attribute { Attribute("href", address.text) }
  static func src(_ address: ConsoleAddress) -> Attribute { Attribute("src", address.text) }
  static func action(_ address: ConsoleAddress) -> Attribute { Attribute("action", address.text) }
  static func data(_ name: StaticString, _ value: String) -> Attribute {
    Attribute(raw: "data-\(name)", value)
  }

  /// Says that this link is where one is; nil when it is not.
  static func current(if isHere: Bool) -> Attribute? {
    isHere ? Attribute("aria-current", "page") : nil
  }

  private init(raw name: String, _ value: String) {
    source = name + "=\"" + EscapedText.attribute(value) + "\""
  }
}
