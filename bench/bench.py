"""Runs the cases and prints one Markdown table. Called by run.sh."""

import argparse
import importlib
import os
import platform
import sys
import tempfile
from pathlib import Path

from measure import Tadoru

CASES = ["start", "tasks", "engine", "insert", "handoff", "auc"]


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/run.sh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=" ".join(CASES))
    options = parser.parse_args()
    unknown = [case for case in options.cases if case not in CASES]
    if unknown:
        parser.error(f"no case `{unknown[0]}`; there are {', '.join(CASES)}")

    rows, failed = [], []
    with tempfile.TemporaryDirectory(prefix="tadoru-bench-") as folder:
        for name in options.cases or CASES:
            print(f"bench: {name}", file=sys.stderr, flush=True)
            case = importlib.import_module(f"cases.{name}")
            tadoru = Tadoru(Path("bin/tadoru").resolve(), Path(folder) / name)
            try:
                rows += case.measure(tadoru, options.quick)
            except Exception as error:  # one broken case must not hide the others
                failed.append(name)
                print(f"bench: {name} failed: {error}", file=sys.stderr)

    load = os.getloadavg()[0]
    print(f"{processor()}, {os.cpu_count()} cores, load {load:.1f}" + (", --quick" if options.quick else ""))
    print()
    print("| what | Tadoru | peer | ratio |")
    print("|---|---|---|---|")
    for row in rows:
        print(row)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
