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
    // `L` counts as the day behind the 31st, so this range wraps and is 1-5.
    (
      #"{"cron>": "0 0 L-5 * *"}"#, "UTC", "2024-05-05", "next", "2024-06-01T00:00:00+00:00",
      "2024-06-01T00:00:00+00:00"
    ),
    (
      #"{"cron>": "0 0 1,,15, * *|"}"#, "UTC", "2024-05-02", "next", "2024-05-15T00:00:00+00:00",
      "2024-05-15T00:00:00+00:00"
    ),
    // In Troll the clocks go two hours forward at 01:00, and back at 03:00 (tz database, 2016 to 2026).
    (
      #"{"cron>": "30 1 * * *"}"#, "Antarctica/Troll", "2024-03-30 12:00:00", "next",
      "2024-03-31T03:30:00+02:00", "2024-03-31T03:30:00+02:00"
    ),
    (
      #"{"cron>": "30 1 * * *"}"#, "Antarctica/Troll", "2024-10-26 12:00:00", "next",
      "2024-10-27T01:30:00+00:00", "2024-10-27T01:30:00+00:00"
    ),
    // Cairo skips the first hour of 2024-04-26; Apia skipped all of 2011-12-30.
    (
      #"{"daily>": "07:00:00"}"#, "Africa/Cairo", "2024-04-25", "next",
      "2024-04-26T01:00:00+03:00", "2024-04-26T08:00:00+03:00"
    ),
    (
      #"{"daily>": "01:00:00"}"#, "Pacific/Apia", "2011-12-29", "next",
      "2011-12-31T00:00:00+14:00", "2011-12-31T01:00:00+14:00"
    ),
    // Lord Howe Island moves its clocks by half an hour at 02:00.
    (
      #"{"cron>": "15 2 * * *"}"#, "Australia/Lord_Howe", "2024-10-05 12:00:00", "next",
      "2024-10-06T02:45:00+11:00", "2024-10-06T02:45:00+11:00"
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
