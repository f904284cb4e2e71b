import TestKit
import Testing
import Values

@testable import WorkflowLanguage

@Suite struct IncludeTests {
  @Test func `takes the place of the include in order`() throws {
    let value = try load([
      "main.dig": """
      first: 1
      map: {own: 1, deep: {a: 1}}
      !include : config/a.yml
      after: mine
      list:
        - !include : config/item.yml
          x: 1
        - plain
      """,
      "config/a.yml": "after: theirs\nmap: {deep: {b: 2}, more: 2}\nfirst: replaced\nnew: 3\n",
      "config/item.yml": "y: 2\n",
    ])
    #expect(
      value.description
        == #"{"first":"replaced","map":{"own":1,"deep":{"a":1,"b":2},"more":2},"after":"mine","new":3,"list":[{"y":2,"x":1},"plain"]}"#
    )
  }

  @Test func `a key written after the include replaces a whole map`() throws {
    let value = try load(["main.dig": "!include : a.yml\nm: {b: 2}\n", "a.yml": "m: {a: 1}\n"])
    #expect(value == ["m": ["b": 2]])
  }

  @Test func `two includes in one map both count`() throws {
    let value = try load([
      "main.dig": "_export:\n  !include : a.yml\n  !include : b.yml\n  z: 9\n",
      "a.yml": "x: 1\ny: 1\n", "b.yml": "y: 2\n",
    ])
    #expect(value == ["_export": ["x": 1, "y": 2, "z": 9]])
  }

  @Test func `nested includes start at their own folder`() throws {
    let (node, problems) = expand([
      "main.dig": "a: {!include : sub/one.yml}\n", "sub/one.yml": "!include : deep/two.yml\n",
      "sub/deep/two.yml": "k: v\n",
    ])
    #expect(problems.isEmpty)
    let entry = try #require(node?.entries?.first?.value.entries?.first)
    #expect(entry.location?.description == "sub/deep/two.yml:1:1")
    #expect(entry.value.location?.description == "sub/deep/two.yml:1:4")
  }

  @Test func `an empty file brings nothing`() throws {
    #expect(try load(["main.dig": "!include : a.yml\nb: 1\n", "a.yml": "# nothing\n"]) == ["b": 1])
  }

  @Test func `a merge key brings the include of its map`() throws {
    let value = try load([
      "main.dig": "x: &x {!include : a.yml}\ny: {<<: *x, b: 2}\n", "a.yml": "a: 1\n",
    ])
    #expect(value == ["x": ["a": 1], "y": ["a": 1, "b": 2]])
  }

  @Test(
    arguments: [
      (
        "!include : config/parms.yml",
        "main.dig:1:12: File not found: config/parms.yml\n  hint: did you mean `config/params.yml`"
      ),
      ("!include : ../up.yml", "main.dig:1:12: File name must not include ..: ../up.yml"),
      (
        "!include : config/../../up.yml",
        "main.dig:1:12: File name must not include ..: config/../../up.yml"
      ),
      ("!include : /etc/passwd", "main.dig:1:12: File name must not include ..: /etc/passwd"),
      ("!include : config", "main.dig:1:12: File not found: config, `config` is a folder"),
      ("!include : ${x}.yml", "main.dig:1:12: the path of an `!include` is no template"),
      ("!include :", "main.dig:1:11: `!include` needs the path of a file, found null"),
      ("!include : [a]", "main.dig:1:12: `!include` needs the path of a file, found [\"a\"]"),
      ("!include : list.yml", "list.yml:1:1: Expected object to load Config but got array"),
      ("!include : broken.yml", "broken.yml:2:4: a quote is opened here"),
      (
        "!include : circle.yml",
        "circle2.yml:1:16: files include each other in a circle: `circle.yml` → `circle2.yml` → `circle.yml`"
      ),
      (
        "!include : main.dig",
        "main.dig:1:12: files include each other in a circle: `main.dig` → `main.dig`"
      ),
      ("!include foo : a.yml", "main.dig:1:1: `!include foo` is no include"),
    ])
  func `refuses what cannot be included`(text: String, expected: String) {
    let (_, problems) = expand([
      "main.dig": text, "config/params.yml": "a: 1", "list.yml": "- 1",
      "broken.yml": "a: 1\nb: \"x\n",
      "circle.yml": "!include : circle2.yml", "circle2.yml": "x: {!include : circle.yml}",
    ])
    let found = problems.map(\.description)
    #expect(found.first?.hasPrefix(expected) == true, "\(found)")
  }

  @Test func `stops at includes that double without end`() {
    var files = ["main.dig": "a: {!include : f0.yml}\n"]
    for level in 0..<30 {
      files["f\(level).yml"] =
        "a: {!include : f\(level + 1).yml}\nb: {!include : f\(level + 1).yml}\n"
    }
    files["f30.yml"] = (0..<2000).map { "k\($0): 1" }.joined(separator: "\n")
    let (_, problems) = expand(files)
    #expect(problems.count == 1)
    #expect(problems.first?.message.contains("too large or too deep") == true)
  }

  private func load(_ files: [String: String]) throws -> Value {
    let (node, problems) = expand(files)
    #expect(problems.map(\.description) == [])
    return try #require(node).value
  }

  private func expand(_ files: [String: String]) -> (YAMLNode?, [WorkflowError]) {
    do {
      let folder = try TemporaryFolder()
      for (name, text) in files { try folder.write(text, to: name) }
      defer { withExtendedLifetime(folder) {} }
      let project = ProjectFolder(root: folder.path)
      var includes = IncludeExpander(folder: project)
      let node = includes.load("main.dig", bytes: try project.read("main.dig"))
      return (node, includes.takeProblems())
    } catch {
      Issue.record(error)
      return (nil, [])
    }
  }
}
