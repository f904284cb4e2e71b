/// One entry of an archive as it is written there, not yet judged.
struct ArchiveEntry: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case file, folder
    case symbolicLink(to: String)
    case hardLink(to: String)
    /// A device, a pipe, a socket or something newer: what it is, for the message.
    case special(String)
  }

  let path: String
  let kind: Kind
  /// Of a file's content; 0 for all else.
  let sizeInBytes: Int64
  let isExecutable: Bool
}

extension String {
  /// For messages: in backticks, without control characters, and not longer than a line.
  var quotedName: String {
    let shown = unicodeScalars.prefix(120).map { scalar in
      scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return "`\(shown.joined())\(unicodeScalars.count > 120 ? "…" : "")`"
  }
}
