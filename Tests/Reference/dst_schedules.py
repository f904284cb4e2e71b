"""Writes dst_schedules.json: the sessions of schedules around changes of the clocks, found another way than the product does.

Python's zoneinfo alone is asked: every local minute of a window that a schedule matches becomes a moment with fold=1 (the
second pass of a repeated hour), or with fold=0 where it does not exist (it moves later by the gap). 12 zones x 5 kinds x 2
changes x 2 questions = 240 cases. Run: python3 Tests/Reference/dst_schedules.py > Tests/Reference/dst_schedules.json
"""
import datetime as d
import json
import zoneinfo

ZONES = ["America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Santiago", "America/Havana",
         "Europe/London", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut", "Australia/Sydney", "Australia/Lord_Howe",
         "Pacific/Auckland"]
UTC = d.timezone.utc
MINUTE = d.timedelta(minutes=1)


def offset(zone, moment):
    return moment.astimezone(zone).utcoffset()


def changes(zone):
    """The first moments of the two new offsets of 2024."""
    found, moment = [], d.datetime(2024, 1, 1, tzinfo=UTC)
    while moment.year == 2024:
        after = moment + d.timedelta(minutes=30)
        if offset(zone, moment) != offset(zone, after):
            while offset(zone, moment) == offset(zone, moment + MINUTE):
                moment += MINUTE
            found.append(moment + MINUTE)
        moment = after
    return found


def instant(zone, local):
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == local:
        return late
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


KINDS = {
    "hourly>": ("10:00", 600, lambda t, c: t.minute == 0),
    "daily>": ("02:30:00", 9000, lambda t, c: t.hour == t.minute == 0),
    "weekly>": (None, 5400, lambda t, c: t.hour == t.minute == 0 and t.weekday() == c.weekday()),
    "monthly>": (None, 3600, lambda t, c: t.hour == t.minute == 0 and t.day == c.day),
    "cron>": ("*/20 1-3 * * *", 0, lambda t, c: 1 <= t.hour <= 3 and t.minute % 20 == 0),
}
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def text(kind, change):
    if kind == "weekly>":
        return f"{DAYS[change.weekday()]},01:30:00"
    if kind == "monthly>":
        return f"{change.day},01:00:00"
    return KINDS[kind][0]


def sessions(zone, kind, change, span):
    _, _, fits = KINDS[kind]
    middle = change.astimezone(zone).replace(tzinfo=None)
    local, end = middle - span, middle + span
    local = local.replace(minute=0, second=0)
    moments = set()
    while local <= end:
        if fits(local, middle):
            moments.add(instant(zone, local))
        local += MINUTE
    return sorted(moments)


cases = []
for name in ZONES:
    zone = zoneinfo.ZoneInfo(name)
    both = changes(zone)
    assert len(both) == 2, (name, both)
    for change in both:
        local = change.astimezone(zone).replace(tzinfo=None)
        for kind, (_, delay, _) in KINDS.items():
            span = d.timedelta(days=70 if kind == "monthly>" else 16 if kind == "weekly>" else 3)
            moments = [int(moment.timestamp()) for moment in sessions(zone, kind, change, span)]
            at = int(change.timestamp())
            schedule = {"zone": name, "kind": kind, "text": text(kind, local), "delay": delay}
            before = [moment for moment in moments if moment < at - 60]
            start = before[-1]
            following = [moment for moment in moments if moment > start][:4]
            cases.append({**schedule, "question": "next", "from": start, "expected": following})
            behind = [moment for moment in moments if moment + delay >= at - 1800][:1]
            cases.append({**schedule, "question": "first", "from": at - 1800, "expected": behind})
assert len(cases) == 240, len(cases)
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
