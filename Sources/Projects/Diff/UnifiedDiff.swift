/// The difference of two texts in the unified format, with three lines around each change.
enum UnifiedDiff {
  private static let context = 3

  fileprivate struct Hunk {
    var oldStart: Int
    var newStart: Int
    var oldCount = 0
    var newCount = 0
    var body: [UInt8] = []
  }

  /// Both sides are UTF-8; nil where there is no file.
  static func text(path: String, old: [UInt8]?, new: [UInt8]?) -> String {
    let oldLines = lines(old ?? [])
    let newLines = lines(new ?? [])
    let hunks = hunks(oldLines, newLines, LineDiff(oldLines, newLines).steps())
    var text = Array("--- \(old == nil ? "/dev/null" : "a/" + path)\n".utf8)
    text += Array("+++ \(new == nil ? "/dev/null" : "b/" + path)\n".utf8)
    for hunk in hunks {
      let old = range(hunk.oldStart, hunk.oldCount)
      let new = range(hunk.newStart, hunk.newCount)
      text += Array("@@ -\(old) +\(new) @@\n".utf8) + hunk.body
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Lines with their ends; the last one may have none.
  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a).map { $0 + 1 } ?? rest.endIndex
      lines.append(rest[..<end])
      rest = rest[end...]
    }
    return lines
  }

  /// An empty range stands behind the line before it.
  private static func range(_ start: Int, _ count: Int) -> String {
    let first = count == 0 ? start : start + 1
    return count == 1 ? "\(first)" : "\(first),\(count)"
  }

  private static func hunks(
    _ old: [ArraySlice<UInt8>],
    _ new: [ArraySlice<UInt8>],
    _ steps: [LineDiff.Step]
  ) -> [Hunk] {
    let changes = steps.indices.filter { steps[$0] != .keep }
    var isShown = Array(repeating: false, count: steps.count)
    for change in changes {
      for near in max(0, change - context)...min(steps.count - 1, change + context) {
        isShown[near] = true
      }
    }
    var hunks: [Hunk] = []
    var (x, y) = (0, 0)
    for (index, step) in steps.enumerated() {
      if isShown[index] {
        if index == 0 || !isShown[index - 1] { hunks.append(Hunk(oldStart: x, newStart: y)) }
        let line = step == .add ? new[y] : old[x]
        hunks[hunks.count - 1].append(step, line)
      }
      if step != .add { x += 1 }
      if step != .remove { y += 1 }
    }
    return hunks
  }
}

extension UnifiedDiff.Hunk {
  fileprivate mutating func append(_ step: LineDiff.Step, _ line: ArraySlice<UInt8>) {
    switch step {
    case .keep:
      body.append(0x20)
      oldCount += 1
      newCount += 1
    case .remove:
      body.append(0x2d)
      oldCount += 1
    case .add:
      body.append(0x2b)
      newCount += 1
    }
    body += line
    if line.last != 0x0a { body += Array("\n\\ No newline at end of file\n".utf8) }
  }
}
