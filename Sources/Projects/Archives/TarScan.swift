/// Looks at the headers of a tar for what libarchive accepts and we do not: names with NUL characters, which it
/// cuts there, sparse files, and an end that is missing.
///
/// It takes the stream in pieces of any size and keeps one block, or the text of one long header.
struct TarScan {
  private enum State {
    case header
    /// The text of a header that belongs to the next entry, still to come, and the padding behind it.
    case text(kind: UInt8, missing: Int64, padding: Int64)
    case content(missing: Int64)
    case end
  }

  private static let blockSize = 512
  private static let longestText: Int64 = 1 << 20

  private var state = State.header
  private var block: [UInt8] = []
  private var text: [UInt8] = []
  /// The size of the next entry where a header before it gave one.
  private var nextSize: Int64?

  /// True when the block of zeros that ends every tar was seen.
  var isComplete: Bool {
    if case .end = state { true } else { false }
  }

  /// Takes the next bytes.
  ///
  /// - Throws: ``ProjectError`` `badArchive`.
  mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch state {
      case .end: return
      case .content(let missing):
        let count = min(Int64(rest.count), missing)
        rest = rest.dropFirst(Int(count))
        state = missing == count ? .header : .content(missing: missing - count)
      case .text(let kind, let missing, let padding):
        let count = Int(min(Int64(rest.count), missing))
        text += rest.prefix(count)
        rest = rest.dropFirst(count)
        if missing > Int64(count) {
          state = .text(kind: kind, missing: missing - Int64(count), padding: padding)
        } else {
          try take(text, kind: kind)
          text = []
          state = padding == 0 ? .header : .content(missing: padding)
        }
      case .header:
        let part = rest.prefix(Self.blockSize - block.count)
        block += part
        rest = rest.dropFirst(part.count)
        guard block.count == Self.blockSize else { return }
        try take(header: block)
        block = []
      }
    }
  }

  private mutating func take(header: [UInt8]) throws {
    guard header.contains(where: { $0 != 0 }) else {
      state = .end
      return
    }
    try checkText(header[0..<100], "a name")
    try checkText(header[157..<257], "the target of a link")
    // In the dialect of GNU other fields stand where POSIX has the beginning of long names.
    if header[257..<263].elementsEqual("ustar\0".utf8) {
      try checkText(header[345..<500], "a name")
    }
    let kind = header[156]
    let written = try size(header[124..<136])
    switch kind {
    case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
      guard written <= Self.longestText else {
        throw damage("a header has \(written) bytes, at most \(Self.longestText) are allowed")
      }
      state =
        written == 0
        ? .header : .text(kind: kind, missing: written, padding: Self.padding(written))
    case UInt8(ascii: "S"):
      throw damage("the entry \(name(header).quotedName) is a sparse file")
    default:
      let size = nextSize ?? written
      nextSize = nil
      guard size < 1 << 40 else {
        throw damage("the entry \(name(header).quotedName) is too large")
      }
      // Symbolic links, devices, folders and pipes have no content, whatever their size says.
      let hasContent = size > 0 && !(UInt8(ascii: "2")...UInt8(ascii: "6")).contains(kind)
      state = hasContent ? .content(missing: size + Self.padding(size)) : .header
    }
  }

  private static func padding(_ size: Int64) -> Int64 { (512 - size % 512) % 512 }

  /// The records of POSIX are `LENGTH KEY=VALUE\n`; those of GNU are one name and a NUL.
  private mutating func take(_ text: [UInt8], kind: UInt8) throws {
    guard kind == UInt8(ascii: "x") || kind == UInt8(ascii: "g") else {
      return try checkText(text[...], "a long name")
    }
    var rest = text[...]
    while let blank = rest.firstIndex(of: 0x20) {
      guard let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length > 0,
        length <= rest.count, rest.startIndex + length > blank + 1
      else { throw damage("a header has a record of a wrong length") }
      let record = rest[(blank + 1)..<(rest.startIndex + length)]
      rest = rest.dropFirst(length)
      guard record.last == 0x0a, let equals = record.firstIndex(of: 0x3d) else {
        throw damage("a header has a record without `=`")
      }
      let value = record[(equals + 1)..<(record.endIndex - 1)]
      try take(
        String(decoding: record[..<equals], as: UTF8.self),
        value,
        isGlobal: kind == UInt8(ascii: "g")
      )
    }
    guard rest.allSatisfy({ $0 == 0 }) else {
      throw damage("a header ends in the middle of a record")
    }
  }

  private mutating func take(_ key: String, _ value: ArraySlice<UInt8>, isGlobal: Bool) throws {
    switch key {
    case "path", "linkpath":
      guard !value.contains(0) else { throw damage("a name has a NUL character") }
      if isGlobal { throw damage("a header gives one name to all entries") }
    case "size":
      guard let size = Int64(String(decoding: value, as: UTF8.self)), size >= 0, !isGlobal else {
        throw damage("a header has a wrong size")
      }
      nextSize = size
    default:
      if key.hasPrefix("GNU.sparse") { throw damage("it has a sparse file") }
    }
  }

  /// NUL characters end a name and fill its field; text behind them would be read by one program and not by another.
  private func checkText(_ field: ArraySlice<UInt8>, _ what: String) throws {
    guard let end = field.firstIndex(of: 0) else { return }
    guard field[end...].allSatisfy({ $0 == 0 }) else {
      let shown = String(decoding: field[..<end], as: UTF8.self).quotedName
      throw damage("\(what) has a NUL character after \(shown)")
    }
  }

  /// Octal digits, or a binary number where the first bit is set.
  private func size(_ field: ArraySlice<UInt8>) throws -> Int64 {
    if let first = field.first, first & 0x80 != 0 {
      guard first == 0x80, field.dropFirst().prefix(3).allSatisfy({ $0 == 0 }) else {
        throw damage("a header has a size out of range")
      }
      let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int64(clamping: value)
    }
    let digits = field.filter { $0 != 0 && $0 != 0x20 }
    guard !digits.isEmpty else { return 0 }
    guard let size = Int64(String(decoding: digits, as: UTF8.self), radix: 8), size >= 0 else {
      throw damage("a header has a size that is no number")
    }
    return size
  }

  private func name(_ header: [UInt8]) -> String {
    String(decoding: header[0..<100].prefix { $0 != 0 }, as: UTF8.self)
  }

  private func damage(_ what: String) -> ProjectError {
    ProjectError(.badArchive, "the archive is not accepted: \(what)")
  }
}
