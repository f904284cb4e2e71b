import Testing

@testable import WorkflowLanguage

@Suite struct TimeZoneNameTests {
  /// What `java.time.ZoneId.of` of Java 8 to 21 accepts.
  @Test(
    arguments: [
      "UTC", "GMT", "UT", "Z", "Asia/Tokyo", "Asia/Calcutta", "Asia/Kolkata", "America/Los_Angeles",
      "America/Argentina/Buenos_Aires",
      "PST8PDT", "EST5EDT", "CST6CDT", "MST7MDT", "CET", "MET", "EET", "WET", "Japan", "Etc/GMT+9",
      "GMT0", "US/Pacific", "Zulu", "Etc/UTC",
      "+9", "+09", "+09:00", "+0900", "-03:30", "+09:00:30", "+090030", "-18:00", "UTC+9",
      "UTC+09:00", "GMT+9", "GMT-09:30", "UT+1",
    ])
  func `knows the ids that Java knows`(name: String) {
    #expect(TimeZoneName.isKnown(name))
  }

  @Test(
    arguments: [
      "PST", "JST", "EST", "MST", "HST", "IST", "ROC", "utc", "asia/tokyo", "Tokyo", "", "+", "+24",
      "+9:00", "+18:01", "-19", "+09:60", "+09:0", "09:00",
      "UTC9", "UTC+", "Asia/", "Asia/Tokyo ", "GMT+09:0x", "+000", "Mars/Phobos",
    ])
  func `refuses what Java refuses`(name: String) {
    #expect(!TimeZoneName.isKnown(name))
    #expect(TimeZoneName.hint(for: name) != nil)
  }
}
