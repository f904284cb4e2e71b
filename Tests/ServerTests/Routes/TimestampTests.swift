import Foundation
import Testing

@testable import Server

/// Expected numbers: GNU `date -u -d TEXT +%s`.
@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("2024-01-01T00:00:00Z", 1_704_067_200), ("2024-01-01", 1_704_067_200),
      ("2024-01-01T09:00:00+09:00", 1_704_067_200), ("2024-01-01 09:00:00 +0900", 1_704_067_200),
      ("2024-02-29T23:59:59.999Z", 1_709_251_199), ("1969-12-31T23:59:59Z", -1),
      ("2023-12-31T19:00:00-05:00", 1_704_067_200), ("2024-01-01T12:30", 1_704_112_200),
    ] as [(String, Int64)]
  )
  func `times are read in the forms that clients write`(text: String, seconds: Int64) {
    #expect(Timestamp.parse(text) == seconds)
  }

  @Test(arguments: [
    "", "now", "2024-13-01", "2024-02-30", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+99:00",
    "24-01-01", "2024-01-01T00:00:00Zx", "2024-1-1", "１２３４-01-01",
  ])
  func `what is no time is none`(text: String) {
    #expect(Timestamp.parse(text) == nil)
  }

  @Test func `a time is shown as its zone sees it`() {
    #expect(Timestamp.text(1_704_067_200, in: "Asia/Tokyo") == "2024-01-01T09:00:00+09:00")
    #expect(Timestamp.text(1_704_067_200, in: "America/New_York") == "2023-12-31T19:00:00-05:00")
    #expect(Timestamp.text(1_704_067_200, in: "UTC") == "2024-01-01T00:00:00+00:00")
    #expect(Timestamp.text(.max, in: "Asia/Tokyo").hasPrefix("9999"))
  }
}
