/// A tar written byte by byte, so that it may be as wrong as a test wants.
struct TarBytes {
  private(set) var bytes: [UInt8] = []

  /// An entry of any kind: `0` file, `1` hard link, `2` link, `3` device, `5` folder, `6` pipe, `x` and `L` headers.
  func entry(
    _ name: String,
    _ kind: Character = "0",
    content: [UInt8] = [],
    to target: String = "",
    mode: Int = 0o644,
    size: [UInt8]? = nil,
    magic: String = "ustar\u{0}00"
  ) -> TarBytes {
    raw(
      name: Array(name.utf8),
      kind,
      content: content,
      target: Array(target.utf8),
      mode: mode,
      size: size,
      magic: magic
    )
  }

  func raw(
    name: [UInt8],
    _ kind: Character,
    content: [UInt8] = [],
    target: [UInt8] = [],
    mode: Int = 0o644,
    size: [UInt8]? = nil,
    magic: String = "ustar\u{0}00"
  ) -> TarBytes {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], at place: Int, _ room: Int) {
      header.replaceSubrange(place..<(place + min(room, text.count)), with: text.prefix(room))
    }
    put(name, at: 0, 100)
    put(Self.octal(mode, 7), at: 100, 7)
    put(Self.octal(0, 7), at: 108, 7)
    put(Self.octal(0, 7), at: 116, 7)
    put(size ?? Self.octal(content.count, 11), at: 124, 12)
    put(Self.octal(0, 11), at: 136, 11)
    put(Array("        ".utf8), at: 148, 8)
    header[156] = kind.asciiValue ?? 0
    put(target, at: 157, 100)
    put(Array(magic.utf8), at: 257, 8)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(Self.octal(sum, 6) + [0, 0x20], at: 148, 8)
    var copy = self
    copy.bytes += header + content
    copy.bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    return copy
  }

  func file(_ name: String, _ text: String = "x") -> TarBytes {
    name.utf8.count > 100
      ? pax(["path": Array(name.utf8)]).entry("long", content: Array(text.utf8))
      : entry(name, content: Array(text.utf8))
  }

  func folder(_ name: String) -> TarBytes { entry(name, "5", mode: 0o755) }
  func link(_ name: String, to target: String) -> TarBytes { entry(name, "2", to: target) }
  func hardLink(_ name: String, to target: String) -> TarBytes { entry(name, "1", to: target) }

  /// A header of POSIX for the next entry.
  func pax(_ records: KeyValuePairs<String, [UInt8]>, kind: Character = "x") -> TarBytes {
    var text: [UInt8] = []
    for (key, value) in records {
      let rest = Array(" \(key)=".utf8) + value + [0x0a]
      var length = rest.count + 1
      while String(length).utf8.count + rest.count != length { length += 1 }
      text += Array(String(length).utf8) + rest
    }
    return entry("header", kind, content: text)
  }

  /// A header of GNU with the name, or with `K` the target, of the next entry.
  func gnu(_ name: [UInt8], kind: Character = "L") -> TarBytes {
    entry("././@LongLink", kind, content: name + [0], magic: "ustar  ")
  }

  /// With the two blocks of zeros that end it.
  var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1_024) }

  private static func octal(_ number: Int, _ digits: Int) -> [UInt8] {
    let text = String(number, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.utf8.count)) + text).utf8)
  }
}
