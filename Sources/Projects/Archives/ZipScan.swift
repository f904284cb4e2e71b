import Foundation

/// Looks through the directory at the end of a zip for names with NUL characters, where libarchive cuts them, and for
/// entries with two names.
enum ZipScan {
  private static let longestDirectory: UInt64 = 32 << 20

  /// - Throws: ``ProjectError`` `badArchive`.
  static func check(_ file: FileHandle) throws {
    let length = try file.seekToEnd()
    let tailLength = min(length, 22 + 0xffff)
    try file.seek(toOffset: length - tailLength)
    let tail = Array(try file.readToEnd() ?? Data())
    guard let end = endRecord(in: tail) else { throw damage("has no directory at its end") }
    let size = UInt64(number(tail, end + 12, 4))
    let offset = UInt64(number(tail, end + 16, 4))
    guard size <= longestDirectory, offset + size <= length else {
      throw damage("has a directory of a wrong size")
    }
    try file.seek(toOffset: offset)
    try checkNames(Array(try file.read(upToCount: Int(size)) ?? Data()), file)
  }

  private static func endRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return (0...(tail.count - 22)).last { number(tail, $0, 4) == 0x0605_4b50 }
  }

  private static func checkNames(_ directory: [UInt8], _ file: FileHandle) throws {
    var place = 0
    while place + 46 <= directory.count, number(directory, place, 4) == 0x0201_4b50 {
      let start = place + 46
      let end = start + number(directory, place + 28, 2)
      guard end <= directory.count else { throw damage("has a directory that is cut off") }
      let name = directory[start..<end]
      guard !name.contains(0) else {
        throw damage(
          "has the name \(String(decoding: name, as: UTF8.self).quotedName) with a NUL character"
        )
      }
      try checkSecondName(name, file, UInt64(number(directory, place + 42, 4)))
      place = end + number(directory, place + 30, 2) + number(directory, place + 32, 2)
    }
    guard place == directory.count else { throw damage("has a directory that is damaged") }
  }

  /// Each name stands before its content again; one program reads it there, another one here.
  private static func checkSecondName(
    _ name: ArraySlice<UInt8>,
    _ file: FileHandle,
    _ offset: UInt64
  ) throws {
    try file.seek(toOffset: offset)
    let header = Array(try file.read(upToCount: 30 + name.count) ?? Data())
    guard header.count == 30 + name.count, number(header, 0, 4) == 0x0403_4b50,
      number(header, 26, 2) == name.count, header[30...].elementsEqual(name)
    else {
      throw damage(
        "has another name in its directory for \(String(decoding: name, as: UTF8.self).quotedName)"
      )
    }
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func damage(_ what: String) -> ProjectError {
    ProjectError(.badArchive, "the archive \(what)")
  }
}
