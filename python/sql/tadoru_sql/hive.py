"""Hive as DuckDB executes it, with Hive's meaning. Source of the meanings: the Hive language manual."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.hive import Hive

from . import td_functions
from .nodes import Arguments, call, cast, check_count, null_if_any_null, refused, renamed, text_of
from .presto import INTEGERS, TEXTS
from .problems import unsupported
from .timeformats import strftime_pattern, zone_name

DEFAULT_FORMAT = "yyyy-MM-dd HH:mm:ss"


def try_cast(node: exp.Expression, type_name: str) -> exp.Expression:
    node = exp.TryCast(this=node, to=exp.DataType.build(type_name, dialect="duckdb"))
    node.meta["exact"] = True
    return node


def text_format(a: Arguments, position: int, function: str) -> str:
    return text_of(a[position], function, "format") if len(a) > position else DEFAULT_FORMAT


def from_unixtime(a: Arguments) -> exp.Expression:
    check_count("from_unixtime", a, 1, 2)
    utc = exp.Literal.string("UTC")
    return td_functions.formatted(a[0], text_format(a, 1, "from_unixtime"), utc, "from_unixtime")


def unix_timestamp(a: Arguments) -> exp.Expression:
    check_count("unix_timestamp", a, 0, 2)
    if not a:
        return cast(call("floor", call("epoch", call("now"))), "BIGINT")
    if len(a) == 1:
        return cast(call("epoch", try_cast(a[0], "TIMESTAMP")), "BIGINT")
    pattern, zones = strftime_pattern(text_format(a, 1, "unix_timestamp"), "unix_timestamp")
    return cast(call("epoch", call("try_strptime", a[0], pattern.replace("\0", "%z"))), "BIGINT")


def date_format(a: Arguments) -> exp.Expression:
    check_count("date_format", a, 2, 2)
    pattern, zones = strftime_pattern(text_format(a, 1, "date_format"), "date_format")
    return call("strftime", try_cast(a[0], "TIMESTAMP"), pattern.replace("\0", "+0000"))


def add_days(name: str, node: type[exp.Binary]):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 2, 2)
        return exp.paren(node(this=try_cast(a[0], "DATE"), expression=cast(a[1], "INTEGER")))

    return build


def add_months(a: Arguments) -> exp.Expression:
    check_count("add_months", a, 2, 3)
    step = exp.Interval(this=exp.paren(a[1]), unit=exp.var("MONTH"))
    return cast(exp.Add(this=try_cast(a[0], "DATE"), expression=step), "DATE")


def trunc(a: Arguments) -> exp.Expression:
    check_count("trunc", a, 1, 2)
    units = {"MM": "month", "MON": "month", "MONTH": "month", "YY": "year", "YYYY": "year", "YEAR": "year"}
    if len(a) == 1:
        return call("trunc", a[0])
    text = text_of(a[1], "trunc", "unit").upper()
    unit = units.get(text) or {"Q": "quarter"}.get(text)
    if unit is None:
        raise unsupported(f"the unit `{text}` of `trunc` is not supported", "trunc", "use MM, YY or Q")
    return cast(call("date_trunc", unit, try_cast(a[0], "TIMESTAMP")), "DATE")


def part(name: str, plus: int = 0):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 1, 1)
        value = call(name, try_cast(a[0], "TIMESTAMP"))
        return exp.paren(exp.Add(this=value, expression=exp.Literal.number(plus))) if plus else value

    return build


def shift_zone(name: str, away: bool):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 2, 2)
        zone = exp.Literal.string(zone_name(text_of(a[1], name, "zone")))
        first, second = ("UTC", zone) if away else (zone, "UTC")
        return call("timezone", second, call("timezone", first, try_cast(a[0], "TIMESTAMP")))

    return build


def collected(name: str, distinct: bool):
    def build(a: Arguments) -> exp.Expression:
        check_count(name, a, 1, 1)
        argument = exp.Distinct(expressions=[a[0]]) if distinct else a[0]
        present = exp.Not(this=exp.Is(this=a[0].copy(), expression=exp.Null()))
        rows = exp.Filter(this=call("list", argument), expression=exp.Where(this=present))
        node = exp.Coalesce(this=rows, expressions=[exp.Array(expressions=[])])
        node.meta["list"] = True
        return node

    return build


def concat_ws(a: Arguments) -> exp.Expression:
    lists = (exp.Array, exp.Split, exp.RegexpSplit, exp.ArrayAgg)
    if len(a) == 2 and (a[1].meta.get("list") or isinstance(a[1], lists)):
        return call("array_to_string", a[1], a[0])
    return call("concat_ws", *a)


def parse_url(a: Arguments) -> exp.Expression:
    check_count("parse_url", a, 2, 3)
    name = text_of(a[1], "parse_url", "part").upper()
    if name == "QUERY" and len(a) == 3:
        return call("url_parameter", a[0], a[2])
    targets = {"HOST": "host", "PATH": "path", "QUERY": "query", "PROTOCOL": "protocol", "REF": "fragment"}
    if name not in targets:
        raise unsupported(f"the part `{name}` of `parse_url` is not supported", "parse_url")
    return call("url_" + targets[name], a[0])


def pmod(a: Arguments) -> exp.Expression:
    check_count("pmod", a, 2, 2)
    return call("hive_pmod", *a)


NO_STREAM = "the engine runs no scripts inside a query"
FUNCTIONS = {
    "ADD_MONTHS": add_months,
    "APPROX_DISTINCT": lambda a: call("approx_count_distinct", a[0]),
    "COLLECT_LIST": collected("collect_list", distinct=False),
    "COLLECT_SET": collected("collect_set", distinct=True),
    "CONCAT_WS": concat_ws,
    "DATE_ADD": add_days("date_add", exp.Add),
    "DATE_FORMAT": date_format,
    "DATE_SUB": add_days("date_sub", exp.Sub),
    "DATEDIFF": lambda a: call("date_diff", "day", try_cast(a[1], "DATE"), try_cast(a[0], "DATE")),
    "DAY": part("day"),
    "DAYOFMONTH": part("day"),
    "DAYOFWEEK": part("dayofweek", plus=1),
    "FROM_UNIXTIME": from_unixtime,
    "FROM_UTC_TIMESTAMP": shift_zone("from_utc_timestamp", away=True),
    "GET_JSON_OBJECT": lambda a: call("hive_get_json_object", *a),
    "GREATEST": null_if_any_null("greatest"),
    "HOUR": part("hour"),
    "JSON_TUPLE": refused("json_tuple", "it gives several columns", "use get_json_object for each field"),
    "ISNOTNULL": lambda a: exp.Not(this=exp.Is(this=a[0], expression=exp.Null())),
    "ISNULL": lambda a: exp.Is(this=a[0], expression=exp.Null()),
    "LAST_DAY": lambda a: call("last_day", try_cast(a[0], "DATE")),
    "LEAST": null_if_any_null("least"),
    "LOG": lambda a: call("log" if len(a) == 2 else "ln", *a),
    "MINUTE": part("minute"),
    "MONTH": part("month"),
    "MONTHS_BETWEEN": refused("months_between", "it counts fractions of months in its own way"),
    "PARSE_URL": parse_url,
    "PERCENTILE": lambda a: call("quantile_cont", *a),
    "PERCENTILE_APPROX": lambda a: call("quantile_cont", *a[:2]),
    "PMOD": pmod,
    "QUARTER": part("quarter"),
    "RAND": lambda a: call("random"),
    "REFLECT": refused("reflect", "it calls Java"),
    "REGEXP_REPLACE": renamed("presto_regexp_replace"),
    "SECOND": part("second"),
    "SIZE": lambda a: call("hive_size", *a),
    "SPACE": lambda a: call("repeat", " ", *a),
    "STD": renamed("stddev_pop"),
    "STDDEV": renamed("stddev_pop"),
    "SUBSTR": renamed("hive_substr"),
    "SUBSTRING": renamed("hive_substr"),
    "TO_UTC_TIMESTAMP": shift_zone("to_utc_timestamp", away=False),
    "TRUNC": trunc,
    "UNIX_TIMESTAMP": unix_timestamp,
    "VARIANCE": renamed("var_pop"),
    "WEEKOFYEAR": part("weekofyear"),
    "YEAR": part("year"),
    **td_functions.FUNCTIONS,
    "TD_SUMIF": lambda a: exp.Filter(this=exp.Sum(this=a[0]), expression=exp.Where(this=a[1])),
    "TD_AVGIF": lambda a: exp.Filter(this=exp.Avg(this=a[0]), expression=exp.Where(this=a[1])),
    "TD_ARRAY_INDEX": lambda a: call("hive_array_index", *a),
}


class HiveDialect(Hive):
    """Hive with the functions above instead of the library's guesses."""

    class Parser(Hive.Parser):
        FUNCTIONS = {**Hive.Parser.FUNCTIONS, **FUNCTIONS}
        FUNCTION_PARSERS = {
            name: parser for name, parser in Hive.Parser.FUNCTION_PARSERS.items() if name not in FUNCTIONS
        }


def rewrite(node: exp.Expression) -> exp.Expression:
    """One node with the meaning of Hive; applied from the leaves up."""
    if isinstance(node, exp.Div):  # division is of floats, and by zero it is null
        return exp.Div(this=node.this, expression=null_if_zero(node.expression), typed=False, safe=False)
    if isinstance(node, exp.Mod):
        return exp.Mod(this=node.this, expression=null_if_zero(node.expression))
    if isinstance(node, exp.IntDiv):
        return exp.IntDiv(this=node.this, expression=null_if_zero(node.expression))
    if isinstance(node, (exp.Floor, exp.Ceil)) and not node.args.get("decimals"):
        return try_cast(node.copy(), "BIGINT")
    if isinstance(node, exp.Substring):
        length = node.args.get("length")
        return call("hive_substr", node.this, node.args.get("start"), *([length] if length else []))
    if isinstance(node, exp.Lateral) and node.args.get("outer"):
        generator = node.this
        if not isinstance(generator, (exp.Explode, exp.Posexplode)):
            raise unsupported("LATERAL VIEW OUTER takes `explode` or `posexplode` here", "outer")
        generator.set("this", call("hive_outer", generator.this))
        node.set("outer", False)
    if isinstance(node, (exp.Cast, exp.TryCast)) and not node.meta.get("exact"):
        return cast_rule(node)
    return node


def null_if_zero(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Nullif) or (isinstance(node, exp.Literal) and node.is_number and float(node.this)):
        return node
    return exp.Nullif(this=node, expression=exp.Literal.number(0))


def cast_rule(node: exp.Cast) -> exp.Expression:
    """A cast that cuts fractions off and gives null where it cannot be done."""
    target = node.to.this.name if isinstance(node.to.this, exp.DataType.Type) else ""
    if target in INTEGERS:
        whole = call("hive_bigint", node.this)
        return whole if target == "BIGINT" else try_cast(whole, target)
    if target in TEXTS and node.to.expressions:
        return call("left", try_cast(node.this, "VARCHAR"), node.to.expressions[0].this.copy())
    return exp.TryCast(this=node.this, to=node.to)
