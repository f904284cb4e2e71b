"""The service's own functions, the same in both dialects.

Times are seconds since 1970; zones default to UTC; weeks start on Monday. What must be computed row by row is in the
engine's `td_…` macros; here arguments are checked and literals resolved.
"""

from __future__ import annotations

import re

from sqlglot import exp

from .nodes import Arguments, call, cast, check_count, is_null, is_text, refused, text_of
from .problems import Problem, unsupported
from .timeformats import strftime_pattern, zone_name

UNITS = {
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "M": "month",
    "q": "quarter",
    "y": "year",
}
SHORT_FORMATS = {
    "y": "yyyy",
    "q": "yyyy-MM",
    "M": "yyyy-MM",
    "w": "yyyy-MM-dd",
    "d": "yyyy-MM-dd",
    "h": "yyyy-MM-dd HH",
    "m": "yyyy-MM-dd HH:mm",
    "s": "yyyy-MM-dd HH:mm:ss",
}
DATE_TIME = re.compile(
    r"\s*\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?)?\s*([A-Za-z_/]+|[+-]\d{2}:?\d{2})?\s*"
)


def zone(arguments: Arguments, position: int) -> exp.Expression:
    """The zone argument as the engine wants it; UTC when it is left out."""
    if len(arguments) <= position or is_null(arguments[position]):
        return exp.Literal.string("UTC")
    node = arguments[position]
    return exp.Literal.string(zone_name(node.this)) if is_text(node) else call("td_zone", node)


def scheduled_time(arguments: Arguments) -> exp.Expression:
    check_count("TD_SCHEDULED_TIME", arguments, 0, 0)
    return cast(call("getvariable", "td_scheduled_time"), "BIGINT")


def unix(node: exp.Expression, zone_node: exp.Expression, function: str) -> exp.Expression:
    """Seconds of a number or a text such as `2020-01-31 10:00:00`."""
    if is_text(node) and not re.fullmatch(r"-?\d+", node.this) and not DATE_TIME.fullmatch(node.this):
        raise Problem(
            "typeMismatch",
            f"`{node.this}` is no time for `{function}`",
            word=node.this,
            hint="write `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss`, with a zone behind it if needed",
        )
    return call("td_unix", node, zone_node)


def time_range(arguments: Arguments) -> exp.Expression:
    check_count("TD_TIME_RANGE", arguments, 2, 4)
    time, start = arguments[0], arguments[1]
    end = arguments[2] if len(arguments) > 2 else None
    place = zone(arguments, 3)
    conditions: list[exp.Expression] = []
    if not is_null(start):
        least = exp.Coalesce(
            this=unix(start, place, "TD_TIME_RANGE"), expressions=[cast(exp.Literal.number(-(2**62)), "BIGINT")]
        )
        conditions.append(exp.GTE(this=exp.paren(time), expression=least))
    if not is_null(end):
        limit = exp.Coalesce(
            this=unix(end, place.copy(), "TD_TIME_RANGE"),
            expressions=[cast(exp.Literal.number(2**62), "BIGINT")],
        )
        conditions.append(exp.LT(this=exp.paren(time.copy()), expression=limit))
    return exp.paren(exp.and_(*conditions)) if conditions else exp.true()


def formatted(
    time: exp.Expression, pattern: str, place: exp.Expression, function: str, unit: str | None = None
) -> exp.Expression:
    """The text of a time in a zone, first truncated to a unit."""
    local: exp.Expression = call("td_local", time, place)
    if unit:
        local = call("date_trunc", unit, local)
    text, zones = strftime_pattern(pattern, function)
    pieces: list[exp.Expression] = []
    for position, part in enumerate(text.split("\0")):
        if position:
            pieces.append(call("td_offset", time.copy(), place.copy(), zones[position - 1]))
        if part:
            pieces.append(call("strftime", cast(local.copy(), "TIMESTAMP"), part))
    result = pieces[0] if pieces else exp.Literal.string("")
    for piece in pieces[1:]:
        result = exp.DPipe(this=result, expression=piece)
    return exp.paren(result) if len(pieces) > 1 else result


def time_format(arguments: Arguments) -> exp.Expression:
    check_count("TD_TIME_FORMAT", arguments, 2, 3)
    pattern = text_of(arguments[1], "TD_TIME_FORMAT", "format")
    return formatted(arguments[0], pattern, zone(arguments, 2), "TD_TIME_FORMAT")


def time_string(arguments: Arguments) -> exp.Expression:
    check_count("TD_TIME_STRING", arguments, 2, 3)
    pattern = text_of(arguments[1], "TD_TIME_STRING", "format")
    code, short = pattern[:1], pattern[1:]
    place = zone(arguments, 2)
    if code not in SHORT_FORMATS or short not in ("", "!"):
        return formatted(arguments[0], pattern, place, "TD_TIME_STRING")
    full = SHORT_FORMATS[code] if short else "yyyy-MM-dd HH:mm:ssZ"
    return formatted(arguments[0], full, place, "TD_TIME_STRING", UNITS[code])


def time_parse(arguments: Arguments) -> exp.Expression:
    check_count("TD_TIME_PARSE", arguments, 1, 2)
    return unix(arguments[0], zone(arguments, 1), "TD_TIME_PARSE")


def time_add(arguments: Arguments) -> exp.Expression:
    check_count("TD_TIME_ADD", arguments, 2, 3)
    duration = arguments[1]
    if is_text(duration) and not re.fullmatch(r"\s*[+-]?\d+[wdhms]\s*", duration.this):
        raise Problem(
            "typeMismatch",
            f"`{duration.this}` is no duration for `TD_TIME_ADD`",
            word=duration.this,
            hint="write a number and one of w d h m s, as in `-1d`",
        )
    start = unix(arguments[0], zone(arguments, 2), "TD_TIME_ADD")
    return exp.paren(exp.Add(this=start, expression=call("td_seconds", duration)))


def date_trunc(arguments: Arguments) -> exp.Expression:
    check_count("TD_DATE_TRUNC", arguments, 2, 3)
    unit = text_of(arguments[0], "TD_DATE_TRUNC", "unit").lower()
    if unit not in UNITS.values():
        raise Problem(
            "typeMismatch",
            f"`{unit}` is no unit for `TD_DATE_TRUNC`",
            word=unit,
            hint="use one of " + ", ".join(UNITS.values()),
        )
    place = zone(arguments, 2)
    local = call("td_local", arguments[1], place)
    return call("td_from_local", call("date_trunc", unit, local), place.copy())


def bounds(arguments: Arguments, function: str) -> tuple[exp.Expression, exp.Expression]:
    """Start and end of an interval such as `-7d`, `-7d/-1d`, `-1d/2025-10-01` or `0M/now`, in seconds.

    Without an offset the interval ends where the current unit starts (`-7d` is the last seven whole days), and one
    that does not look back covers the current unit (`0d`, `1d`: today).
    """
    text = text_of(arguments[0], function, "interval")
    place = zone(arguments, 1)
    reference = arguments[2] if len(arguments) > 2 else scheduled_time([])
    here = call("td_local", unix(reference, place, function), place.copy())
    found = re.fullmatch(r"([+-]?\d+)([smhdwMqy])(?:/(.+))?", text.strip())
    if not found:
        raise Problem(
            "typeMismatch",
            f"`{text}` is no interval for `{function}`",
            word=text,
            hint="write a number and one of s m h d w M q y, and an offset if needed, as in `-7d/-1d`",
        )
    count, unit, offset = int(found[1]), UNITS[found[2]], found[3]
    if offset is None:
        start = call("date_trunc", unit, here)
        edges = [shifted(start, count, unit), start.copy()] if count < 0 else [
            start,
            shifted(start.copy(), max(count, 1), unit),
        ]
    else:
        edge = offset_edge(offset, here, place, function)
        if count < 0:
            edges = [shifted(edge, count, unit), edge.copy()]
        elif count == 0:
            edges = [call("date_trunc", unit, edge), edge.copy()]
        else:
            edges = [edge, shifted(edge.copy(), count, unit)]
        if offset == "now" and count < 0:
            edges[0] = shifted(call("date_trunc", unit, edge.copy()), count, unit)
    first, last = (call("td_from_local", e, place.copy()) for e in edges)
    return first, last


def shifted(local: exp.Expression, count: int, unit: str) -> exp.Expression:
    step = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.var(unit.upper()))
    return exp.paren(exp.Add(this=local, expression=step))


def offset_edge(
    offset: str, here: exp.Expression, place: exp.Expression, function: str
) -> exp.Expression:
    if offset == "now":
        return here
    relative = re.fullmatch(r"([+-]?\d+)([smhdwMqy])", offset)
    if relative:
        unit = UNITS[relative[2]]
        return shifted(call("date_trunc", unit, here), int(relative[1]), unit)
    return call("td_local", unix(exp.Literal.string(offset), place, function), place.copy())


def interval(arguments: Arguments) -> exp.Expression:
    check_count("TD_INTERVAL", arguments, 2, 4)
    first, last = bounds(arguments[1:], "TD_INTERVAL")
    time = exp.paren(arguments[0])
    return exp.paren(
        exp.and_(exp.GTE(this=time, expression=first), exp.LT(this=time.copy(), expression=last))
    )


def interval_range(arguments: Arguments) -> exp.Expression:
    check_count("TD_INTERVAL_RANGE", arguments, 1, 3)
    return call("list_value", *bounds(arguments, "TD_INTERVAL_RANGE"))


def first_or_last(name: str, target: str):
    def build(arguments: Arguments) -> exp.Expression:
        check_count(name, arguments, 2, 20)
        order = arguments[1] if len(arguments) == 2 else call("row", *arguments[1:])
        return call(target, arguments[0], order)

    return build


def most_frequent(arguments: Arguments) -> exp.Expression:
    raise unsupported(
        "`TD_APPROX_MOST_FREQUENT` is not supported",
        "TD_APPROX_MOST_FREQUENT",
        "GROUP BY the value, ORDER BY count(*) DESC and LIMIT",
    )


def rescale(arguments: Arguments) -> exp.Expression:
    check_count("rescale", arguments, 3, 3)
    return call("hivemall_rescale", *arguments)


NO_SESSIONS = "LAG() and a running SUM() in windows give the same"
FUNCTIONS = {
    "TD_SCHEDULED_TIME": scheduled_time,
    "TD_TIME_RANGE": time_range,
    "TD_TIME_FORMAT": time_format,
    "TD_TIME_STRING": time_string,
    "TD_TIME_PARSE": time_parse,
    "TD_TIME_ADD": time_add,
    "TD_DATE_TRUNC": date_trunc,
    "TD_INTERVAL": interval,
    "TD_INTERVAL_RANGE": interval_range,
    "TD_FIRST": first_or_last("TD_FIRST", "arg_min_null"),
    "TD_LAST": first_or_last("TD_LAST", "arg_max_null"),
    "TD_URL_DECODE": lambda arguments: call("url_decode", *arguments),
    "TD_MD5": lambda arguments: call("md5", *arguments),
    "TD_APPROX_MOST_FREQUENT": most_frequent,
    "TD_SESSIONIZE": refused("TD_SESSIONIZE", "it depends on the order rows arrive in", NO_SESSIONS),
    "TD_SESSIONIZE_WINDOW": refused("TD_SESSIONIZE_WINDOW", "it makes random ids", NO_SESSIONS),
    "TD_CURRENCY_CONV": refused("TD_CURRENCY_CONV", "it needs the service's exchange rates"),
    "TD_IP_TO_COUNTRY_CODE": refused("TD_IP_TO_COUNTRY_CODE", "it needs the service's address data"),
    "ROWNUM": lambda arguments: call("tadoru_rownum"),
    "ROWID": lambda arguments: call("tadoru_rowid"),
    "SIGMOID": lambda arguments: call("hivemall_sigmoid", *arguments),
    "RESCALE": rescale,
}
