/// Writes values as JSON text.
struct JSONWriter {
  private(set) var text = ""
  private let pretty: Bool

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: Value, indent: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let truth): text += truth ? "true" : "false"
    case .int(let number): text += String(number)
    case .double(let number): text += JSONNumber.text(number)
    case .string(let string): write(string)
    case .array(let elements):
      list("[", "]", elements, indent) { writer, element in
        writer.write(element, indent: indent + 1)
      }
    case .object(let members):
      list("{", "}", Array(members), indent) { writer, member in
        writer.write(member.0)
        writer.text += writer.pretty ? ": " : ":"
        writer.write(member.1, indent: indent + 1)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String,
    _ close: String,
    _ elements: [Element],
    _ indent: Int,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    text += open
    for (position, element) in elements.enumerated() {
      if position > 0 { text += "," }
      newline(indent + 1)
      write(&self, element)
    }
    if !elements.isEmpty { newline(indent) }
    text += close
  }

  private mutating func newline(_ indent: Int) {
    if pretty { text += "\n" + String(repeating: "  ", count: indent) }
  }

  private mutating func write(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
