import TestKit
import Testing
import Values

/// Expected times follow the language's rules; the changes of clocks were computed with Python's zoneinfo.
@Suite struct ScheduleCommandTests {
  @Test(arguments: [
    (
      #"{"daily>": "07:00:00"}"#, "Asia/Tokyo", "2024-05-02", "next", "2024-05-03T00:00:00+09:00",
      "2024-05-03T07:00:00+09:00"
    ),
    (
      #"{"daily>": "07:00:00"}"#, "UTC", "2024-05-02 07:00:00", "first",
      "2024-05-02T00:00:00+00:00", "2024-05-02T07:00:00+00:00"
    ),
    (
      #"{"hourly>": "30:00"}"#, "UTC", "2024-05-02 07:00:00", "last", "2024-05-02T06:00:00+00:00",
      "2024-05-02T06:30:00+00:00"
    ),
    (
      #"{"daily>": "07:00:00"}"#, "America/New_York", "2024-03-09", "next",
      "2024-03-10T00:00:00-05:00", "2024-03-10T08:00:00-04:00"
    ),
    (
      #"{"cron>": "*/15 * * * *", "end": "2024-05-02"}"#, "UTC", "2024-05-03", "next",
      "9999-01-01T00:00:00+00:00", "9999-01-01T00:00:00+00:00"
    ),
  ])
  func `finds sessions`(
    spec: String,
    zone: String,
    at: String,
    fn: String,
    session: String,
    run: String
  ) async throws {
    let folder = try TemporaryFolder()
    let outcome = try await TadoruProcess.run(
      ["schedule", "next", "--spec", spec, "--timezone", zone, "--at", at, "--fn", fn, "--json"],
      in: folder.path
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try JSON.decode(outcome.output) == [
        "session_time": .string(session), "run_time": .string(run),
      ]
    )
  }

  @Test func `a refused schedule gives a message and a code`() async throws {
    let folder = try TemporaryFolder()
    for spec in [#"{"daily>": "07:00:00", "at": 1}"#, #"{"fortnightly>": "x"}"#, "{}"] {
      let outcome = try await TadoruProcess.run(
        ["schedule", "next", "--spec", spec],
        in: folder.path
      )
      #expect(outcome.status == 3)
      #expect(outcome.errors.hasPrefix("error: "))
    }
    #expect(
      try await TadoruProcess.run(["schedule", "next", "--spec", "nonsense"], in: folder.path)
        .status == 2
    )
  }

  @Test func `previews what comes`() async throws {
    let project = try ProjectFixture([
      "w.dig": "schedule:\n  weekly>: Sun,09:00:00\n+a:\n  echo>: x\n"
    ])
    let outcome = try await TadoruProcess.run(
      ["schedule", "preview", "w", "--count", "2", "--from", "2024-05-01", "--format", "csv"],
      in: project.folder.path
    )
    #expect(
      outcome.output == """
        session_time,run_time
        2024-05-05T00:00:00+00:00,2024-05-05T09:00:00+00:00
        2024-05-12T00:00:00+00:00,2024-05-12T09:00:00+00:00

        """
    )
  }
}
