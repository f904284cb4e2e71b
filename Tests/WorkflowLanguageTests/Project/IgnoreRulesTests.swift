import Testing

@testable import WorkflowLanguage

@Suite struct IgnoreRulesTests {
  // Each was asked of `git check-ignore --no-index` 2.39.5; a path that ends in `/` is a folder.
  @Test(
    arguments: [
      ("*.dig", "a.dig", true), ("*.dig", "sub/a.dig", true), ("/*.dig", "sub/a.dig", false),
      ("sub/", "sub/x/y.dig", true), ("sub/", "sub", false), ("sub/", "sub/", true),
      ("a?.dig", "ab.dig", true), ("[ab].dig", "b.dig", true), ("[!ab].dig", "b.dig", false),
      ("[a-c].dig", "b.dig", true), ("**/x.dig", "x.dig", true), ("**/x.dig", "ax.dig", false),
      ("**/x.dig", "a/b/x.dig", true), ("a/**", "a/b/c", true), ("a/**", "a/", false),
      ("a/*/c", "a/b/c", true), ("a/*/c", "a/b/b/c", false), ("a/**/c", "a/c", true),
      ("a/**/c", "a/b/b/c", true), ("a/**/c", "a/bc", false), ("a**/c", "ab/c", true),
      ("***", "a/b", true), ("**", "a", true), ("a/b", "x/a/b", false), ("b", "x/a/b", true),
      ("*.dig\n!keep.dig", "keep.dig", false), ("*.dig\n!keep.dig", "a/keep.dig", false),
      ("!keep.dig\n*.dig", "keep.dig", true), ("sub/\n!sub/keep.dig", "sub/keep.dig", true),
      ("sub/*\n!sub/keep.dig", "sub/keep.dig", false), ("/*\n!/sub", "sub/x", false),
      ("# a.dig", "a.dig", false), ("\\#a", "#a", true), ("\\!a", "!a", true),
      ("a.dig  ", "a.dig", true), ("a\\ ", "a ", true), ("a\\ ", "a", false), ("\ta", "a", false),
      ("", "a.dig", false), ("/", "a", false), ("[", "[", false), ("\\[", "[", true),
      ("[]a]", "]", true), ("[!]a]", "]", false), ("[a\\]]", "]", true),
      ("[[:upper:]]9", "Z9", true),
      ("[[:nope:]]", "n", false), ("[z-a]", "z", true), ("[z-a]", "m", false), ("[-a]", "-", true),
      ("\\*", "a", false), ("a\\", "a", false), ("a\r\nb", "a", true), ("x//a", "x/a", false),
      ("\u{FEFF}a", "a", true), ("[a/b]", "a/x", true),
    ])
  func `ignores as git does`(rules: String, path: String, expected: Bool) {
    let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
    #expect(IgnoreRules(rules).ignores(bare, isFolder: path.hasSuffix("/")) == expected)
  }

  // git compares bytes there and would not.
  @Test func `a question mark stands for one character, however many bytes it has`() {
    #expect(IgnoreRules("?").ignores("é"))
    #expect(IgnoreRules("[!a]").ignores("日"))
  }

  @Test func `a glob of many stars ends soon`() {
    let rules = IgnoreRules(String(repeating: "*a", count: 60) + "b")
    #expect(!rules.ignores(String(repeating: "a", count: 200)))
    #expect(
      !IgnoreRules(String(repeating: "**/", count: 60) + "b").ignores(
        String(repeating: "a/", count: 200)
      )
    )
  }
}
