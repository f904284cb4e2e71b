public import WorkflowLanguage

/// A host that tasks may reach: `example.com`, `*.example.com`, `10.1.2.3`, `10.0.0.0/8`, `*`, each also with `:port`.
public struct HostRule: Sendable, Hashable {
  enum Place: Sendable, Hashable {
    case everything
    case name(String)
    /// All names that end so, without the name itself.
    case below(String)
    case addresses(AddressRange)
  }

  let place: Place
  /// nil for every port.
  let port: Int?

  /// - Throws: `WorkflowError` `parameter` for what is none of the forms.
  public init(_ written: String) throws(WorkflowError) {
    let (text, port) = Self.parts(written)
    let place: Place? =
      if text == "*" {
        .everything
      } else if let range = AddressRange(text) {
        .addresses(range)
      } else if text.hasPrefix("*."), Self.isName(text.dropFirst(2)) {
        .below(Self.folded(String(text.dropFirst(1))))
      } else {
        Self.isName(text[...]) ? .name(Self.folded(text)) : nil
      }
    guard let place, let port = Self.number(port) else {
      throw WorkflowError(
        .parameter,
        "`isolation.network.hosts`: expected `example.com`, `*.example.com`, `10.1.2.3`, `10.0.0.0/8` or `*`, "
          + "if need be with `:port`, found `\(written)`"
      )
    }
    self.place = place
    self.port = port == 0 ? nil : port
  }

  /// `[::1]:80` has the port behind the bracket; more than one colon without brackets is an address.
  private static func parts(_ written: String) -> (text: String, port: Substring) {
    if written.hasPrefix("["), let end = written.firstIndex(of: "]") {
      let inside = String(written[written.index(after: written.startIndex)..<end])
      return (inside, written[written.index(after: end)...])
    }
    guard let colon = written.firstIndex(of: ":"), colon == written.lastIndex(of: ":") else {
      return (written, "")
    }
    return (String(written[..<colon]), written[colon...])
  }

  /// The port behind the colon; 0 for none.
  private static func number(_ port: Substring) -> Int? {
    if port.isEmpty { return 0 }
    guard port.first == ":", let number = Int(port.dropFirst()), (1...65_535).contains(number)
    else { return nil }
    return number
  }

  private static func isName(_ text: Substring) -> Bool {
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 32) || $0 == UInt8(ascii: "-")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: "_")
    }
    // What looks like an address and is none is a slip, as 10.0.0.256.
    return isPlain && !text.isEmpty && text.utf8.contains { $0 > UInt8(ascii: "9") }
  }

  /// Small letters, without the dot that may end a name.
  static func folded(_ name: String) -> String {
    let small = name.lowercased()
    return small.hasSuffix(".") ? String(small.dropLast()) : small
  }

  func allows(port: Int) -> Bool { self.port == nil || self.port == port }

  /// True for a name, or for any text with `*`.
  func allows(name: String, port: Int) -> Bool {
    guard allows(port: port) else { return false }
    switch place {
    case .everything: return true
    case .name(let allowed): return Self.folded(name) == allowed
    case .below(let end): return Self.folded(name).hasSuffix(end) && name.count > end.count
    case .addresses: return false
    }
  }

  func allows(_ address: IPAddress, port: Int) -> Bool {
    guard case .addresses(let range) = place, allows(port: port) else { return false }
    return range.contains(address.plain)
  }
}
