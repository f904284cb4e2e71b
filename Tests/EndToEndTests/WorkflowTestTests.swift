import Foundation
import TestKit
import Testing
import Values

/// `tadoru test` with the real executable.
@Suite struct WorkflowTestTests {
  private static let workflow = """
    _export:
      limit: 0.9
      td: {database: d}
    +load:
      _retry: {limit: 2, interval: 3600}
      +fetch:
        sh>: ./fetch.sh ${session_date}
    +measure:
      td>: {data: SELECT auc FROM scores}
      insert_into: results
    +rows:
      td_for_each>: {data: SELECT name FROM t}
      _do:
        +train:
          ml_train>: {notebook: gluon_train, model_name: "m_${td.each.name}"}
    +ask:
      http>: https://example.com/${session_id}
      store_content: true
    +answer:
      if>: ${http.last_content == 'yes'}
      _do:
        mail>: {data: "at ${moment().format()}"}
        subject: Yes
        to: [a@example.com]
    """

  private func test(
    _ text: String,
    _ arguments: [String] = []
  ) async throws -> TadoruProcess.Outcome {
    let folder = try TemporaryFolder()
    try folder.write(Self.workflow, to: "w.dig")
    try folder.write(text, to: "tests/w.test.yml")
    return try await TadoruProcess.run(["test"] + arguments, in: folder.path)
  }

  @Test func `the example of the manual runs as it is written there`() async throws {
    let manual = try RepositoryFile.text("docs/testing-workflows.md")
    let folder = try TemporaryFolder()
    for match in manual.matches(of: /`([a-z\/.]+)`:\n\n```[a-z]+\n([\s\S]*?)```/) {
      try folder.write(String(match.2), to: String(match.1))
    }
    let outcome = try await TadoruProcess.run(["test"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("2 tests: 2 passed, 0 failed"))
    try folder.write(
      "SELECT auc FROM results WHERE day = '${session_date}'\n",
      to: "queries/auc.sql"
    )
    let failed = try await TadoruProcess.run(["test"], in: folder.path)
    #expect(failed.status == 1)
    let shown = try #require(manual.firstMatch(of: /```\n(tests\/alert[\s\S]*?)\n2 tests/))
    #expect(failed.output.hasPrefix(String(shown.1)), "\(failed.output)")
  }

  @Test func `everything a test can fix and expect`() async throws {
    let outcome = try await test(
      """
      workflow: w
      session: 2026-03-01
      answers:
        +ask: {content: "yes"}
      tests:
        - name: all of it
          now: "2026-03-01 12:00:00"
          answers:
            +fetch: {fails: 2, message: not yet}
            +rows: {results: [{name: a}, {name: b}]}
          expect:
            tasks:
              +load: {state: success, count: 1}
              +fetch: {count: 3}
              +measure: {after: [+load], store: {td: {last_job: {num_records: 0}}}}
            order: [+fetch, +measure, +rows, +ask]
            statements:
              +measure: |
                INSERT INTO "results"
                SELECT auc FROM scores
            scripts:
              +fetch: ./fetch.sh 2026-03-01
            parameters:
              +td-for-each-1+train: {model_name: m_b}
              +ask: {command: https://example.com/1}
            mails:
              - {subject: "Yes", to: a@example.com, body: {contains: "2026-03-01T12:00:00"}}
        - name: a server that fails
          answers:
            +ask: {status: 404}
          expect:
            status: error
            error: {contains: "HTTP 4XX Client Error"}
            tasks: {+ask: error, +answer: blocked}
            skipped: [+answer]
            mails: []
      """
    )
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }

  @Test func `what differs is told with the place of the expectation`() async throws {
    let outcome = try await test(
      """
      tests:
        - name: wrong
          workflow: w
          expect:
            tasks:
              +mesure: success
            scripts:
              +fetch: ./fetch.sh 2025-01-01
            mails: [{subject: x}]
      """,
      ["--json"]
    )
    #expect(outcome.status == 1)
    let report = try JSON.decode(outcome.output).object
    #expect(report?["failed"] == 1)
    let failures = report?["tests"]?.array?.first?.object?["failures"]?.array ?? []
    let messages = failures.compactMap { $0.object?["message"]?.string }
    #expect(messages.first == "there is no task `+mesure`; did you mean `+measure`?")
    #expect(failures.compactMap { $0.object?["line"]?.int } == [6, 8, 9])
    #expect(failures[1].object?["found"] == "./fetch.sh 2026-01-01")
  }

  @Test(arguments: [
    ("tests: [{name: a, expect: {}}]", "1:9", "no `workflow`"),
    ("tests: [{name: a, workflow: w}]", "1:9", "no `expect`"),
    ("tests: [{name: a, workflow: w, expct: {}, expect: {}}]", "1:32", "did you mean `expect`"),
    ("tests:\n- name: a\n  workflow: v\n  expect: {}", "2:3", "workflow `v` does not exist"),
    (
      "tests:\n- {name: a, workflow: w, expect: {tasks: {+a: done}}}", "2:47",
      "must be one of success"
    ),
    ("tests:\n- {name: a, workflow: w, answers: {load: {}}, expect: {}}", "2:36", "neither a task"),
    ("tests: [", "", "error"),
  ])
  func `a mistake in a test file is refused at its place`(
    text: String,
    place: String,
    words: String
  ) async throws {
    let outcome = try await test(text)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("w.test.yml:\(place)"), "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `queries run on a warehouse of their own when a test asks for it`() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      +n:
        td>: {data: "SELECT count(*) AS n FROM visits WHERE pages > 3"}
        database: shop
        store_last_results: true
      +say: {echo>: "${td.last_results.n}"}
      """,
      to: "w.dig"
    )
    try folder.write(
      """
      tests:
      - name: counts
        workflow: w
        warehouse: real
        tables: {shop.visits: [{name: ada, pages: 5}, {name: bob, pages: 2}]}
        expect: {output: "1"}
      """,
      to: "w.test.yml"
    )
    let outcome = try await TadoruProcess.run(["test"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(!folder.contains(".tadoru"))
  }
}
