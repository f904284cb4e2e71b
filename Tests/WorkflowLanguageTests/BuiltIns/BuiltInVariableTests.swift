import Testing
import Values

@testable import WorkflowLanguage

/// Section 5 of the language; moments: 1714572000 is 2024-05-01T23:00:00+09:00 (Python 3.11, datetime).
@Suite struct BuiltInVariableTests {
  private func clock(_ zone: String = "Asia/Tokyo") throws -> SessionClock {
    SessionClock(
      zone: try ZoneRules(zone),
      projectID: 1,
      sessionID: 22,
      attemptID: 333,
      sessionUUID: "u-u",
      sessionTime: 1_714_572_000
    )
  }

  @Test func `names the session in six forms and its ids`() throws {
    let map = try BuiltInVariables.make(clock(), taskName: "+wf+a^sub+b")
    let expected: ObjectValue = [
      "timezone": "Asia/Tokyo", "project_id": 1, "session_id": 22, "attempt_id": 333,
      "session_uuid": "u-u", "task_name": "+wf+a^sub+b",
      "session_time": "2024-05-01T23:00:00+09:00",
      "session_unixtime": 1_714_572_000, "session_date": "2024-05-01",
      "session_date_compact": "20240501", "session_local_time": "2024-05-01 23:00:00",
      "session_tz_offset": "+0900", "last_executed_session_time": "",
      "last_executed_session_unixtime": "", "last_executed_session_date": "",
      "last_executed_session_date_compact": "", "last_executed_session_local_time": "",
      "last_executed_session_tz_offset": "+0900",
    ]
    #expect(map == expected)
  }

  @Test func `writes UTC as an offset`() throws {
    let map = try BuiltInVariables.make(clock("UTC"), taskName: "+w")
    #expect(map["session_time"] == "2024-05-01T14:00:00+00:00")
    #expect(map["session_tz_offset"] == "+0000")
  }

  @Test func `adds what only some sessions have`() throws {
    var session = try clock()
    session.retryAttemptName = "again"
    session.projectPath = "project"
    session.lastExecutedSessionTime = 1_714_485_600
    let map = try BuiltInVariables.make(session, taskName: "+w", workingFolder: "project/sub")
    #expect(map["retry_attempt_name"] == "again")
    #expect(map["_project_path"] == "project")
    #expect(map["_workdir"] == "project/sub")
    #expect(map["last_executed_session_date"] == "2024-04-30")
  }

  @Test func `takes the neighbours of a scheduled session from the schedule`() throws {
    var session = try clock()
    #expect(try BuiltInVariables.make(session, taskName: "+w")["last_session_time"] == nil)
    session.setNeighbours(from: try Schedule(["hourly>": "10:00"], timezone: "Asia/Tokyo"))
    let map = try BuiltInVariables.make(session, taskName: "+w")
    #expect(map["last_session_local_time"] == "2024-05-01 22:00:00")
    #expect(map["next_session_unixtime"] == 1_714_575_600)
    #expect(map["next_session_date_compact"] == "20240502")
  }

  @Test func `derives the forms of a time that was given`() throws {
    let given: ObjectValue = ["last_session_time": "2024-04-30T23:00:00+00:00"]
    let map = try BuiltInVariables.make(clock(), taskName: "+w", sessionParameters: given)
    #expect(map["last_session_time"] == "2024-05-01T08:00:00+09:00")
    #expect(map["last_session_date"] == "2024-05-01")
    #expect(map["next_session_time"] == nil)
    #expect(throws: WorkflowError.self) {
      try BuiltInVariables.make(
        clock(),
        taskName: "+w",
        sessionParameters: ["last_session_time": "yesterday"]
      )
    }
  }

  /// `now` is 2024-05-01T23:25:45 in Kolkata.
  @Test(
    arguments: [
      ("now", "2024-05-01T23:25:45+05:30"), ("daily", "2024-05-01T00:00:00+05:30"),
      ("hourly", "2024-05-01T23:00:00+05:30"), ("2024-02-29", "2024-02-29T00:00:00+05:30"),
      ("2024-02-29 07:08:09", "2024-02-29T07:08:09+05:30"),
      ("2024-02-29 07:08", "2024-02-29T07:08:00+05:30"),
      ("2024-02-29T07:08:09Z", "2024-02-29T12:38:09+05:30"),
      ("2024-02-29T07:08:09.123+09:00", "2024-02-29T03:38:09+05:30"),
      ("2024-02-29 07:08:09 +0000", "2024-02-29T12:38:09+05:30"),
    ] as [(String, String)]
  )
  func `reads session times`(text: String, expected: String) throws {
    let zone = try ZoneRules("Asia/Kolkata")
    let now = try SessionTime(parsing: "2024-05-01T23:25:45+05:30", in: zone, now: 0).unixTime
    #expect(try SessionTime(parsing: text, in: zone, now: now).text == expected)
  }

  @Test(
    arguments: [
      "", "tomorrow", "2024-02-30", "2024-2-3", "2024-02-29 24:00:00", "2024-02-29 7", "20240229",
      "2024-02-29 07:08:09 JST", "2024-02-29T07:08:09+25:00", "2024-02-2x", "2024-02-29x",
    ])
  func `refuses other session times`(text: String) throws {
    let zone = try ZoneRules("UTC")
    #expect(throws: WorkflowError.self) { try SessionTime(parsing: text, in: zone, now: 0) }
  }
}
