public import Values

/// What the built-in variables of a task say about its session.
public struct SessionClock: Sendable, Hashable {
  public var zone: ZoneRules
  public var projectID: Int64
  public var sessionID: Int64
  public var attemptID: Int64
  public var sessionUUID: String
  /// Unix seconds, as all times here.
  public var sessionTime: Int64
  /// The neighbours by the schedule of the workflow, whether they ran or not; nil without a schedule.
  public var lastSessionTime: Int64?
  public var nextSessionTime: Int64?
  /// The session before this one that ran.
  public var lastExecutedSessionTime: Int64?
  public var retryAttemptName: String?
  /// The project folder, in a local run.
  public var projectPath: String?

  public init(
    zone: ZoneRules,
    projectID: Int64,
    sessionID: Int64,
    attemptID: Int64,
    sessionUUID: String,
    sessionTime: Int64,
    lastSessionTime: Int64? = nil,
    nextSessionTime: Int64? = nil,
    lastExecutedSessionTime: Int64? = nil,
    retryAttemptName: String? = nil,
    projectPath: String? = nil
  ) {
    self.zone = zone
    self.projectID = projectID
    self.sessionID = sessionID
    self.attemptID = attemptID
    self.sessionUUID = sessionUUID
    self.sessionTime = sessionTime
    self.lastSessionTime = lastSessionTime
    self.nextSessionTime = nextSessionTime
    self.lastExecutedSessionTime = lastExecutedSessionTime
    self.retryAttemptName = retryAttemptName
    self.projectPath = projectPath
  }

  /// Takes the neighbours of the session from the schedule of the workflow.
  public mutating func setNeighbours(from schedule: Schedule) {
    lastSessionTime = schedule.last(before: sessionTime)?.sessionTime
    let next = schedule.next(after: sessionTime)
    nextSessionTime = next == .never ? nil : next.sessionTime
  }
}

/// The names that every task sees without anybody having set them.
public enum BuiltInVariables {
  /// Makes the variables of one task.
  ///
  /// A time that the clock does not have, but the session parameters do (`-p last_session_time=…`), is read from there.
  /// - Parameters:
  ///   - clock: the session and its attempt.
  ///   - taskName: `+wf+a^sub+b`.
  ///   - sessionParameters: what `-p` and its like gave.
  ///   - workingFolder: the folder of a file that was called from a subfolder.
  /// - Returns: the names of the language with their values.
  /// - Throws: ``WorkflowError`` `parameter` when such a time cannot be read.
  public static func make(
    _ clock: SessionClock,
    taskName: String,
    sessionParameters: ObjectValue = [:],
    workingFolder: String? = nil
  ) throws(WorkflowError) -> ObjectValue {
    var variables: ObjectValue = [
      "timezone": .string(clock.zone.id),
      "project_id": .int(clock.projectID),
      "session_id": .int(clock.sessionID),
      "attempt_id": .int(clock.attemptID),
      "session_uuid": .string(clock.sessionUUID),
      "task_name": .string(taskName),
    ]
    variables["retry_attempt_name"] = clock.retryAttemptName.map(Value.string)
    variables["_project_path"] = clock.projectPath.map(Value.string)
    variables["_workdir"] = workingFolder.map(Value.string)
    add("session", clock.sessionTime, clock.zone, to: &variables)
    for (name, known) in [
      ("last_session", clock.lastSessionTime), ("next_session", clock.nextSessionTime),
      ("last_executed_session", clock.lastExecutedSessionTime),
    ] {
      let supplied = try given(name + "_time", sessionParameters, clock.zone)
      if let time = known ?? supplied {
        add(name, time, clock.zone, to: &variables)
      } else if name == "last_executed_session" {
        for form in ["time", "unixtime", "date", "date_compact", "local_time"] {
          variables["\(name)_\(form)"] = ""
        }
        variables["\(name)_tz_offset"] = .string(SessionTime(0, in: clock.zone).zoneOffset)
      }
    }
    return variables
  }

  private static func add(
    _ name: String,
    _ moment: Int64,
    _ zone: ZoneRules,
    to variables: inout ObjectValue
  ) {
    let time = SessionTime(moment, in: zone)
    variables["\(name)_time"] = .string(time.text)
    variables["\(name)_unixtime"] = .int(time.unixTime)
    variables["\(name)_date"] = .string(time.date)
    variables["\(name)_date_compact"] = .string(time.compactDate)
    variables["\(name)_local_time"] = .string(time.localTime)
    variables["\(name)_tz_offset"] = .string(time.zoneOffset)
  }

  private static func given(
    _ name: String,
    _ parameters: ObjectValue,
    _ zone: ZoneRules
  ) throws(WorkflowError) -> Int64? {
    guard let value = parameters[name], !value.isNull, value != "" else { return nil }
    guard let moment = SessionTime.moment(of: value.text, in: zone) else {
      throw WorkflowError(
        .parameter,
        "`\(name)` is no time: `\(value.text)`",
        hint: "write it as `2024-05-02T00:00:00+00:00`"
      )
    }
    return moment
  }
}
