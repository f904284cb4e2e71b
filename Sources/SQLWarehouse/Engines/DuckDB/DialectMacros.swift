/// What the dialects' functions mean where the engine has no function that means the same.
///
/// Made once for every opened instance, in its own catalogue, so that nothing of it is in the database file. `typeof`
/// is folded when a statement is bound: a branch for another type costs nothing.
enum DialectMacros {
  static let statements: [String] = presto + hive + service + web

  private static let presto = [
    // no character at 0; from the end when negative; nothing when that is before the start
    """
    CREATE MACRO presto_substr(s, first) AS
      CASE WHEN first = 0 OR abs(first) > length(s) THEN left(s, 0) ELSE substr(s, first) END,
    (s, first, many) AS
      CASE WHEN first = 0 OR abs(first) > length(s) OR many <= 0 THEN left(s, 0)
        ELSE substr(s, first, least(many, 4294967295)) END
    """,
    // fractions round half away from zero; a text must be an integer: what it is cast from makes the message, as
    // error() does not go with TRY
    """
    CREATE MACRO presto_bigint(x) AS
      CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN CAST(round(TRY_CAST(x AS DOUBLE)) AS BIGINT)
        WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '[+-]?[0-9]+')
          THEN CAST(CAST(x AS VARCHAR) || ' is no integer' AS BIGINT)
        ELSE CAST(x AS BIGINT) END
    """,
    """
    CREATE MACRO presto_varchar(x) AS
      CASE WHEN typeof(x) = 'TIMESTAMP'
          THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
        WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE'
          THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g UTC')
        ELSE CAST(x AS VARCHAR) END
    """,
    """
    CREATE MACRO presto_iso8601(x) AS
      CASE WHEN typeof(x) = 'DATE' THEN CAST(x AS VARCHAR)
        WHEN typeof(x) = 'TIMESTAMP'
          THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g')
        WHEN typeof(x) LIKE 'TIMESTAMP__%' AND typeof(x) NOT LIKE '% %'
          THEN replace(CAST(x AS VARCHAR), ' ', 'T')
        ELSE strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%dT%H:%M:%S.%gZ') END
    """,
    """
    CREATE MACRO presto_split_part(s, d, i) AS
      CASE WHEN i < 1 THEN CAST(CAST(CAST(i AS VARCHAR) || ' is no index of split_part' AS BIGINT) AS VARCHAR)
        WHEN i > len(string_split(s, d)) THEN NULL ELSE split_part(s, d, i) END
    """,
    """
    CREATE MACRO presto_regexp_extract(s, p) AS
      CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
    (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END
    """,
    // groups are written $1, the engine writes \\1
    """
    CREATE MACRO presto_regexp_replace(s, p) AS regexp_replace(s, p, '', 'g'),
    (s, p, r) AS regexp_replace(
      s, p, regexp_replace(replace(r, '\\', '\\\\'), '\\$([0-9])', '\\\\\\1', 'g'), 'g')
    """,
    """
    CREATE MACRO width_bucket(x, low, high, buckets) AS
      CASE WHEN x < low THEN 0 WHEN x >= high THEN buckets + 1
        ELSE CAST(floor((x - low) / (high - low) * buckets) AS BIGINT) + 1 END
    """,
    "CREATE MACRO presto_array_position(a, x) AS coalesce(list_position(a, x), 0)",
    """
    CREATE MACRO presto_slice(a, first, many) AS
      list_slice(a, CASE WHEN first < 0 THEN len(a) + first + 1 ELSE first END,
        CASE WHEN first < 0 THEN len(a) + first + 1 ELSE first END + many - 1)
    """,
    """
    CREATE MACRO presto_random(low, high) AS
      CAST(floor(low + random() * (high - low)) AS BIGINT)
    """,
    """
    CREATE MACRO presto_json_extract(j, p) AS
      CASE WHEN typeof(j) = 'JSON' OR json_valid(CAST(j AS VARCHAR))
        THEN json_extract(CAST(j AS VARCHAR), p) END
    """,
    // null unless text, number or boolean
    """
    CREATE MACRO presto_json_extract_scalar(j, p) AS
      CASE WHEN json_valid(CAST(j AS VARCHAR))
          AND json_type(CAST(j AS VARCHAR), p) NOT IN ('OBJECT', 'ARRAY', 'NULL')
        THEN json_extract_string(CAST(j AS VARCHAR), p) END
    """,
  ]

  private static let hive = [
    // 0 means 1
    """
    CREATE MACRO hive_substr(s, first) AS
      CASE WHEN abs(first) > length(s) THEN left(CAST(s AS VARCHAR), 0)
        ELSE substr(CAST(s AS VARCHAR), CASE WHEN first = 0 THEN 1 ELSE first END) END,
    (s, first, many) AS
      CASE WHEN abs(first) > length(s) OR many <= 0 THEN left(CAST(s AS VARCHAR), 0)
        ELSE substr(CAST(s AS VARCHAR), CASE WHEN first = 0 THEN 1 ELSE first END,
          least(many, 4294967295)) END
    """,
    // fractions are cut off, also those of texts; null for what is no number
    """
    CREATE MACRO hive_bigint(x) AS
      CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(x) LIKE 'DECIMAL%'
          THEN TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
        WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '\\s*[+-]?[0-9]+\\s*')
          THEN TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
        ELSE TRY_CAST(x AS BIGINT) END
    """,
    """
    CREATE MACRO hive_get_json_object(j, p) AS
      CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN json_extract_string(CAST(j AS VARCHAR), p) END
    """,
    "CREATE MACRO hive_size(a) AS coalesce(len(a), -1)",
    "CREATE MACRO hive_outer(a) AS CASE WHEN a IS NULL OR len(a) = 0 THEN [NULL] ELSE a END",
    "CREATE MACRO hive_pmod(a, b) AS ((a % nullif(b, 0)) + b) % nullif(b, 0)",
    "CREATE MACRO hive_array_index(a, i) AS a[i + 1]",
    "CREATE MACRO hivemall_sigmoid(x) AS 1 / (1 + exp(-x))",
    """
    CREATE MACRO hivemall_rescale(x, low, high) AS
      CASE WHEN low = high THEN 0.5::DOUBLE
        ELSE (CAST(x AS DOUBLE) - CAST(low AS DOUBLE)) / (CAST(high AS DOUBLE) - CAST(low AS DOUBLE)) END
    """,
    "CREATE MACRO tadoru_rowid() AS '0-' || CAST(tadoru_rownum() AS VARCHAR)",
  ]

  private static let service = [
    """
    CREATE MACRO td_zone(z) AS
      CASE upper(z) WHEN 'JST' THEN 'Asia/Tokyo' WHEN 'KST' THEN 'Asia/Seoul'
        WHEN 'PST' THEN 'America/Los_Angeles' WHEN 'PDT' THEN 'America/Los_Angeles'
        WHEN 'MST' THEN 'America/Denver' WHEN 'CST' THEN 'America/Chicago'
        WHEN 'EST' THEN 'America/New_York' WHEN 'EDT' THEN 'America/New_York'
        WHEN 'CET' THEN 'Europe/Paris' WHEN 'GMT' THEN 'UTC' ELSE z END
    """,
    "CREATE MACRO td_local(t, zone) AS timezone(zone, to_timestamp(TRY_CAST(t AS BIGINT)))",
    "CREATE MACRO td_from_local(local, zone) AS CAST(floor(epoch(timezone(zone, local))) AS BIGINT)",
    // a zone behind the time wins over the one given
    """
    CREATE MACRO td_parse(s, zone) AS
      CASE WHEN regexp_full_match(s, '\\s*\\d{4}-\\d{1,2}-\\d{1,2}([ T]\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?\\s*')
          THEN td_from_local(TRY_CAST(trim(s) AS TIMESTAMP), zone)
        WHEN regexp_matches(s, '\\d\\s*(Z|UTC|GMT|[+-]\\d{2}(:?\\d{2})?)\\s*$')
          THEN CAST(floor(epoch(TRY_CAST(
            regexp_replace(trim(s), '\\s*(UTC|GMT)$', 'Z') AS TIMESTAMPTZ))) AS BIGINT)
        WHEN regexp_matches(s, '\\d\\s+[A-Za-z_/]+\\s*$')
          THEN td_from_local(TRY_CAST(regexp_replace(trim(s), '\\s+[A-Za-z_/]+$', '') AS TIMESTAMP),
            td_zone(regexp_extract(trim(s), '[A-Za-z_/]+$')))
        END
    """,
    """
    CREATE MACRO td_unix(x, zone) AS
      CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), '-?[0-9]+')
          THEN td_parse(CAST(x AS VARCHAR), zone)
        ELSE TRY_CAST(x AS BIGINT) END
    """,
    """
    CREATE MACRO td_seconds(d) AS
      CASE WHEN regexp_full_match(d, '\\s*[+-]?\\d+[wdhms]\\s*')
        THEN CAST(regexp_extract(d, '[+-]?\\d+') AS BIGINT) *
          CASE regexp_extract(d, '[wdhms]') WHEN 'w' THEN 604800 WHEN 'd' THEN 86400
            WHEN 'h' THEN 3600 WHEN 'm' THEN 60 ELSE 1 END
        ELSE CAST(d || ' is no duration: a number and one of w d h m s' AS BIGINT) END
    """,
    // how far the zone is ahead, in the forms of Java's letters z, Z and X
    """
    CREATE MACRO td_offset_text(seconds, form) AS
      CASE WHEN form LIKE 'z%' AND seconds = 0 THEN 'UTC'
        WHEN form LIKE 'X%' AND seconds = 0 THEN 'Z'
        ELSE CASE WHEN form LIKE 'z%' THEN 'GMT' ELSE '' END
          || CASE WHEN seconds < 0 THEN '-' ELSE '+' END
          || lpad(CAST(abs(seconds) // 3600 AS VARCHAR), 2, '0')
          || CASE WHEN form = 'X' THEN ''
            ELSE CASE WHEN form LIKE 'z%' OR form IN ('XXX', 'ZZ') THEN ':' ELSE '' END
              || lpad(CAST(abs(seconds) // 60 % 60 AS VARCHAR), 2, '0') END END
    """,
    """
    CREATE MACRO td_offset(t, zone, form) AS
      td_offset_text(CAST(epoch(td_local(t, zone)) AS BIGINT) - TRY_CAST(t AS BIGINT), form)
    """,
  ]

  private static let web = [
    "CREATE MACRO url_protocol(u) AS nullif(regexp_extract(u, '^([A-Za-z][A-Za-z0-9+.-]*):', 1), '')",
    "CREATE MACRO url_host(u) AS nullif(regexp_extract(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)', 1), '')",
    """
    CREATE MACRO url_port(u) AS
      TRY_CAST(regexp_extract(u, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*:([0-9]+)', 1) AS BIGINT)
    """,
    "CREATE MACRO url_path(u) AS regexp_extract(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1)",
    "CREATE MACRO url_query(u) AS nullif(regexp_extract(u, '\\?([^#]*)', 1), '')",
    "CREATE MACRO url_fragment(u) AS nullif(regexp_extract(u, '#(.*)$', 1), '')",
    """
    CREATE MACRO url_parameter(u, name) AS
      CASE WHEN len(list_filter(string_split(url_query(u), '&'), lambda p: split_part(p, '=', 1) = name)) > 0
        THEN url_decode(regexp_replace(
          list_filter(string_split(url_query(u), '&'), lambda p: split_part(p, '=', 1) = name)[1],
          '^[^=]*=?', '')) END
    """,
  ]
}
