import TestKit
import Testing

@testable import Projects

@Suite struct DiffTests {
  @Test func `files are added, removed and changed`() throws {
    let data = try DataFolder()
    let flow = "+t: {echo>: 1}\n"
    let old = try data.push(
      "p",
      ["a.dig": flow, "gone.sql": "SELECT 1\n", "same": "x", "b": "\u{0}1"]
    )
    let new = try data.push(
      "p",
      ["a.dig": flow + "+u: {echo>: 2}\n", "new/x.sql": "SELECT 2", "same": "x", "b": "\u{0}12"]
    )
    let found = try data.store.diff(old, new)
    #expect(
      found == [
        FileDifference(
          path: "a.dig",
          change: .changed,
          oldSizeInBytes: 15,
          newSizeInBytes: 30,
          content: .text("--- a/a.dig\n+++ b/a.dig\n@@ -1 +1,2 @@\n \(flow)++u: {echo>: 2}\n")
        ),
        FileDifference(
          path: "b",
          change: .changed,
          oldSizeInBytes: 2,
          newSizeInBytes: 3,
          content: .binary
        ),
        FileDifference(
          path: "gone.sql",
          change: .removed,
          oldSizeInBytes: 9,
          newSizeInBytes: nil,
          content: .text("--- a/gone.sql\n+++ /dev/null\n@@ -1 +0,0 @@\n-SELECT 1\n")
        ),
        FileDifference(
          path: "new/x.sql",
          change: .added,
          oldSizeInBytes: nil,
          newSizeInBytes: 8,
          content: .text(
            "--- /dev/null\n+++ b/new/x.sql\n@@ -0,0 +1 @@\n+SELECT 2\n\\ No newline at end of file\n"
          )
        ),
      ]
    )
    #expect(try data.store.diff(old, old) == [])
    #expect(try data.store.diff(new, old).map(\.change) == [.changed, .changed, .added, .removed])
  }

  @Test func `a large file is compared and not shown`() throws {
    let data = try DataFolder()
    let large = String(repeating: "line\n", count: 60_000)
    let old = try data.push("p", ["a.dig": "+t: {echo>: 1}", "x": large, "y": large])
    let new = try data.push(
      "p",
      [
        "a.dig": "+t: {echo>: 1}",
        "x": large.replacing("e\nline\nl", with: "E\nLINE\nL", maxReplacements: 1), "y": large,
      ]
    )
    let found = try data.store.diff(old, new)
    #expect(found.map(\.path) == ["x"])
    #expect(found.first?.content == .binary)
  }

  // GNU diff 3.8 gives the same text for these two.
  @Test func `changes that are far apart stand in parts of their own`() {
    let old = (1...20).map { "\($0)\n" }.joined()
    let new = old.replacing("2\n3\n", with: "2\nx\n3\n", maxReplacements: 1).replacing(
      "18\n",
      with: ""
    )
    let expected = """
      --- a/f
      +++ b/f
      @@ -1,5 +1,6 @@
       1
       2
      +x
       3
       4
       5
      @@ -15,6 +16,5 @@
       15
       16
       17
      -18
       19
       20

      """
    #expect(UnifiedDiff.text(path: "f", old: Array(old.utf8), new: Array(new.utf8)) == expected)
  }

  // The example of E. Myers' paper, figure 1: five differences.
  @Test func `the shortest way is found`() {
    let steps = LineDiff(lines("ABCABBA"), lines("CBABAC")).steps()
    #expect(steps.count { $0 != .keep } == 5)
  }

  @Test func `steps lead from one side to the other, whatever the two are`() {
    var state: UInt32 = 1
    func next(_ limit: UInt32) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int((state >> 16) % limit)
    }
    for _ in 0..<300 {
      let old = (0..<next(12)).map { _ in next(4) }
      let new = (0..<next(12)).map { _ in next(4) }
      let a = old.map { ArraySlice([UInt8($0)]) }
      let b = new.map { ArraySlice([UInt8($0)]) }
      let steps = LineDiff(a, b).steps()
      #expect(applied(steps, to: a, b) == b)
      #expect(steps.count { $0 == .keep } == longestCommon(old, new))
    }
  }

  @Test func `texts with too many differences are replaced as a whole`() {
    let a = (0..<3_000).map { ArraySlice(Array("a\($0)".utf8)) }
    let b = (0..<3_000).map { ArraySlice(Array("b\($0)".utf8)) }
    let steps = LineDiff(a, b).steps()
    #expect(applied(steps, to: a, b) == b)
    #expect(steps.count == 6_000)
  }

  private func lines(_ text: String) -> [ArraySlice<UInt8>] { text.utf8.map { [$0] } }

  private func applied(
    _ steps: [LineDiff.Step],
    to old: [ArraySlice<UInt8>],
    _ new: [ArraySlice<UInt8>]
  ) -> [ArraySlice<UInt8>] {
    var (x, y) = (0, 0)
    var result: [ArraySlice<UInt8>] = []
    for step in steps {
      switch step {
      case .keep:
        result.append(old[x])
        (x, y) = (x + 1, y + 1)
      case .remove: x += 1
      case .add:
        result.append(new[y])
        y += 1
      }
    }
    return x == old.count ? result : []
  }

  /// The textbook table, which is slow and plain.
  private func longestCommon(_ a: [Int], _ b: [Int]) -> Int {
    var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in a.indices {
      for j in b.indices {
        table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
      }
    }
    return table[a.count][b.count]
  }
}
