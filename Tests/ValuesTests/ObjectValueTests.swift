import Testing
import Values

@Suite struct ObjectValueTests {
  @Test func `keeps the position of the first insertion`() {
    var object: ObjectValue = ["a": 1, "b": 2]
    object["a"] = 3
    object["c"] = 4
    #expect(object.keys == ["a", "b", "c"])
    #expect(object["a"] == 3)
  }

  @Test func `finds keys after it grew and shrank`() {
    var object = ObjectValue((0..<20).map { ("k\($0)", .int(Int64($0))) })
    object["k3"] = nil
    #expect(object["k19"] == 19)
    for key in object.keys.dropFirst(4) { object[key] = nil }
    #expect(object.keys == ["k0", "k1", "k2", "k4"])
    #expect(object["k4"] == 4)
  }

  @Test func `merges objects deeply and replaces lists`() {
    let base: ObjectValue = ["a": ["x": 1, "l": [1, 2]]]
    let merged = base.merging(["a": ["y": 2, "l": [3]], "b": nil])
    #expect(merged == ["a": ["x": 1, "l": [3], "y": 2], "b": nil])
  }

  @Test func `sets and removes along a path`() {
    var object = ObjectValue()
    object.set(5, at: ["td", "last_results", "n"])
    #expect(object[path: ["td", "last_results", "n"]] == 5)
    object.remove(at: ["td", "last_results"])
    #expect(object == ["td": [:]])
  }

  @Test func `suggests near words only`() {
    #expect(
      Suggestion.nearest(to: "_exprot", among: ["_export", "_error", "schedule"]).first == "_export"
    )
    #expect(Suggestion.nearest(to: "zzz", among: ["_export"]).isEmpty)
  }
}
