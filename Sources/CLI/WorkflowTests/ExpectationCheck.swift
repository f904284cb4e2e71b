import Operators
import Synchronization
import Values
import WorkflowEngine
import WorkflowLanguage

/// Compares what an attempt did with what a test expects of it.
struct ExpectationCheck {
  let expected: TestExpectation
  let outcome: TestedAttempt.Outcome
  private let state: TestRecord.State
  private let entries: [TaskEntry]
  private let names: [String]

  init(_ expected: TestExpectation, _ outcome: TestedAttempt.Outcome) {
    self.expected = expected
    self.outcome = outcome
    state = outcome.record.state.withLock { $0 }
    entries = outcome.tree.entries
    var seen: Set<String> = []
    names = entries.map(\.fullName).filter { seen.insert($0).inserted }
  }

  func failures() -> [TestFailure] {
    var failures: [TestFailure] = []
    let status = outcome.status.rawValue
    // A test that says nothing of the end expects the good one.
    let wanted = expected.status ?? (expected.error == nil ? "success" : "error", nil)
    if wanted.0 != status {
      failures.append(
        TestFailure("the attempt ended as `\(status)`, expected `\(wanted.0)`", at: wanted.1)
      )
      failures += firstErrors()
    }
    for task in expected.tasks { failures += check(task) }
    failures +=
      order()
      + texts(expected.statements, "statement") { state.statements[$0]?.joined(separator: "\n") }
    failures += texts(expected.scripts, "script") { state.scripts[$0] }
    failures += parameters() + mails()
    if let output = expected.output {
      failures += output.failures(of: String(decoding: state.output, as: UTF8.self), "the output")
    }
    if let error = expected.error {
      let messages = entries.compactMap { $0.error?.message }.joined(separator: "\n")
      failures += error.failures(of: messages, "the error")
    }
    return failures
  }

  /// What failed, when the test did not expect a failure.
  private func firstErrors() -> [TestFailure] {
    guard outcome.status != .success else { return [] }
    return entries.compactMap { entry in
      entry.error.map { TestFailure("\(entry.fullName) failed: \($0.message)", at: nil) }
    }.prefix(5).map { $0 }
  }

  private enum Found {
    case one(String)
    case problem(TestFailure)
  }

  /// The full name that a name of the test means.
  private func find(_ name: String, at place: SourceLocation?) -> Found {
    let found = names.filter { $0.hasSuffix(name) }
    if found.count == 1 { return .one(found[0]) }
    if found.contains(name) { return .one(name) }
    guard found.isEmpty else {
      let shown = found.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
      return .problem(
        TestFailure(
          "`\(name)` is the end of \(found.count) names: \(shown); write more of it",
          at: place
        )
      )
    }
    let lasts = Array(Set(entries.map(\.node.name))).filter { $0.hasPrefix("+") }
    let near = Suggestion.nearest(to: name, among: lasts, limit: 2)
    let hint =
      near.isEmpty ? "" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: " or "))?"
    return .problem(TestFailure("there is no task `\(name)`\(hint)", at: place))
  }

  private func check(_ task: TestExpectation.TaskExpectation) -> [TestFailure] {
    if task.state == "skipped" { return skipped(task) }
    switch find(task.name, at: task.place) {
    case .problem(let failure): return [failure]
    case .one(let name): return check(task, name)
    }
  }

  private func skipped(_ task: TestExpectation.TaskExpectation) -> [TestFailure] {
    entries.filter { $0.fullName.hasSuffix(task.name) && $0.state != .blocked }.prefix(1).map {
      TestFailure(
        "\($0.fullName) ran (`\($0.state.rawValue)`), expected that it is skipped",
        at: task.place
      )
    }
  }

  private func check(_ task: TestExpectation.TaskExpectation, _ name: String) -> [TestFailure] {
    let all = entries.filter { $0.fullName == name }
    guard let entry = all.last else { return [] }
    var failures: [TestFailure] = []
    func fail(_ message: String) {
      failures.append(TestFailure("\(name) \(message)", at: task.place))
    }
    if let state = task.state {
      let found = entry.state.rawValue
      let isSame = state == "failed" ? found.hasSuffix("error") : state == found
      if !isSame {
        fail("is `\(found)`, expected `\(state)`" + (entry.error.map { ": \($0.message)" } ?? ""))
      }
    }
    if let after = task.after {
      let found = entry.upstreams.map { outcome.tree[$0].fullName }
      let isSame =
        found.count == after.count
        && after.allSatisfy { name in found.contains { $0.hasSuffix(name) } }
      if !isSame { fail("waits for \(list(found)), expected \(list(after))") }
    }
    if let tries = task.tries {
      let found = all.reduce(0) { $0 + ($1.startedAt == nil ? 0 : $1.retryCount + 1) }
      if found != tries { fail("was tried \(found) times, expected \(tries)") }
    }
    if let count = task.count, count != all.count {
      fail("is there \(all.count) times, expected \(count)")
    }
    if let error = task.error {
      failures += error.failures(of: entry.error?.message ?? "", "the error of \(name)")
    }
    if let (store, place) = task.store {
      failures += parts(store, of: entry.store, "what \(name) stored", at: place)
    }
    return failures
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.map { "`\($0)`" }.joined(separator: ", ")
  }
}

extension ExpectationCheck {
  private func order() -> [TestFailure] {
    guard let (order, place) = expected.order else { return [] }
    var positions: [(String, Int)] = []
    for name in order {
      switch find(name, at: place) {
      case .problem(let failure): return [failure]
      case .one(let full):
        guard let position = state.started.firstIndex(of: full) else {
          return [TestFailure("\(full) never started", at: place)]
        }
        positions.append((name, position))
      }
    }
    let found = positions.sorted { $0.1 < $1.1 }.map(\.0)
    guard found != order else { return [] }
    return [
      TestFailure(
        "tasks started in another order",
        at: place,
        expected: order.joined(separator: "\n"),
        found: found.joined(separator: "\n")
      )
    ]
  }

  private func texts(
    _ named: TestExpectation.Named<TextExpectation>,
    _ what: String,
    _ text: (String) -> String?
  ) -> [TestFailure] {
    named.flatMap { name, place, expected -> [TestFailure] in
      switch find(name, at: place) {
      case .problem(let failure): return [failure]
      case .one(let full):
        guard let found = text(full) else {
          return [TestFailure("\(full) made no \(what)", at: place)]
        }
        return expected.failures(of: found, "the \(what) of \(full)")
      }
    }
  }

  private func parameters() -> [TestFailure] {
    expected.parameters.flatMap { name, place, map -> [TestFailure] in
      switch find(name, at: place) {
      case .problem(let failure): return [failure]
      case .one(let full):
        guard let found = state.parameters[full] else {
          return [
            TestFailure(
              "\(full) has no recorded parameters: its operator ran, or it did not run",
              at: place
            )
          ]
        }
        return parts(map, of: found, "the parameters of \(full)", at: place)
      }
    }
  }

  /// Keys whose value differs; maps are compared key by key, so a part of a map will do.
  private func parts(
    _ expected: ObjectValue,
    of found: ObjectValue,
    _ what: String,
    at place: SourceLocation?,
    under path: String = ""
  ) -> [TestFailure] {
    expected.flatMap { key, value -> [TestFailure] in
      let name = path + key
      if let inner = value.object, let other = found[key]?.object {
        return parts(inner, of: other, what, at: place, under: name + ".")
      }
      let other = found[key]
      if value.isNull, other == nil || other?.isNull == true { return [] }
      if let other, other == value || (value.double != nil && value.double == other.double) {
        return []
      }
      return [
        TestFailure(
          "\(what): `\(name)` differs",
          at: place,
          expected: JSON.encode(value),
          found: other.map { JSON.encode($0) } ?? "(not there)"
        )
      ]
    }
  }

  private func mails() -> [TestFailure] {
    guard let (mails, place) = expected.mails else { return [] }
    guard mails.count == state.mails.count else {
      let subjects = state.mails.map { "`\($0.subject)`" }.joined(separator: ", ")
      return [
        TestFailure(
          "\(state.mails.count) mails were sent\(subjects.isEmpty ? "" : " (\(subjects))"), expected \(mails.count)",
          at: place
        )
      ]
    }
    return zip(mails, state.mails).enumerated().flatMap { index, pair -> [TestFailure] in
      let (mail, sent) = pair
      let what = "mail \(index + 1)"
      let texts = mail.texts.flatMap { field, text in
        text.failures(
          of: field == "subject" ? sent.subject : field == "body" ? sent.body : sent.from,
          "\(what): `\(field)`"
        )
      }
      let addresses = mail.addresses.flatMap { field, list -> [TestFailure] in
        let found =
          switch field {
          case "to": sent.to
          case "cc": sent.cc
          case "bcc": sent.bcc
          default: sent.attachments
          }
        guard found != list else { return [] }
        return [
          TestFailure(
            "\(what): `\(field)` differs",
            at: mail.place,
            expected: list.joined(separator: "\n"),
            found: found.joined(separator: "\n")
          )
        ]
      }
      return texts + addresses
    }
  }
}
