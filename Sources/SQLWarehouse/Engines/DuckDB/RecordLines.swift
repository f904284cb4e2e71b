import Foundation

/// Finds the line on which a record of a text file begins: records may hold line ends inside of quotes.
struct RecordLines {
  private let file: String
  private let quote: UInt8?
  private let skipsBlankLines: Bool
  private let isPlain: Bool

  init(_ file: String, _ source: TableSource) {
    self.file = file
    isPlain = !source.isGzip && !file.hasSuffix(".gz") && !file.hasSuffix(".zst")
    switch source.format {
    case .csv(let format): (quote, skipsBlankLines) = (format.quote.utf8.first, false)
    case .json(let isLines): (quote, skipsBlankLines) = (nil, isLines)
    case .parquet: (quote, skipsBlankLines) = (nil, false)
    }
  }

  /// - Parameter record: counted from 1.
  /// - Returns: nil for a packed file, and past the end.
  func line(ofRecord record: Int) -> Int? {
    guard isPlain, let handle = FileHandle(forReadingAtPath: file) else { return nil }
    defer { handle.closeFile() }
    var (line, number, isQuoted, isBlank, start) = (1, 0, false, true, 1)
    while true {
      // why: the line is a help; a file that cannot be read again has none
      guard let data = try? handle.read(upToCount: 1 << 20), !data.isEmpty else { break }
      for byte in data {
        if byte == UInt8(ascii: "\n") {
          line += 1
          guard !isQuoted else { continue }
          if !(skipsBlankLines && isBlank) { number += 1 }
          if number == record { return start }
          (start, isBlank) = (line, true)
        } else {
          if byte == quote { isQuoted.toggle() }
          if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\r") { isBlank = false }
        }
      }
    }
    return number + 1 == record ? start : nil
  }
}
