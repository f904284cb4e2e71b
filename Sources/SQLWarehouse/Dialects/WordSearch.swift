/// Finds a whole word in SQL text, ignoring case and skipping comments.
struct WordSearch {
  let text: String

  /// The first occurrence in a line (counted from 1) that passes the test.
  func first(_ word: String, where accepts: (Int) -> Bool) -> WarehouseError.Place? {
    let wanted = Array(word.lowercased())
    guard !wanted.isEmpty else { return nil }
    var inBlock = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let characters = Array(line.lowercased())
      var position = 0
      while position < characters.count {
        let rest = characters[position...]
        if inBlock {
          inBlock = !rest.starts(with: ["*", "/"])
          position += inBlock ? 1 : 2
          continue
        }
        if rest.starts(with: ["-", "-"]) { break }
        if rest.starts(with: ["/", "*"]) {
          inBlock = true
          position += 2
          continue
        }
        if rest.starts(with: wanted), accepts(index + 1),
          isEdge(characters, position - 1, wanted[0]),
          isEdge(characters, position + wanted.count, wanted[wanted.count - 1])
        {
          return WarehouseError.Place(line: index + 1, column: position + 1)
        }
        position += 1
      }
    }
    return nil
  }

  /// True where a word may start or end: next to something that no name goes on with.
  private func isEdge(_ characters: [Character], _ position: Int, _ neighbour: Character) -> Bool {
    guard characters.indices.contains(position) else { return true }
    return !isNamePart(characters[position]) || !isNamePart(neighbour)
  }

  private func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}
