import SQLWarehouse
import Testing
import Values

/// One expression a line with the value that the Hive language manual gives it, or that follows from its wording.
@Suite struct HiveMeaningTests {
  private func check(_ cases: [(String, Value)]) async throws {
    let fixture = try WarehouseFixture()
    for (expression, expected) in cases {
      let result = try await fixture.hive("SELECT \(expression) AS x")
      #expect(result.rows == [[expected]], "\(expression)")
    }
  }

  // Hive: LanguageManual UDF, operators and mathematical functions; LanguageManual Types, casts.
  @Test func `divides and casts`() async throws {
    try await check([
      ("3 / 2", 1.5), ("1 / 0", nil), ("7 div 2", 3), ("7 % 0", nil), ("pmod(-7, 3)", 2),
      ("1 == 1", true), ("null <=> null", true),
      ("cast(1.5 as int)", 1), ("cast(-1.9 as int)", -1), ("cast(2.9D as bigint)", 2),
      ("cast('1.5' as int)", 1), ("cast('x' as int)", nil),
      ("cast(' 12 ' as int)", 12), ("cast('x' as double)", nil), ("cast(5 as string)", "5"),
      ("cast(1 as string) == \"1\"", true), ("10L", 10),
      ("if(1 > 0, 'a', 'b')", "a"), ("nvl(null, 2)", 2), ("coalesce(null, 3)", 3),
      ("isnull(null)", true), ("greatest(1, null)", nil),
      ("round(2.5)", 3.0), ("log(2, 8)", 3.0), ("log2(8)", 3.0), ("floor(1.7)", 1),
      ("case when 1 = 1 then 'y' end", "y"),
    ])
  }

  // Hive: LanguageManual UDF, string functions.
  @Test func `cuts, joins and searches texts`() async throws {
    try await check([
      ("substr('foobar', 4)", "bar"), ("substr('foobar', 0, 3)", "foo"),
      ("substr('foobar', -3)", "bar"), ("substr('foobar', 4, 1)", "b"),
      ("concat('a', null)", nil), ("concat_ws('-', 'a', null, 'b')", "a-b"),
      ("concat_ws(',', array('x', 'y'))", "x,y"),
      ("\"double 'quoted'\"", "double 'quoted'"), ("'it\\'s'", "it's"), ("'a' rlike '^a'", true),
      ("'foothebar' like '%the%'", true),
      ("regexp_extract('foothebar', 'foo(.*?)(bar)', 2)", "bar"),
      ("regexp_extract('foothebar', 'foo(.*?)(bar)')", "the"), ("regexp_extract('x', '(y)')", ""),
      ("regexp_replace('foobar', 'oo|ar', '')", "fb"), ("split('a,b', ',')", ["a", "b"]),
      ("split('a1b2', '[0-9]')", ["a", "b", ""]),
      ("instr('foobar', 'bar')", 4), ("locate('bar', 'foobar')", 4), ("lpad('7', 3, '0')", "007"),
      ("space(2)", "  "), ("repeat('ab', 2)", "abab"),
      ("get_json_object('{\"a\":{\"b\":[1,2]}}', '$.a.b[1]')", "2"),
      ("get_json_object('x', '$.a')", nil),
      ("get_json_object('{\"a\":{\"b\":1}}', '$.a')", "{\"b\":1}"),
      ("parse_url('http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1', 'HOST')", "facebook.com"),
      ("parse_url('http://f.com/p?k1=v1&k2=v2', 'QUERY', 'k2')", "v2"),
      ("length('日本')", 2), ("ucase('a')", "A"), ("reverse('abc')", "cba"),
    ])
  }

  // Hive: LanguageManual UDF, date functions.
  @Test func `reckons with dates`() async throws {
    try await check([
      ("from_unixtime(0)", "1970-01-01 00:00:00"),
      ("from_unixtime(86400, 'yyyy/MM/dd')", "1970/01/02"),
      ("unix_timestamp('1970-01-02 00:00:01')", 86401),
      ("unix_timestamp('2009-03-20', 'yyyy-MM-dd')", 1_237_507_200),
      ("to_date('1970-01-01 00:00:00')", "1970-01-01"), ("year('1970-05-01 00:00:00')", 1970),
      ("month('1970-11-01')", 11), ("hour('2009-07-30 12:58:59')", 12),
      ("minute('2009-07-30 12:58:59')", 58), ("datediff('2009-03-01', '2009-02-27')", 2),
      ("date_add('2008-12-31', 1)", "2009-01-01"), ("date_sub('2008-12-31', 1)", "2008-12-30"),
      ("add_months('2009-08-31', 1)", "2009-09-30"),
      ("last_day('2009-02-03')", "2009-02-28"), ("trunc('2015-03-17', 'MM')", "2015-03-01"),
      ("date_format('2015-04-08', 'yyyy-MM')", "2015-04"),
      ("from_utc_timestamp('1970-01-01 08:00:00', 'JST')", "1970-01-01 17:00:00.000"),
      ("weekofyear('1980-12-31')", 1), ("dayofweek('2024-01-07')", 1),
      ("cast('not a date' as date)", nil), ("datediff('x', '2009-02-27')", nil),
    ])
  }

  @Test func `works on arrays and maps, aggregates without nulls`() async throws {
    try await check([
      ("array(1, 2)[0]", 1), ("map('k', 5)['k']", 5), ("size(array(1, 2))", 2),
      ("sort_array(array(3, 1))", [1, 3]), ("array_contains(array(1), 1)", true),
      ("named_struct('a', 1).a", 1), ("map_keys(map('k', 5))", ["k"]),
    ])
    let fixture = try WarehouseFixture()
    let table = "(SELECT 1 AS x, 'a' AS k UNION ALL SELECT 2, null UNION ALL SELECT 3, 'a') t"
    for (aggregate, expected) in [
      ("collect_set(k)", ["a"]), ("collect_list(k)", ["a", "a"]),
      ("concat_ws(',', collect_list(k))", "a,a"), ("percentile(x, 0.5)", 2.0),
      ("percentile_approx(x, 0.25)", 1.5), ("variance(x) < 0.67", true), ("stddev(x) < 0.82", true),
      ("var_samp(x)", 1.0), ("count(distinct k)", 1), ("td_sumif(x, k == 'a')", 4),
    ] as [(String, Value)] {
      #expect(
        try await fixture.hive("SELECT \(aggregate) AS x FROM \(table)").rows == [[expected]],
        "\(aggregate)"
      )
    }
    #expect(
      try await fixture.hive("SELECT collect_list(k) AS x FROM \(table) WHERE x > 9").rows == [[[]]]
    )
  }

  // Hive: LanguageManual LateralView.
  @Test func `explodes, sorts nulls first and names columns`() async throws {
    let fixture = try WarehouseFixture()
    let arrays = "(SELECT 1 AS id, array(5, 6) AS a UNION ALL SELECT 2, array()) t"
    #expect(
      try await fixture.hive(
        "SELECT id, x FROM \(arrays) LATERAL VIEW explode(a) e AS x ORDER BY x"
      ).rows == [[1, 5], [1, 6]]
    )
    #expect(
      try await fixture.hive(
        "SELECT id, x FROM \(arrays) LATERAL VIEW OUTER explode(a) e AS x ORDER BY id, x"
      ).rows == [[1, 5], [1, 6], [2, nil]]
    )
    #expect(
      try await fixture.hive(
        "SELECT p, x FROM \(arrays) LATERAL VIEW posexplode(a) e AS p, x ORDER BY p"
      ).rows == [[0, 5], [1, 6]]
    )
    #expect(
      try await fixture.hive(
        "SELECT k, v FROM (SELECT map('a', 1) AS m) t LATERAL VIEW explode(m) e AS k, v"
      ).rows == [["a", 1]]
    )
    let nulls = "(SELECT 2 AS x UNION ALL SELECT null UNION ALL SELECT 1) t"
    #expect(try await fixture.hive("SELECT x FROM \(nulls) ORDER BY x").rows == [[nil], [1], [2]])
    #expect(
      try await fixture.hive("SELECT x FROM \(nulls) ORDER BY x DESC").rows == [[2], [1], [nil]]
    )
    #expect(
      try await fixture.hive("SELECT 1, 2 AS Two FROM \(nulls) LIMIT 1").columns.map(\.name) == [
        "_c0", "two",
      ]
    )
    #expect(
      try await fixture.hive("SELECT x FROM \(nulls) DISTRIBUTE BY x SORT BY x").rowCount == 3
    )
  }

  // Hivemall user guide: sigmoid, rescale, rownum.
  @Test func `has Hivemall's small functions`() async throws {
    try await check([
      ("sigmoid(0)", 0.5), ("rescale(3, 1, 5)", 0.5), ("rescale(3, 3, 3)", 0.5),
      ("rownum() > 0", true), ("rowid() like '0-%'", true),
    ])
  }
}
