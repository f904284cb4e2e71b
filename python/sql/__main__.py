"""Translates Presto and Hive SQL to DuckDB's, one JSON object a line in, one out; ends when its input ends."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def main() -> None:
    from tadoru_sql.translation import VERSION, answer

    out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # a stray print of a library must not end up between two answers
    print(json.dumps({"version": VERSION}), file=out, flush=True)
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line)), ensure_ascii=False), file=out, flush=True)


if __name__ == "__main__":
    main()
