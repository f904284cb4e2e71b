/// The path and the query of a request, decoded.
struct RequestPath: Sendable {
  let segments: [String]
  let query: [(name: String, value: String)]
  /// As it came, without the query: the query may hold what must not be logged.
  let shown: String

  private static let longest = 8 << 10

  /// - Throws: ``ServerError`` `badRequest` for what is no path: wrong percent codes, NUL, `.` and `..`, other than UTF-8.
  init(_ target: String) throws {
    guard target.utf8.count <= Self.longest else {
      throw ServerError(.badRequest, "the path is longer than \(Self.longest) bytes")
    }
    guard target.hasPrefix("/") else { throw Self.refusal }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    shown = String(parts[0])
    var segments = try parts[0].dropFirst()
      .split(separator: "/", omittingEmptySubsequences: false)
      .map { try Self.decode($0, plusIsBlank: false) }
    if segments.last?.isEmpty == true { segments.removeLast() }
    guard segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("/") })
    else { throw Self.refusal }
    self.segments = segments
    query = try parts.dropFirst().first.map(Self.pairs) ?? []
  }

  /// The pairs of a query or of a form.
  ///
  /// - Throws: ``ServerError`` `badRequest` for wrong percent codes, NUL, and other than UTF-8.
  static func pairs(of text: Substring) throws -> [(name: String, value: String)] {
    try text.split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        try decode(sides[0], plusIsBlank: true),
        try sides.count > 1 ? decode(sides[1], plusIsBlank: true) : ""
      )
    }
  }

  private static let refusal = ServerError(.badRequest, "the path is not one that can be asked for")

  private static func decode(_ text: Substring, plusIsBlank: Bool) throws -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+"), plusIsBlank {
        bytes.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%") {
        let digits = rest.prefix(2)
        guard digits.count == 2, let high = hexadecimal(digits.first),
          let low = hexadecimal(digits.last)
        else { throw refusal }
        rest = rest.dropFirst(2)
        bytes.append(high << 4 | low)
      } else {
        bytes.append(byte)
      }
    }
    guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw refusal
    }
    return decoded
  }

  private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(let byte) where (48...57).contains(byte): byte - 48
    case .some(let byte) where (65...70).contains(byte): byte - 55
    case .some(let byte) where (97...102).contains(byte): byte - 87
    default: nil
    }
  }
}
