/// A path inside a project that was found sound: relative, of plain names, without `.` and `..`.
///
/// Compared by bytes, as the file system does; text compares two spellings of one accented letter as equal.
struct EntryPath: Hashable, Comparable, Sendable {
  static let longestName = 255
  static let longestPath = 4_096

  private let bytes: [UInt8]

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The folder everything is in.
  static let root = EntryPath([])

  /// Judges a path as it was written; empty names and `.` in it are passed over.
  ///
  /// - Throws: ``ProjectError`` `badArchive` that names the path.
  init(_ text: String) throws(ProjectError) {
    if let problem = Self.problem(of: text) {
      throw ProjectError(.badArchive, "the entry \(text.quotedName) \(problem)")
    }
    bytes = Array(Self.names(text).joined(separator: [Self.slash]))
  }

  /// What is wrong with a path; nil when it is sound.
  static func problem(of text: String) -> String? {
    if text.utf8.first == slash { return "has an absolute path" }
    if text.utf8.count > longestPath {
      return "has a path of \(text.utf8.count) bytes, at most \(longestPath) are allowed"
    }
    if text.utf8.contains(0x5c) { return "has a backslash in its path" }
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "has a control character in its path"
    }
    let names = names(text)
    if names.contains(where: { $0.elementsEqual("..".utf8) }) { return "has `..` in its path" }
    if let long = names.first(where: { $0.count > longestName }) {
      return "has a name of \(long.count) bytes, at most \(longestName) are allowed"
    }
    if let first = names.first, first.count == 2, first.last == 0x3a {
      return "begins with the letter of a drive"
    }
    return nil
  }

  /// The names of a path as written, without empty ones and `.`.
  static func names(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
  }

  private static let slash: UInt8 = 0x2f

  var isRoot: Bool { bytes.isEmpty }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The folder it lies in; the root's is the root.
  var parent: EntryPath {
    guard let place = bytes.lastIndex(of: Self.slash) else { return .root }
    return EntryPath(Array(bytes[..<place]))
  }

  func appending(_ name: some Sequence<UInt8>) -> EntryPath {
    EntryPath(isRoot ? Array(name) : bytes + [Self.slash] + name)
  }

  static func < (left: EntryPath, right: EntryPath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
