import Testing
import Values

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "-0.5", "[1,2.0,\"x\"]", "{\"b\":1,\"a\":{\"c\":[]}}", "\"\\u0001\\n\\\"\"",
    "9223372036854775807",
  ])
  func `writes back what it read`(text: String) throws {
    #expect(JSON.encode(try JSON.decode(text)) == text)
  }

  @Test func `tells integers from floats`() throws {
    #expect(try JSON.decode("[1, 1.0, 1e2]") == .array([.int(1), .double(1), .double(100)]))
  }

  @Test func `joins surrogate pairs and replaces lone ones`() throws {
    #expect(try JSON.decode(#""\ud83d\ude00""#) == "😀")
    #expect(try JSON.decode(#""\ud83d""#) == "\u{FFFD}")
  }

  @Test(arguments: [
    ("{\"a\":1,}", 1, 8), ("[1 2]", 1, 4), ("\n\n  x", 3, 3), ("01", 1, 3), ("\"a", 1, 3),
    ("", 1, 1),
  ])
  func `names line and column of a mistake`(text: String, line: Int, column: Int) {
    #expect {
      try JSON.decode(text)
    } throws: { error in
      (error as? JSONError).map { ($0.line, $0.column) == (line, column) } ?? false
    }
  }

  @Test func `refuses nesting that would exhaust the stack`() {
    #expect(throws: JSONError.self) {
      try JSON.decode(String(repeating: "[", count: 100_000))
    }
  }
}
