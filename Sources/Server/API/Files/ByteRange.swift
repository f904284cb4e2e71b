/// Which part of a file a `Range` header asks for (RFC 9110 §14.1.2).
enum ByteRange: Hashable {
  case all
  case part(Range<Int64>)
  /// The file has nothing of it.
  case none

  /// - Parameters:
  ///   - header: nil for none; one of another unit, of several ranges or of wrong form counts as none, as the RFC allows.
  ///   - size: that of the file in bytes.
  init(_ header: String?, size: Int64) {
    self = .all
    guard let header, header.hasPrefix("bytes=") else { return }
    let sides = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard sides.count == 2, !header.contains(",") else { return }
    switch (Self.number(sides[0]), Self.number(sides[1])) {
    case (let first?, let last?):
      guard first <= last else { return }
      self = first < size ? .part(first..<(min(last, size - 1) + 1)) : .none
    case (let first?, nil):
      guard sides[1].isEmpty else { return }
      self = first < size ? .part(first..<size) : .none
    case (nil, let count?):
      guard sides[0].isEmpty else { return }
      self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .none
    case (nil, nil): return
    }
  }

  /// A number too large to be counted is behind the end of every file.
  private static func number(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text) ?? .max - 1
  }
}
