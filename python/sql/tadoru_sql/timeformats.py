"""Date patterns of Java (SimpleDateFormat, Joda) as strftime patterns, and time zone names."""

from __future__ import annotations

import re

from .problems import unsupported

# letter -> (least count, directive) pairs, longest first; SimpleDateFormat and Joda agree on these
LETTERS = {
    "y": [(4, "%Y"), (3, "%Y"), (2, "%y"), (1, "%Y")],
    "Y": [(4, "%Y"), (2, "%y"), (1, "%Y")],
    "M": [(4, "%B"), (3, "%b"), (2, "%m"), (1, "%-m")],
    "d": [(2, "%d"), (1, "%-d")],
    "H": [(2, "%H"), (1, "%-H")],
    "h": [(2, "%I"), (1, "%-I")],
    "m": [(2, "%M"), (1, "%-M")],
    "s": [(2, "%S"), (1, "%-S")],
    "S": [(6, "%f"), (3, "%g")],
    "E": [(4, "%A"), (1, "%a")],
    "a": [(1, "%p")],
    "D": [(3, "%j"), (1, "%-j")],
    "u": [(1, "%u")],
}


def strftime_pattern(java: str, function: str) -> tuple[str, list[str]]:
    """The strftime pattern of a Java one, and the zone letters (`z`, `Z`, `X`) it holds, each as `\\0` in the text."""
    out: list[str] = []
    zones: list[str] = []
    position = 0
    while position < len(java):
        letter = java[position]
        if letter == "'":
            end = java.find("'", position + 1)
            if end < 0:
                raise unsupported(f"a quote is not closed in the time format `{java}`", function)
            out.append("'" if end == position + 1 else java[position + 1 : end].replace("%", "%%"))
            position = end + 1
            continue
        if not letter.isascii() or not letter.isalpha():
            out.append("%%" if letter == "%" else letter)
            position += 1
            continue
        run = len(java[position:]) - len(java[position:].lstrip(letter))
        if letter in "zZX":
            out.append("\0")
            zones.append(letter * run)
        else:
            out.append(directive(letter, run, java, function))
        position += run
    return "".join(out), zones


def directive(letter: str, run: int, java: str, function: str) -> str:
    for least, text in LETTERS.get(letter, []):
        if run >= least:
            return text
    raise unsupported(
        f"`{letter * run}` in the time format `{java}` is not supported",
        function,
        "use the letters y M d H h m s S E a D u, and z Z X for the zone",
    )


ZONES = {
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "MST": "America/Denver",
    "CST": "America/Chicago",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CET": "Europe/Paris",
    "GMT": "UTC",
    "UTC": "UTC",
    "Z": "UTC",
}
HALF_HOURS = {"+0530": "Asia/Kolkata", "+0930": "Australia/Darwin", "+0545": "Asia/Kathmandu"}


def zone_name(text: str) -> str:
    """The engine's name of a zone that is written `JST`, `+09:00` or `Asia/Tokyo`."""
    if text.upper() in ZONES:
        return ZONES[text.upper()]
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", text)
    if not offset:
        return text
    sign, hours, minutes = offset[1], int(offset[2]), offset[3] or "00"
    if minutes == "00" and hours <= 14:
        # the names of this family have the sign of POSIX: Etc/GMT-9 is nine hours ahead
        return "UTC" if hours == 0 else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
    name = HALF_HOURS.get(f"{sign}{hours:02}{minutes}")
    if name is None:
        raise unsupported(f"the time zone `{text}` is not supported", text, "use a name such as `Asia/Tokyo`")
    return name
