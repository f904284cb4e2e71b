import Testing
import Values

@testable import WorkflowLanguage

/// Section 10.1 of the language; expected times: Python 3.11, zoneinfo: every local minute of the window that matches, turned into a moment with
/// `fold=1` (the second pass of a repeated hour), or with `fold=0` when it does not exist (it moves later by the gap).
@Suite struct ScheduleTests {
  struct Case: Sendable {
    let zone: String
    let kind: String
    let text: Value
    let delay: Int64
    let start: Int64
    let sessions: [Int64]

    init(
      _ zone: String,
      _ kind: String,
      _ text: String,
      _ delay: Int64,
      after start: Int64,
      _ sessions: [Int64]
    ) {
      self.zone = zone
      self.kind = kind
      self.text = .string(text)
      self.delay = delay
      self.start = start
      self.sessions = sessions
    }
  }

  static let cases: [Case] = [
    Case(
      "Asia/Tokyo",
      "daily>",
      "07:00:00",
      25200,
      after: 1714572000,
      [1714575600, 1714662000, 1714748400]
    ),
    Case(
      "America/New_York",
      "daily>",
      "07:00:00",
      25200,
      after: 1709960400,
      [1710046800, 1710129600, 1710216000, 1710302400]
    ),
    Case(
      "America/New_York",
      "daily>",
      "07:00:00",
      25200,
      after: 1730520000,
      [1730606400, 1730696400, 1730782800, 1730869200]
    ),
    Case(
      "America/Sao_Paulo",
      "daily>",
      "01:00:00",
      3600,
      after: 1541127600,
      [1541214000, 1541300400, 1541383200, 1541469600]
    ),
    Case(
      "Pacific/Apia",
      "daily>",
      "00:00:00",
      0,
      after: 1325066400,
      [1325152800, 1325239200, 1325325600, 1325412000]
    ),
    Case(
      "America/New_York",
      "hourly>",
      "30:00",
      1800,
      after: 1710048600,
      [1710050400, 1710054000, 1710057600, 1710061200]
    ),
    Case(
      "America/New_York",
      "hourly>",
      "30:00",
      1800,
      after: 1730604600,
      [1730606400, 1730613600, 1730617200, 1730620800]
    ),
    Case(
      "Australia/Lord_Howe",
      "minutes_interval>",
      "20",
      0,
      after: 1712412000,
      [1712413200, 1712416200, 1712417400, 1712418600, 1712419800, 1712421000]
    ),
    Case(
      "Australia/Lord_Howe",
      "minutes_interval>",
      "20",
      0,
      after: 1728140400,
      [1728141000, 1728142200, 1728142800, 1728143400, 1728144000, 1728145200]
    ),
    Case(
      "Europe/London",
      "cron>",
      "30 1 * * *",
      0,
      after: 1711756800,
      [1711762200, 1711848600, 1711931400]
    ),
    Case(
      "Europe/London",
      "cron>",
      "30 1 * * *",
      0,
      after: 1729897200,
      [1729902600, 1729992600, 1730079000]
    ),
    Case(
      "Europe/London",
      "cron>",
      "15,45 1 * * *",
      0,
      after: 1711800000,
      [1711847700, 1711849500, 1711930500, 1711932300]
    ),
    Case(
      "UTC",
      "weekly>",
      "Sun,09:00:00",
      32400,
      after: 1714521600,
      [1714867200, 1715472000, 1716076800]
    ),
    Case("UTC", "weekly>", "7,09:00:00", 32400, after: 1714521600, [1714867200, 1715472000]),
    Case(
      "UTC",
      "monthly>",
      "31,09:00:00",
      32400,
      after: 1706659200,
      [1711843200, 1717113600, 1722384000]
    ),
    Case(
      "UTC",
      "cron>",
      "*/15 9-10 * * 1-5",
      0,
      after: 1714732200,
      [1714733100, 1714986000, 1714986900, 1714987800]
    ),
    Case(
      "UTC",
      "cron>",
      "0 22-2 L * *",
      0,
      after: 1709170200,
      [1709172000, 1709244000, 1709247600, 1711843200]
    ),
    Case("UTC", "cron>", "0 12 13 * fri", 0, after: 1704067200, [1726228800, 1734091200]),
    Case(
      "UTC",
      "cron>",
      "0 5 * jan,jul * | 30 6 1 * *",
      0,
      after: 1706572800,
      [1706590800, 1706677200, 1706769000, 1709274600, 1711953000]
    ),
    Case("+09:00", "daily>", "00:30:00", 1800, after: 1714532400, [1714575600, 1714662000]),
  ]

  @Test(arguments: cases)
  func `finds the sessions one after another and back again`(example: Case) throws {
    let schedule = try Schedule(ObjectValue([(example.kind, example.text)]), timezone: example.zone)
    var found: [Int64] = []
    var time = example.start
    for _ in example.sessions {
      let next = schedule.next(after: time)
      #expect(next.runTime == next.sessionTime + example.delay)
      time = next.sessionTime
      found.append(time)
    }
    #expect(found == example.sessions)
    for (earlier, later) in zip(example.sessions, example.sessions.dropFirst()) {
      #expect(schedule.last(before: later)?.sessionTime == earlier)
      #expect(schedule.first(at: later + example.delay).sessionTime == later)
      #expect(schedule.first(at: earlier + example.delay + 1).sessionTime == later)
    }
  }

  @Test func `counts seconds_interval from 1970`() throws {
    let schedule = try Schedule(["seconds_interval>": 90], timezone: "Asia/Tokyo")
    #expect(schedule.next(after: 1000).sessionTime == 1080)
    #expect(schedule.next(after: 1080).sessionTime == 1170)
    #expect(schedule.last(before: 1080)?.sessionTime == 990)
    #expect(schedule.first(at: 1080).runTime == 1080)
  }

  /// 2024-05-01T00:00:00Z is 1714521600.
  @Test func `holds run times between start and end`() throws {
    let config: ObjectValue = ["daily>": "07:00:00", "start": "2024-05-02", "end": "2024-05-03"]
    let schedule = try Schedule(config, timezone: "UTC")
    let first = schedule.first(at: 1_714_000_000)
    #expect(first == ScheduleTime(sessionTime: 1_714_608_000, runTime: 1_714_633_200))
    #expect(schedule.next(after: 1_714_000_000) == first)
    #expect(schedule.next(after: first.sessionTime).sessionTime == 1_714_694_400)
    #expect(schedule.next(after: 1_714_694_400) == .never)
    #expect(schedule.first(at: 1_714_800_000) == .never)
    #expect(SessionTime(ScheduleTime.never.runTime, in: schedule.zone).date == "9999-01-01")
  }

  @Test func `never fires for a date that does not exist`() throws {
    #expect(try Schedule(["cron>": "0 0 30 2 *"], timezone: "UTC").next(after: 0) == .never)
    let leap = try Schedule(["cron>": "0 0 29 2 *"], timezone: "UTC")
    #expect(
      SessionTime(leap.next(after: 1_714_521_600).sessionTime, in: leap.zone).date == "2028-02-29"
    )
  }

  @Test func `reads the rules for skipping`() throws {
    let config: ObjectValue = [
      "daily>": "07:00:00", "skip_on_overtime": "true", "skip_delayed_by": "1h 30m",
    ]
    let schedule = try Schedule(config, timezone: "UTC")
    #expect(schedule.skipsOnOvertime)
    #expect(schedule.skipsDelayedBy == .seconds(5400))
    #expect(try !Schedule(["daily>": "07:00:00"], timezone: "UTC").skipsOnOvertime)
  }

  @Test(
    arguments: [
      ([:], "has no kind"), (["start": "2024-01-01"], "has no kind"),
      (["dayly>": "07:00:00"], "Unknown scheduler type: dayly"),
      (["daily>": "07:00:00", "at": 1], "Parameter 'at' is not used at schedule."),
      (["daily>": "07:00:00", "delay": 1], "Parameter 'delay' is not used at schedule."),
      (["daily>": "07:00:00", "hourly>": "00:00"], "Parameter 'hourly>' is not used at schedule."),
      (["daily>": "07:00"], "daily>: scheduler requires HH:MM:SS format: 07:00"),
      (["daily>": "07:60:00"], "HH:MM:SS"), (["hourly>": "1:2:3"], "MM:SS"),
      (["hourly>": nil], "MM:SS"),
      (["weekly>": "07:00:00"], "DAY,HH:MM:SS"), (["weekly>": "Foo,07:00:00"], "day of week"),
      (["monthly>": "32,07:00:00"], "day of month"), (["monthly>": "L,07:00:00"], "D,HH:MM:SS"),
      (["minutes_interval>": 0], "above 0"), (["seconds_interval>": "x"], "above 0"),
      (["cron>": "* * * *"], "five fields, found 4"), (["cron>": "60 * * * *"], "minute"),
      (["cron>": "*/0 * * * *"], "minute"), (["cron>": "* * * * mon-x"], "day of week"),
      (["daily>": "07:00:00", "start": "2024-02-30"], "YYYY-MM-DD"),
      (["daily>": "07:00:00", "skip_delayed_by": "soon"], "duration"),
    ] as [(ObjectValue, String)]
  )
  func `refuses what it does not know`(config: ObjectValue, words: String) {
    do {
      _ = try Schedule(config, timezone: "UTC")
      Issue.record("expected an error")
    } catch {
      #expect(error.message.contains(words), "\(error.message)")
    }
  }
}
