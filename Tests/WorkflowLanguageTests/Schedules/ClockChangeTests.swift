import TestKit
import Testing
import Values
import WorkflowLanguage

/// 240 cases around changes of the clocks: 12 zones, 5 kinds of schedules, both changes of 2024, two questions.
///
/// Expected: Python 3.11, zoneinfo; `Tests/Reference/dst_schedules.py` says how.
@Suite struct ClockChangeTests {
  @Test func `sessions around a change of the clocks are those that zoneinfo tells`() throws {
    let text = try RepositoryFile.text("Tests/Reference/dst_schedules.json")
    let cases = try #require(try JSON.decode(text).array)
    #expect(cases.count == 240)
    for value in cases {
      let given = try #require(value.object)
      let kind = given["kind"]?.string ?? ""
      let schedule = try Schedule(
        [kind: given["text"] ?? .null],
        timezone: given["zone"]?.string ?? ""
      )
      let start = given["from"]?.int ?? 0
      let expected = (given["expected"]?.array ?? []).compactMap(\.int)
      var found: [Int64] = []
      if given["question"] == "first" {
        let first = schedule.first(at: start)
        found = [first.sessionTime]
        #expect(first.runTime == first.sessionTime + (given["delay"]?.int ?? 0), "\(value)")
      } else {
        var session = start
        while found.count < expected.count {
          session = schedule.next(after: session).sessionTime
          found.append(session)
        }
      }
      #expect(found == expected, "\(value)")
    }
  }
}
