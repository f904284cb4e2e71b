import SQLWarehouse
import Testing
import Values

/// The service's own time functions, checked with the system's `date -u -d @SECONDS`.
///
/// The scheduled time of the tests is 2023-05-18 07:00:00 UTC, a Thursday, 16:00 in Tokyo.
@Suite struct ServiceFunctionTests {
  private static let cases: [(String, Value)] = [
    ("TD_SCHEDULED_TIME()", 1_684_393_200),
    ("td_time_format(0, 'yyyy-MM-dd HH:mm:ss')", "1970-01-01 00:00:00"),
    ("TD_TIME_FORMAT(1412382292, 'yyyy-MM-dd HH:mm:ss z', 'JST')", "2014-10-04 09:24:52 GMT+09:00"),
    ("TD_TIME_FORMAT(1412382292, 'MMMM d yyyy EEEE', 'JST')", "October 4 2014 Saturday"),
    ("td_time_format(0, 'HH:mm Z', '+09:00')", "09:00 +0900"),
    ("td_time_format(0, 'HH', 'Asia/Kolkata')", "05"), ("td_time_format(null, 'HH')", nil),
    ("TD_TIME_PARSE('2015-01-01', 'JST')", 1_420_038_000),
    ("TD_TIME_PARSE('2015-01-01 15:25:26', 'JST')", 1_420_093_526),
    ("td_time_parse('1970-01-02')", 86400), ("td_time_parse('1970-01-01 09:00:00 JST')", 0),
    ("td_time_parse('1970-01-01T09:00:00+09:00')", 0),
    ("td_time_parse('1970-01-01T00:00:00Z', 'JST')", 0),
    ("td_time_add('2013-01-01', '1d')", 1_357_084_800), ("td_time_add(0, '-2h')", -7200),
    ("td_time_add(0, '1w')", 604_800), ("td_date_trunc('day', 1684393200, 'JST')", 1_684_335_600),
    ("td_date_trunc('week', 1684393200)", 1_684_108_800),
    ("td_date_trunc('month', 1684393200)", 1_682_899_200),
    ("td_date_trunc('year', 1684393200)", 1_672_531_200),
    ("td_date_trunc('quarter', 1684393200)", 1_680_307_200),
    ("td_time_range(10, '1970-01-01', '1970-01-02')", true),
    ("td_time_range(86400, '1970-01-01', '1970-01-02')", false),
    ("td_time_range(0, '1970-01-01', null)", true),
    ("td_time_range(0, null, '1970-01-01')", false),
    ("td_time_range(0, '1970-01-01 09:00:00', '1970-01-02', 'JST')", true),
    ("td_time_range(0, '1970-01-01 JST')", true),
    ("td_time_range(5, 0, 10)", true), ("td_time_range(5, td_time_add(10, '-6s'), 10)", true),
    ("td_time_string(0, 'd!', 'JST')", "1970-01-01"),
    ("td_time_string(1684393200, 'd!', 'jst')", "2023-05-18"),
    ("td_time_string(1684393200, 'h!', 'JST')", "2023-05-18 16"),
    ("td_time_string(1684393200, 'M!')", "2023-05"),
    ("td_time_string(1684393200, 'y!')", "2023"),
    ("td_time_string(1684393200, 's!')", "2023-05-18 07:00:00"),
    ("td_time_string(1684393200, 'd', 'JST')", "2023-05-18 00:00:00+0900"),
    ("td_time_string(1684393200, 'yyyy/MM')", "2023/05"),
    ("td_interval(1684335599, '-1d', 'JST')", true),
    ("td_interval(1684335600, '-1d', 'JST')", false),
    ("td_interval(1684335600, '0d', 'JST')", true),
    ("td_interval(1684393199, '0d/now', 'JST')", true),
    ("td_interval(1684393200, '0d/now', 'JST')", false),
    ("td_md5('a')", "0cc175b9c0f1b6a831c399e269772661"), ("td_url_decode('a%20b')", "a b"),
  ]

  @Test(arguments: [SQLDialect.presto, .hive])
  func `has the time functions in both dialects`(dialect: SQLDialect) async throws {
    let fixture = try WarehouseFixture()
    for (expression, expected) in Self.cases {
      let statement = fixture.statement("SELECT \(expression) AS x", dialect)
      #expect(
        try await fixture.warehouse.run(statement, rowLimit: 1).rows == [[expected]],
        "\(expression)"
      )
    }
  }

  @Test func `gives the bounds of intervals`() async throws {
    let fixture = try WarehouseFixture()
    // start and end as texts in UTC; the scheduled time is 2023-05-18 07:00
    for (interval, start, end) in [
      ("-1d", "2023-05-17 00", "2023-05-18 00"), ("-7d", "2023-05-11 00", "2023-05-18 00"),
      ("-1M", "2023-04-01 00", "2023-05-01 00"), ("-1w", "2023-05-08 00", "2023-05-15 00"),
      ("1d", "2023-05-18 00", "2023-05-19 00"), ("-1d/-1d", "2023-05-16 00", "2023-05-17 00"),
      ("-7d/-1d", "2023-05-10 00", "2023-05-17 00"), ("-1d/now", "2023-05-17 00", "2023-05-18 07"),
      ("0M/now", "2023-05-01 00", "2023-05-18 07"),
      ("-1d/2025-10-01", "2025-09-30 00", "2025-10-01 00"),
      ("-7d/0M", "2023-04-24 00", "2023-05-01 00"), ("-1h", "2023-05-18 06", "2023-05-18 07"),
    ] {
      let query =
        "SELECT td_time_string(r[1], 'h!') AS a, td_time_string(r[2], 'h!') AS b FROM (SELECT td_interval_range('\(interval)') AS r)"
      #expect(
        try await fixture.presto(query).rows == [[.string(start), .string(end)]],
        "\(interval)"
      )
    }
  }

  @Test func `reads durations and formats that are computed`() async throws {
    let fixture = try WarehouseFixture()
    let query =
      "SELECT td_time_add(0, cast(n as varchar) || 'd', 'jst') AS x FROM (VALUES 2) AS t(n)"
    #expect(try await fixture.presto(query).rows == [[172_800]])
    for (expression, word) in [
      ("td_time_format(0, concat('y', 'y'))", "literal"), ("td_time_add(0, '1y')", "1y"),
      ("td_time_range(0, 'yesterday')", "yesterday"),
      ("td_interval(0, 'last week')", "last week"), ("td_time_format(0, 'yyyy G')", "G"),
      ("td_date_trunc('century', 0)", "century"), ("td_sessionize(0, 1, 'x')", "LAG"),
    ] {
      let error = await fixture.failure { _ = try await fixture.presto("SELECT \(expression)") }
      #expect(error.map(String.init(describing:))?.contains(word) == true, "\(expression)")
    }
  }

  @Test func `takes the first and last by an order`() async throws {
    let fixture = try WarehouseFixture()
    let rows = "(VALUES (1, 'a'), (2, 'b'), (3, null)) AS t(x, k)"
    #expect(
      try await fixture.presto("SELECT td_first(k, x) AS a, td_last(k, x) AS b FROM \(rows)").rows
        == [["a", nil]]
    )
  }
}
