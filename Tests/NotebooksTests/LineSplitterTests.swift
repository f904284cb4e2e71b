import Testing

@testable import Notebooks

@Suite struct LineSplitterTests {
  private func lines(_ chunks: [String], limit: Int = 100) -> [String] {
    var splitter = LineSplitter(limit: limit)
    var found: [String] = []
    for chunk in chunks {
      Array(chunk.utf8).withUnsafeBytes { splitter.feed($0) { found.append($0) } }
    }
    splitter.end { found.append($0) }
    return found
  }

  @Test func `joins chunks and ends at line breaks`() {
    #expect(lines(["a", "b\nc", "\n\nd"]) == ["ab", "c", "", "d"])
    #expect(lines([]) == [])
    #expect(lines(["a\r\nb\n"]) == ["a", "b"])
  }

  @Test func `keeps the last state of a progress bar`() {
    #expect(lines(["10%\r50%", "\r100%\n"]) == ["100%"])
  }

  @Test func `cuts what is too long`() {
    #expect(lines(["abcdef\ngh\n"], limit: 4) == ["abcd", "gh"])
  }
}
