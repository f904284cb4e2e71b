import Testing
import Values

@testable import WorkflowLanguage

/// Expected offsets and times: Python 3.11, zoneinfo.
@Suite struct ZoneRulesTests {
  static let moments: [(String, Int64, String, Int)] = [
    ("America/New_York", 1710053999, "2024-03-10 01:59:59", -18000),
    ("America/New_York", 1710054000, "2024-03-10 03:00:00", -14400),
    ("America/New_York", 1730609999, "2024-11-03 00:59:59", -14400),
    ("America/New_York", 1730610000, "2024-11-03 01:00:00", -14400),
    ("America/New_York", -2000000000, "1906-08-16 15:26:40", -18000),
    ("America/New_York", 4000000000, "2096-10-02 03:06:40", -14400),
    ("Europe/London", 1711846799, "2024-03-31 00:59:59", 0),
    ("Europe/London", 1711846800, "2024-03-31 02:00:00", 3600),
    ("Europe/London", 1729990799, "2024-10-27 01:59:59", 3600),
    ("Europe/London", 1729990800, "2024-10-27 01:00:00", 0),
    ("Australia/Lord_Howe", 1712415599, "2024-04-07 01:59:59", 39600),
    ("Australia/Lord_Howe", 1712415600, "2024-04-07 01:30:00", 37800),
    ("Australia/Lord_Howe", 1728142199, "2024-10-06 01:59:59", 37800),
    ("Australia/Lord_Howe", 1728142200, "2024-10-06 02:30:00", 39600),
    ("Asia/Kolkata", 0, "1970-01-01 05:30:00", 19800),
    ("Asia/Kolkata", 1714521600, "2024-05-01 05:30:00", 19800),
    ("Pacific/Apia", 1325239199, "2011-12-29 23:59:59", -36000),
    ("Pacific/Apia", 1325239200, "2011-12-31 00:00:00", 50400),
    ("Asia/Tokyo", 0, "1970-01-01 09:00:00", 32400),
    ("Asia/Tokyo", -600000000, "1950-12-27 22:20:00", 32400),
  ]

  @Test(arguments: moments)
  func `knows the local time of a moment`(
    zone: String,
    moment: Int64,
    local: String,
    offset: Int
  ) throws {
    let rules = try ZoneRules(zone)
    #expect(rules.offset(at: moment) == offset)
    #expect(SessionTime(moment, in: rules).localTime == local)
  }

  /// ECMA-262 takes the first of a repeated time, as `fold=0` does in Python.
  @Test(
    arguments: [
      ("America/New_York", "2024, 2, 10, 1, 59", 1710053940),
      ("America/New_York", "2024, 2, 10, 2, 30", 1710055800),
      ("America/New_York", "2024, 2, 10, 3, 0", 1710054000),
      ("America/New_York", "2024, 10, 3, 0, 59", 1730609940),
      ("America/New_York", "2024, 10, 3, 1, 30", 1730611800),
      ("America/New_York", "2024, 10, 3, 2, 0", 1730617200),
      ("Europe/London", "2024, 2, 31, 1, 30", 1711848600),
      ("Europe/London", "2024, 9, 27, 1, 30", 1729989000),
      ("Australia/Lord_Howe", "2024, 3, 7, 1, 45", 1712414700),
      ("Australia/Lord_Howe", "2024, 9, 6, 2, 15", 1728143100),
      ("Asia/Kolkata", "2024, 4, 1, 5, 30", 1714521600),
      ("Pacific/Apia", "2011, 11, 30, 12, 0", 1325282400),
      ("Asia/Tokyo", "2024, 4, 1, 9, 0", 1714521600),
    ] as [(String, String, Int64)]
  )
  func `tells JavaScript the moment of a local time`(
    zone: String,
    local: String,
    moment: Int64
  ) throws {
    let text = "${new Date(\(local)).getTime() / 1000}"
    #expect(try engine.evaluate(text: text, scope: [:], timezone: zone) == "\(moment)")
  }

  @Test(arguments: moments)
  func `tells JavaScript the local time of a moment`(
    zone: String,
    moment: Int64,
    local: String,
    offset: Int
  ) throws {
    let text =
      "${moment(t * 1000).format('YYYY-MM-DD HH:mm:ss')} ${new Date(t * 1000).getTimezoneOffset()}"
    #expect(
      try engine.evaluate(text: text, scope: ["t": .int(moment)], timezone: zone)
        == "\(local) \(-offset / 60)"
    )
  }

  @Test(
    arguments: [
      ("UTC", 0), ("GMT", 0), ("Z", 0), ("+09:00", 32400), ("-3", -10800), ("+0530", 19800),
      ("UTC+9", 32400), ("GMT-03:30", -12600), ("UT+1", 3600), ("+18:00", 64800),
      ("Asia/Calcutta", 19800),
      ("Etc/GMT+9", -32400), ("Japan", 32400), ("+01:02:03", 3723),
    ] as [(String, Int)]
  )
  func `takes the ids of Java`(id: String, offset: Int) throws {
    #expect(try ZoneRules(id).offset(at: 1_700_000_000) == offset)
  }

  @Test(
    arguments: [
      "PST", "JST", "EST", "MST", "HST", "", "utc", "asia/tokyo", "Asia/Tokio", "+19:00", "+1:30",
      "+09:60",
      "UTC+", "09:00", "+٣", "Europe/Londn", "/", "../etc/passwd",
    ])
  func `refuses other ids`(id: String) {
    #expect(throws: WorkflowError.self) { try ZoneRules(id) }
  }

  @Test func `has rules for every region of the language`() throws {
    for id in TimeZoneRegions.all { #expect(try !ZoneRules(id).starts.isEmpty) }
  }

  @Test func `suggests the nearest id`() {
    do {
      _ = try ZoneRules("Asia/Tokio")
      Issue.record("expected an error")
    } catch {
      #expect(error.code == .timezone && error.hint?.contains("did you mean `Asia/Tokyo`") == true)
    }
  }

  /// Expected texts: moment 2.29.4 under Node's rules for the zone, worked out from the offsets above.
  @Test(
    arguments: [
      (
        "${moment(session_time).add(1, 'days').format('YYYY-MM-DD HH:mm:ss Z')}",
        "2024-03-11 00:30:00 -04:00"
      ),
      ("${moment(session_time).add(24, 'hours').format('HH:mm')}", "01:30"),
      ("${moment(session_time).subtract(1, 'month').format('YYYYMMDD')}", "20240210"),
      ("${moment(session_time).unix()}", "1710048600"),
      ("${moment(session_time)}", #""2024-03-10T05:30:00.000Z""#),
      (
        "${moment(session_time).endOf('day').diff(moment(session_time).startOf('day'), 'hours')}",
        "22"
      ),
      ("${moment('2024-07-01').format()}", "2024-07-01T00:00:00-04:00"),
      ("${moment('nonsense', 'YYYY')}", "null"),
    ] as [(String, String)]
  )
  func `lets moment work in the zone of the workflow`(text: String, expected: String) throws {
    let scope: ObjectValue = ["session_time": "2024-03-10T00:30:00-05:00"]
    #expect(try engine.evaluate(text: text, scope: scope, timezone: "America/New_York") == expected)
  }
}
