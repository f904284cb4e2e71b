import Values
import WorkflowLanguage

/// How the tests came out, for people and for programs.
struct TestReport {
  /// One test and what came out otherwise than it says.
  struct Result: Sendable {
    let file: String
    let test: WorkflowTest
    let failures: [TestFailure]
    let seconds: Double
    /// Answers that no task asked for, warnings of the attempt.
    let notes: [String]

    var isPassed: Bool { failures.isEmpty }

    /// What people read.
    var lines: [String] {
      guard !isPassed else { return ["ok    \(test.name)"] }
      return ["FAIL  \(test.name)  (\(test.place?.description ?? file))"]
        + failures.flatMap(\.lines).map { "        " + $0 }
        + notes.map { "        note: " + $0 }
    }
  }

  var results: [Result] = []

  var isPassed: Bool { results.allSatisfy(\.isPassed) }

  var summary: String {
    let failed = results.count { !$0.isPassed }
    let seconds = results.reduce(0) { $0 + $1.seconds }
    let tenths = (seconds * 10).rounded() / 10
    return
      "\(results.count) \(results.count == 1 ? "test" : "tests"): \(results.count - failed) passed, \(failed) failed (\(tenths) s)"
  }

  var value: Value {
    [
      "ok": .bool(isPassed), "passed": .int(Int64(results.count { $0.isPassed })),
      "failed": .int(Int64(results.count { !$0.isPassed })),
      "tests": .array(results.map(entry)),
    ]
  }

  private func entry(_ result: Result) -> Value {
    [
      "name": .string(result.test.name), "file": .string(result.file),
      "line": result.test.place.map { .int(Int64($0.line)) } ?? .null,
      "workflow": .string(result.test.workflow), "ok": .bool(result.isPassed),
      "seconds": .double(result.seconds), "failures": .array(result.failures.map(entry)),
      "notes": .array(result.notes.map { .string($0) }),
    ]
  }

  private func entry(_ failure: TestFailure) -> Value {
    [
      "message": .string(failure.message),
      "file": failure.place.map { .string($0.file) } ?? .null,
      "line": failure.place.map { .int(Int64($0.line)) } ?? .null,
      "column": failure.place.map { .int(Int64($0.column)) } ?? .null,
      "expected": failure.expected.map { .string($0) } ?? .null,
      "found": failure.found.map { .string($0) } ?? .null,
    ]
  }
}
