import SQLWarehouse
import Testing
import Values

/// One expression a line with the value that the Trino documentation gives it, or that follows from its wording.
@Suite struct PrestoMeaningTests {
  private func check(_ cases: [(String, Value)]) async throws {
    let fixture = try WarehouseFixture()
    for (expression, expected) in cases {
      let result = try await fixture.presto("SELECT \(expression) AS x")
      #expect(result.rows == [[expected]], "\(expression)")
    }
  }

  // Trino: Mathematical functions and operators; Conversion functions.
  @Test func `divides, rounds and casts numbers`() async throws {
    try await check([
      ("7 / 2", 3), ("-7 / 2", -3), ("7.0 / 2", 3.5), ("7e0 / 2", 3.5), ("7 % 3", 1),
      ("cast(1.5 as integer)", 2), ("cast(2.5e0 as bigint)", 3), ("cast(-2.5e0 as bigint)", -3),
      ("cast('12' as integer)", 12), ("try_cast('x' as integer)", nil),
      ("try_cast('1.5' as integer)", nil),
      ("try(1 / 0)", nil), ("try(cast('x' as bigint))", nil), ("round(2.5e0)", 3.0),
      ("truncate(-1.7e0)", -1.0),
      ("log(2, 8)", 3.0), ("greatest(1, 2)", 2), ("greatest(1, null)", nil), ("least(3, 2)", 2),
      ("mod(7, 3)", 1),
      ("cast(1 as varchar)", "1"), ("cast(true as varchar)", "true"),
      ("cast('abcd' as varchar(2))", "ab"),
      ("bitwise_and(12, 10)", 8), ("bitwise_xor(12, 10)", 6),
      ("width_bucket(0.5e0, 0e0, 1e0, 4)", 3),
      ("is_nan(nan())", true), ("sign(-3)", -1), ("abs(-3)", 3),
    ])
  }

  // Trino: String functions and operators; Regular expression functions; URL functions.
  @Test func `cuts, joins and searches texts`() async throws {
    try await check([
      ("substr('hello', 0)", ""), ("substr('hello', 2)", "ello"), ("substr('hello', -2)", "lo"),
      ("substr('hello', -9)", ""), ("substr('hello', 2, 3)", "ell"),
      ("substring('hello' from 2 for 2)", "el"),
      ("substr('hello', 2, -1)", ""), ("concat('a', null)", nil), ("'a' || 'b'", "ab"),
      ("strpos('hello', 'l')", 3), ("strpos('hello', 'x')", 0), ("position('l' in 'hello')", 3),
      ("split_part('a,b', ',', 2)", "b"), ("split_part('a,b', ',', 3)", nil),
      ("split('a,b', ',')", ["a", "b"]),
      ("regexp_like('1a 2b', '\\d+b')", true),
      ("regexp_extract('1a 2b', '(\\d+)([a-z]+)', 2)", "a"),
      ("regexp_extract('zz', '\\d')", nil), ("regexp_replace('1a 2b', '\\d+[ab] ')", "2b"),
      ("regexp_replace('1a 2b', '(\\d+)([ab]) ', '3c$2 ')", "3ca 2b"),
      ("replace('abc', 'b')", "ac"),
      ("lpad('7', 3, '0')", "007"), ("reverse('abc')", "cba"), ("upper('abc')", "ABC"),
      ("length('日本')", 2),
      ("trim('  x\t')", "x"), ("levenshtein_distance('ab', 'ac')", 1), ("chr(65)", "A"),
      ("codepoint('A')", 65),
      ("starts_with('abc', 'ab')", true),
      ("url_extract_host('https://u@example.com:8080/p/q?k1=v1&k2=a%20b#f')", "example.com"),
      ("url_extract_path('https://example.com:8080/p/q?k1=v1#f')", "/p/q"),
      ("url_extract_port('https://example.com:8080/p')", 8080),
      ("url_extract_parameter('https://e.com/?k1=v1&k2=a%20b#f', 'k2')", "a b"),
      ("url_extract_query('http://e.com/?a=1#x')", "a=1"),
      ("url_extract_parameter('https://e.com/?k1=v1', 'k3')", nil),
      ("url_extract_protocol('https://e.com')", "https"),
      ("url_decode('a%20b')", "a b"), ("' >50K'", " >50K"),
    ])
  }

  // Trino: Date and time functions and operators.
  @Test func `reckons with dates and times`() async throws {
    try await check([
      ("cast(timestamp '2020-08-22 03:04:05.321' as varchar)", "2020-08-22 03:04:05.321"),
      ("cast(timestamp '2020-08-22 00:00:00' as varchar)", "2020-08-22 00:00:00"),
      ("cast(cast('2020-08-22' as timestamp) as varchar)", "2020-08-22 00:00:00.000"),
      ("cast(date '2020-08-22' as varchar)", "2020-08-22"),
      ("timestamp '2020-08-22 01:00:00'", "2020-08-22 01:00:00.000"),
      ("date_diff('day', timestamp '2020-03-01 23:00:00', timestamp '2020-03-02 01:00:00')", 0),
      (
        "date_diff('second', timestamp '2020-03-01 00:00:00', timestamp '2020-03-02 00:00:00')",
        86400
      ),
      (
        "date_diff('hour', timestamp '2020-03-01 00:00:00 UTC', timestamp '2020-03-02 00:00:00 UTC')",
        24
      ),
      ("date_add('month', 1, date '2020-01-31')", "2020-02-29"),
      ("date_add('day', -1, date '2020-03-01')", "2020-02-29"),
      ("date_add('second', 86, timestamp '2020-03-01 00:00:00')", "2020-03-01 00:01:26.000"),
      ("date_trunc('month', date '2020-08-22')", "2020-08-01"),
      ("date_trunc('week', timestamp '2020-08-22 03:04:05')", "2020-08-17 00:00:00.000"),
      ("date_format(timestamp '2022-10-20 05:10:00', '%m-%d-%Y %H')", "10-20-2022 05"),
      ("date_format(timestamp '2022-10-20 05:10:07', '%Y-%m-%d %H:%i:%s')", "2022-10-20 05:10:07"),
      ("date_format(timestamp '2022-10-20 05:10:07', '%M %e, %W')", "October 20, Thursday"),
      ("date_parse('2022/10/20/05', '%Y/%m/%d/%H')", "2022-10-20 05:00:00.000"),
      (
        "format_datetime(timestamp '2022-10-20 05:10:07', 'yyyy/MM/dd HH-mm-ss')",
        "2022/10/20 05-10-07"
      ),
      ("day_of_week(date '2020-08-23')", 7), ("extract(dow from date '2020-08-24')", 1),
      ("day_of_year(date '2020-02-01')", 32),
      ("week_of_year(date '2020-01-01')", 1), ("year_of_week(date '2019-12-31')", 2020),
      ("quarter(date '2020-05-01')", 2),
      ("millisecond(timestamp '2020-01-01 00:00:05.123')", 123),
      ("to_unixtime(timestamp '1970-01-01 00:00:01.5')", 1.5),
      ("from_unixtime(0)", "1970-01-01 00:00:00.000 UTC"),
      ("cast(from_unixtime(0) as varchar)", "1970-01-01 00:00:00.000 UTC"),
      ("date_format(from_unixtime(0, 'Asia/Tokyo'), '%H')", "09"),
      ("last_day_of_month(date '2020-02-03')", "2020-02-29"),
      ("from_iso8601_date('2020-05-11')", "2020-05-11"),
      ("date '2020-01-01' + interval '1' day > date '2020-01-01'", true),
      ("to_iso8601(timestamp '2020-05-11 11:15:05')", "2020-05-11T11:15:05"),
      ("date('2020-05-11')", "2020-05-11"),
    ])
  }

  // Trino: Array functions; Map functions; JSON functions; Lambda expressions.
  @Test func `works on arrays, maps and JSON`() async throws {
    try await check([
      ("element_at(array[1, 2], 2)", 2), ("element_at(array[1, 2], 3)", nil),
      ("element_at(array[1, 2], -1)", 2),
      ("element_at(map(array['k'], array[5]), 'k')", 5), ("cardinality(array[1, 2])", 2),
      ("cardinality(map(array[1], array[2]))", 1),
      ("array[1, 2][1]", 1), ("contains(array[1, 2], 2)", true),
      ("array_distinct(array[1, 1])", [1]),
      ("array_sort(array[3, null, 1])", [1, 3, nil]),
      ("array_join(array['a', null, 'b'], '-')", "a-b"),
      ("array_max(array[1, 3])", 3), ("array_position(array[1, 3], 3)", 2),
      ("array_position(array[1], 9)", 0),
      ("arrays_overlap(array[1], array[1, 2])", true), ("slice(array[1, 2, 3, 4], 2, 2)", [2, 3]),
      ("slice(array[1, 2, 3, 4], -2, 2)", [3, 4]), ("sequence(1, 3)", [1, 2, 3]),
      ("transform(array[1, 2], x -> x + 1)", [2, 3]),
      ("filter(array[1, 2], x -> x > 1)", [2]), ("array[1] || array[2]", [1, 2]),
      ("flatten(array[array[1], array[2]])", [1, 2]),
      ("json_extract_scalar('{\"a\":{\"b\":1}}', '$.a.b')", "1"),
      ("json_extract_scalar('{\"a\":{\"b\":1}}', '$.a')", nil),
      ("json_extract_scalar('nonsense', '$.a')", nil),
      ("json_extract_scalar('{\"a b\":[7]}', '$[\"a b\"][0]')", "7"),
      ("json_format(json_extract('{\"a\":[1,2]}', '$.a'))", "[1,2]"),
      ("map_keys(map(array['a'], array[1]))", ["a"]),
      ("map(array['a'], array[1])", ["a": 1]), ("typeof(1e0)", "double"),
      ("any_match(array[1, 2], x -> x > 1)", true), ("all_match(array[1, 2], x -> x > 1)", false),
      ("none_match(array[1], x -> x > 1)", true),
      ("cast(date '2020-03-01' - interval '1' day as varchar)", "2020-02-29"),
    ])
  }

  @Test func `aggregates`() async throws {
    let fixture = try WarehouseFixture()
    let rows = "(VALUES (1, 'a', 10), (2, 'b', null), (3, 'a', 30)) AS t(x, k, v)"
    for (aggregate, expected) in [
      ("sum(x)", 6), ("avg(x)", 2.0), ("count(v)", 2), ("count_if(x > 1)", 2),
      ("approx_distinct(k)", 2),
      ("max_by(k, x)", "a"), ("max_by(v, x) FILTER (WHERE x < 3)", nil), ("min_by(x, v)", 1),
      ("bool_and(x > 0)", true),
      ("approx_percentile(x, 0.5)", 2), ("array_agg(k ORDER BY x DESC)", ["a", "b", "a"]),
      ("map_agg(x, k)[2]", "b"),
      ("arbitrary(x) > 0", true), ("stddev(x)", 1.0), ("variance(x)", 1.0),
      ("stddev_pop(x) < 0.82", true), ("count(DISTINCT k)", 2),
      ("listagg(k, ',') WITHIN GROUP (ORDER BY x)", "a,b,a"), ("sum(x) FILTER (WHERE k = 'a')", 4),
      ("corr(x, x)", 1.0),
    ] as [(String, Value)] {
      let result = try await fixture.presto("SELECT \(aggregate) AS x FROM \(rows)")
      #expect(result.rows == [[expected]], "\(aggregate)")
    }
  }

  @Test func `unnests, sorts nulls last and names columns`() async throws {
    let fixture = try WarehouseFixture()
    #expect(
      try await fixture.presto(
        "SELECT x, n FROM (VALUES (ARRAY[5, 6])) AS t(a) CROSS JOIN UNNEST(a) WITH ORDINALITY AS u(x, n) ORDER BY n"
      )
      .rows == [[5, 1], [6, 2]]
    )
    #expect(
      try await fixture.presto(
        "SELECT x, y FROM UNNEST(ARRAY[1, 2], ARRAY['a']) AS u(x, y) ORDER BY x"
      ).rows == [[1, "a"], [2, nil]]
    )
    #expect(
      try await fixture.presto(
        "SELECT k, v FROM (VALUES (map(ARRAY['a'], ARRAY[1]))) AS t(m) CROSS JOIN UNNEST(m) AS u(k, v)"
      ).rows == [["a", 1]]
    )
    #expect(
      try await fixture.presto("SELECT x FROM (VALUES 2, null, 1) AS t(x) ORDER BY x").rows == [
        [1], [2], [nil],
      ]
    )
    #expect(
      try await fixture.presto("SELECT x FROM (VALUES 2, null, 1) AS t(x) ORDER BY x DESC").rows
        == [[2], [1], [nil]]
    )
    #expect(
      try await fixture.presto("SELECT 1, 2 AS Two, x FROM (VALUES 1) AS t(x)").columns.map(\.name)
        == ["_col0", "Two", "x"]
    )
  }

  @Test func `refuses what would be wrong`() async throws {
    let fixture = try WarehouseFixture()
    for (expression, code) in [
      ("1 / 0", .execution), ("cast('1.5' as integer)", .typeMismatch),
      ("strange(1)", .unknownFunction),
      ("getenv('HOME')", .unknownFunction),
      ("reduce(array[1], 0, (s, x) -> s + x, s -> s)", .unsupported),
      ("date_format(current_timestamp, '%Q')", .unsupported), ("split('a', ',', 2)", .typeMismatch),
    ] as [(String, WarehouseError.Code)] {
      let error = await fixture.failure { _ = try await fixture.presto("SELECT \(expression)") }
      #expect(
        error?.code == code,
        "\(expression): \(error.map(String.init(describing:)) ?? "no error")"
      )
    }
    let error = await fixture.failure {
      _ = try await fixture.presto("SELECT * FROM read_csv('x.csv')")
    }
    #expect(error?.code == .unsupported)
  }
}
