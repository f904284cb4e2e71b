"""Presto (Trino) as DuckDB executes it, with Presto's meaning. Source of the meanings: the Trino documentation."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.dialects.trino import Trino

from . import td_functions
from .nodes import Arguments, call, cast, check_count, is_text, null_if_any_null, refused, renamed, text_of
from .problems import unsupported
from .timeformats import strftime_pattern, zone_name

INTEGERS = {"TINYINT", "SMALLINT", "INT", "BIGINT"}
TEXTS = {"VARCHAR", "CHAR", "TEXT"}
MYSQL = {
    "a": "%a", "b": "%b", "c": "%-m", "d": "%d", "e": "%-d", "f": "%f", "H": "%H", "h": "%I", "I": "%I",
    "i": "%M", "j": "%j", "k": "%-H", "l": "%-I", "M": "%B", "m": "%m", "p": "%p", "r": "%I:%M:%S %p",
    "S": "%S", "s": "%S", "T": "%H:%M:%S", "v": "%V", "W": "%A", "x": "%G", "Y": "%Y", "y": "%y", "%": "%%",
}  # fmt: skip


def mysql_pattern(node: exp.Expression, function: str) -> str:
    def directive(found: re.Match) -> str:
        if found[1] not in MYSQL:
            raise unsupported(f"`{found[0]}` in the format of `{function}` is not supported", function)
        return MYSQL[found[1]]

    return re.sub(r"%(.)", directive, text_of(node, function, "format"))


def date_format(a: Arguments) -> exp.Expression:
    check_count("date_format", a, 2, 2)
    return call("strftime", a[0], mysql_pattern(a[1], "date_format"))


def date_parse(a: Arguments) -> exp.Expression:
    check_count("date_parse", a, 2, 2)
    return call("strptime", a[0], mysql_pattern(a[1], "date_parse"))


def joda(name: str, target: str):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 2, 2)
        pattern, zones = strftime_pattern(text_of(a[1], name, "format"), name)
        if zones:
            pattern = pattern.replace("\0", "%z" if target == "strptime" else "+0000")
        return call(target, a[0], pattern)

    return build


def is_date(node: exp.Expression) -> bool:
    if isinstance(node, exp.Paren):
        return is_date(node.this)
    if isinstance(node, (exp.CurrentDate, exp.Date)):
        return True
    return isinstance(node, (exp.Cast, exp.TryCast)) and node.to.this == exp.DataType.Type.DATE


def keep_date(source: exp.Expression, result: exp.Expression) -> exp.Expression:
    """The engine makes timestamps of dates; where the argument evidently is a date, so is the result."""
    return cast(result, "DATE") if is_date(source) else result


def date_add(a: Arguments) -> exp.Expression:
    check_count("date_add", a, 3, 3)
    unit = text_of(a[0], "date_add", "unit").upper()
    if unit == "QUARTER":
        unit, a[1] = "MONTH", exp.Mul(this=exp.paren(a[1]), expression=exp.Literal.number(3))
    step = exp.Interval(this=exp.paren(a[1]), unit=exp.var(unit))
    return keep_date(a[2], exp.paren(exp.Add(this=exp.paren(a[2]), expression=step)))


def date_diff(a: Arguments) -> exp.Expression:
    # counts whole units as Presto does; the engine's own date_diff counts boundaries
    check_count("date_diff", a, 3, 3)
    return call("date_sub", text_of(a[0], "date_diff", "unit").lower(), a[1], a[2])


def date_trunc(a: Arguments) -> exp.Expression:
    check_count("date_trunc", a, 2, 2)
    return keep_date(a[1], call("date_trunc", text_of(a[0], "date_trunc", "unit").lower(), a[1]))


def from_unixtime(a: Arguments) -> exp.Expression:
    check_count("from_unixtime", a, 1, 2)
    stamp = call("to_timestamp", a[0])
    if len(a) == 1:
        return stamp
    zone = exp.Literal.string(zone_name(a[1].this)) if is_text(a[1]) else call("td_zone", a[1])
    return call("timezone", zone, stamp)


def json_path(name: str, target: str):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 2, 2)
        path = text_of(a[1], name, "path")
        path = re.sub(r"""\[["']([^"'\]]+)["']\]""", r'."\1"', path)
        return call(target, a[0], path)

    return build


def map_agg(a: Arguments) -> exp.Expression:
    check_count("map_agg", a, 2, 2)
    pairs = exp.Filter(
        this=call("list", call("row", a[0], a[1])),
        expression=exp.Where(this=exp.Not(this=exp.Is(this=a[0].copy(), expression=exp.Null()))),
    )
    return call("map_from_entries", pairs)


def approx_percentile(a: Arguments) -> exp.Expression:
    check_count("approx_percentile", a, 2, 2)
    return call("quantile_disc", *a)


def random(a: Arguments) -> exp.Expression:
    check_count("random", a, 0, 2)
    if not a:
        return call("random")
    low = exp.Literal.number(0) if len(a) == 1 else a[0]
    return call("presto_random", low, a[-1])


def split(a: Arguments) -> exp.Expression:
    check_count("split", a, 2, 2)
    return call("string_split", *a)


def cardinality(a: Arguments) -> exp.Expression:
    check_count("cardinality", a, 1, 1)
    is_map = isinstance(a[0], (exp.Map, exp.VarMap, exp.ToMap)) or (
        isinstance(a[0], exp.Anonymous) and a[0].name.lower() in ("map_from_entries", "map", "histogram")
    )
    return call("cardinality" if is_map else "len", *a)


def matching(name: str, node: type[exp.Binary], opposite: bool = False):
    """How many elements pass a test, compared with 0: any_match, all_match, none_match."""

    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 2, 2)
        test = a[1]
        if opposite and isinstance(test, exp.Lambda):
            test.set("this", exp.Not(this=exp.paren(test.this)))
        count = call("len", call("list_filter", a[0], test))
        return exp.paren(node(this=count, expression=exp.Literal.number(0)))

    return build


FUNCTIONS = {
    "ALL_MATCH": matching("all_match", exp.EQ, opposite=True),
    "ANY_MATCH": matching("any_match", exp.GT),
    "APPROX_DISTINCT": lambda a: call("approx_count_distinct", a[0]),
    "APPROX_PERCENTILE": approx_percentile,
    "ARBITRARY": renamed("any_value"),
    "ARRAY_MAX": renamed("list_max"),
    "ARRAY_MIN": renamed("list_min"),
    "ARRAY_POSITION": renamed("presto_array_position"),
    "ARRAY_SORT": lambda a: call("list_sort", *a, "ASC", "NULLS LAST"),
    "ARRAYS_OVERLAP": renamed("list_has_any"),
    "BITWISE_XOR": renamed("xor"),
    "CARDINALITY": cardinality,
    "CODEPOINT": renamed("unicode"),
    "DATE_ADD": date_add,
    "DATE_DIFF": date_diff,
    "DATE_FORMAT": date_format,
    "DATE_PARSE": date_parse,
    "DATE_TRUNC": date_trunc,
    "E": lambda a: call("exp", 1),
    "FORMAT_DATETIME": joda("format_datetime", "strftime"),
    "FROM_ISO8601_DATE": lambda a: cast(a[0], "DATE"),
    "FROM_ISO8601_TIMESTAMP": lambda a: cast(a[0], "TIMESTAMPTZ"),
    "FROM_UNIXTIME": from_unixtime,
    "GREATEST": null_if_any_null("greatest"),
    "INFINITY": lambda a: cast(exp.Literal.string("inf"), "DOUBLE"),
    "IS_FINITE": renamed("isfinite"),
    "IS_INFINITE": renamed("isinf"),
    "IS_NAN": renamed("isnan"),
    "JSON_EXTRACT": json_path("json_extract", "presto_json_extract"),
    "JSON_EXTRACT_SCALAR": json_path("json_extract_scalar", "presto_json_extract_scalar"),
    "JSON_FORMAT": lambda a: cast(a[0], "VARCHAR"),
    "JSON_PARSE": lambda a: cast(a[0], "JSON"),
    "LAST_DAY_OF_MONTH": renamed("last_day"),
    "LEAST": null_if_any_null("least"),
    "LEVENSHTEIN_DISTANCE": renamed("levenshtein"),
    "LOG": lambda a: call("log", *a),
    "MAP_AGG": map_agg,
    "MILLISECOND": lambda a: exp.paren(
        exp.Mod(this=call("millisecond", *a), expression=exp.Literal.number(1000))
    ),
    "NAN": lambda a: cast(exp.Literal.string("nan"), "DOUBLE"),
    "NONE_MATCH": matching("none_match", exp.EQ),
    "PARSE_DATETIME": joda("parse_datetime", "strptime"),
    "RAND": random,
    "RANDOM": random,
    "REDUCE": refused("reduce", "the engine has no final step", "use array functions or UNNEST"),
    "REGEXP_COUNT": lambda a: call("len", call("regexp_extract_all", *a)),
    "REGEXP_EXTRACT": renamed("presto_regexp_extract"),
    "REGEXP_REPLACE": renamed("presto_regexp_replace"),
    "REGEXP_SPLIT": renamed("string_split_regex"),
    "REPLACE": lambda a: call("replace", *(a if len(a) == 3 else [*a, ""])),
    "SLICE": lambda a: call("presto_slice", *a),
    "SPLIT": split,
    "SPLIT_PART": renamed("presto_split_part"),
    "SUBSTR": renamed("presto_substr"),
    "TO_ISO8601": lambda a: call("presto_iso8601", *a),
    "TRUNCATE": renamed("trunc"),
    "TYPEOF": lambda a: call("lower", call("typeof", *a)),
    "URL_EXTRACT_FRAGMENT": renamed("url_fragment"),
    "URL_EXTRACT_HOST": renamed("url_host"),
    "URL_EXTRACT_PARAMETER": renamed("url_parameter"),
    "URL_EXTRACT_PATH": renamed("url_path"),
    "URL_EXTRACT_PORT": renamed("url_port"),
    "URL_EXTRACT_PROTOCOL": renamed("url_protocol"),
    "URL_EXTRACT_QUERY": renamed("url_query"),
    "WEEK": renamed("weekofyear"),
    "WEEK_OF_YEAR": renamed("weekofyear"),
    "YEAR_OF_WEEK": renamed("isoyear"),
    "YOW": renamed("isoyear"),
    "ZIP": renamed("list_zip"),
    "DOW": renamed("isodow"),
    "DAY_OF_WEEK": renamed("isodow"),
    "DOY": renamed("dayofyear"),
    "DAY_OF_YEAR": renamed("dayofyear"),
    **td_functions.FUNCTIONS,
}


class PrestoDialect(Trino):
    """Presto with the functions above instead of the library's guesses."""

    class Parser(Trino.Parser):
        FUNCTIONS = {**Trino.Parser.FUNCTIONS, **FUNCTIONS}


def rewrite(node: exp.Expression) -> exp.Expression:
    """One node with the meaning of Presto; applied from the leaves up."""
    if isinstance(node, exp.Div):
        return exp.IntDiv(this=node.this, expression=node.expression)  # integers stay integers
    if isinstance(node, (exp.Add, exp.Sub)) and isinstance(node.expression, exp.Interval):
        return keep_date(node.this, node.copy())
    if isinstance(node, exp.Substring):
        length = node.args.get("length")
        start = node.args.get("start")
        return call("presto_substr", node.this, start, *([length] if length is not None else []))
    if isinstance(node, exp.Trim) and node.args.get("expression") is None:
        node.set("expression", exp.Literal.string(" \t\n\r\v\f"))
    if isinstance(node, (exp.ArgMax, exp.ArgMin)) and node.args.get("count") is None:
        return call(
            "arg_max_null" if isinstance(node, exp.ArgMax) else "arg_min_null", node.this, node.expression
        )
    if isinstance(node, exp.Extract) and node.name.upper() in ("DOW", "DAYOFWEEK", "DAY_OF_WEEK"):
        return call("isodow", node.expression)
    if isinstance(node, (exp.Cast, exp.TryCast)) and not node.meta.get("exact"):
        return cast_rule(node)
    return node


def cast_rule(node: exp.Cast) -> exp.Expression:
    target = node.to.this.name if isinstance(node.to.this, exp.DataType.Type) else ""
    converted: exp.Expression = node
    if target in INTEGERS:
        converted = call("presto_bigint", node.this)
        if target != "BIGINT":
            converted = cast(converted, target)
    elif target in TEXTS and not node.to.args.get("nested"):
        converted = call("presto_varchar", node.this)
        if node.to.expressions:
            converted = call("left", converted, node.to.expressions[0].this.copy())
    elif target == "JSON":
        converted = call("to_json", node.this)
    if isinstance(node, exp.TryCast) and converted is not node:
        return call("try", converted)
    return converted
