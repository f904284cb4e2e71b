/// A piece of an HTML document, as browsers cut it.
enum HTMLToken: Sendable, Hashable {
  /// Raw, with its character references.
  case text(ArraySlice<UInt8>)
  case start(name: String, attributes: [RawAttribute])
  case end(name: String)
  /// Comments, document types and what is wrong enough to count as one.
  case comment

  /// An attribute with its character references.
  struct RawAttribute: Sendable, Hashable {
    let name: String
    let value: ArraySlice<UInt8>
  }
}

/// Cuts HTML by the rules of the HTML standard, section 13.2.5 (tokenization), as far as they decide where tags begin and end.
struct HTMLTokeniser {
  private let bytes: [UInt8]
  private var position = 0
  /// More attributes of one tag are read but not kept.
  private static let mostAttributes = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> HTMLToken? {
    guard position < bytes.count else { return nil }
    guard bytes[position] == UInt8(ascii: "<") else { return text(from: position) }
    guard position + 1 < bytes.count else { return text(from: position) }
    switch bytes[position + 1] {
    case let byte where byte.isLetter:
      position += 1
      return startTag()
    case UInt8(ascii: "/"):
      position += 2
      guard position < bytes.count else { return nil }
      guard bytes[position].isLetter else { return bogusComment() }
      return endTag()
    case UInt8(ascii: "!"):
      position += 2
      return declaration()
    case UInt8(ascii: "?"):
      position += 1
      return bogusComment()
    default: return text(from: position)
    }
  }

  /// Leaves out everything up to the end tag of an element whose content is no markup.
  mutating func skipRawText(of name: String) {
    let wanted = Array("</\(name)".utf8)
    while position < bytes.count {
      if bytes[position] == wanted[0], matches(wanted) {
        let after = position + wanted.count
        if after >= bytes.count || bytes[after].endsTagName { return }
      }
      position += 1
    }
  }

  mutating func skipAll() { position = bytes.count }

  private func matches(_ wanted: [UInt8]) -> Bool {
    guard position + wanted.count <= bytes.count else { return false }
    return wanted.indices.allSatisfy { bytes[position + $0].lowercased == wanted[$0] }
  }

  /// Text up to the next `<`; one at the very beginning belongs to it.
  private mutating func text(from start: Int) -> HTMLToken {
    position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    return .text(bytes[start..<position])
  }

  private mutating func startTag() -> HTMLToken {
    let name = tagName()
    return .start(name: name, attributes: attributes())
  }

  private mutating func endTag() -> HTMLToken {
    let name = tagName()
    _ = attributes()
    return .end(name: name)
  }

  private mutating func tagName() -> String {
    let start = position
    while position < bytes.count, !bytes[position].endsTagName { position += 1 }
    return lowercased(bytes[start..<position])
  }

  /// Reads to behind the `>`.
  private mutating func attributes() -> [HTMLToken.RawAttribute] {
    var found: [HTMLToken.RawAttribute] = []
    while true {
      while position < bytes.count, bytes[position].isBlank || bytes[position] == 0x2f {
        position += 1
      }
      guard position < bytes.count else { return found }
      if bytes[position] == UInt8(ascii: ">") {
        position += 1
        return found
      }
      let attribute = attribute()
      if found.count < Self.mostAttributes, !found.contains(where: { $0.name == attribute.name }) {
        found.append(attribute)
      }
    }
  }

  private mutating func attribute() -> HTMLToken.RawAttribute {
    let start = position
    position += 1  // also a `=` at the beginning is part of the name
    while position < bytes.count, !bytes[position].endsTagName,
      bytes[position] != UInt8(ascii: "=")
    {
      position += 1
    }
    let name = lowercased(bytes[start..<position])
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
      return HTMLToken.RawAttribute(name: name, value: [])
    }
    position += 1
    skipBlanks()
    return HTMLToken.RawAttribute(name: name, value: attributeValue())
  }

  private mutating func attributeValue() -> ArraySlice<UInt8> {
    guard position < bytes.count else { return [] }
    let quote = bytes[position]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = position + 1
      position = bytes[start...].firstIndex(of: quote) ?? bytes.count
      defer { position = min(position + 1, bytes.count) }
      return bytes[start..<position]
    }
    let start = position
    while position < bytes.count, !bytes[position].isBlank, bytes[position] != UInt8(ascii: ">") {
      position += 1
    }
    return bytes[start..<position]
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position].isBlank { position += 1 }
  }

  private mutating func declaration() -> HTMLToken {
    guard bytes[position...].starts(with: "--".utf8) else { return bogusComment() }
    position += 2
    if bytes[position...].starts(with: ">".utf8) { return leave(1) }
    if bytes[position...].starts(with: "->".utf8) { return leave(2) }
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "-") {
        if bytes[position...].starts(with: "-->".utf8) { return leave(3) }
        if bytes[position...].starts(with: "--!>".utf8) { return leave(4) }
      }
      position += 1
    }
    return .comment
  }

  private mutating func bogusComment() -> HTMLToken {
    position = bytes[position...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? bytes.count
    return .comment
  }

  private mutating func leave(_ count: Int) -> HTMLToken {
    position += count
    return .comment
  }

  private func lowercased(_ name: ArraySlice<UInt8>) -> String {
    String(decoding: name.map(\.lowercased), as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }
  fileprivate var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self + 0x20 : self }
  fileprivate var isBlank: Bool {
    self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0c || self == 0x0d
  }
  fileprivate var endsTagName: Bool { isBlank || self == 0x2f || self == 0x3e }
}
