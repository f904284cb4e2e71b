"""What the engine costs at scale: attempts of up to 100,000 `echo>` tasks in parallel groups, as written and as a loop
makes them, and chains of which each task is committed before the next starts. The cost for each task at the large size
against that at 1,000 says whether it grows linearly. Peers: Luigi and Prefect with the same graph of 1,000 tasks that
do nothing; what a process takes for ten of them is taken off all three, as Prefect starts a server first."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import megabytes, peak_of, row, run, seconds

GROUP = 1000

LUIGI = """
import sys, luigi
folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Leaf(luigi.Task):
    number = luigi.IntParameter()
    def output(self): return luigi.LocalTarget(f"{folder}/{self.number}")
    def run(self):
        with self.output().open("w"): pass

class Group(luigi.WrapperTask):
    number = luigi.IntParameter()
    def requires(self): return [Leaf(self.number * size + leaf) for leaf in range(size)]

class Root(luigi.WrapperTask):
    def requires(self): return [Group(group) for group in range(count // size)]

sys.exit(0 if luigi.build([Root()], local_scheduler=True, log_level="ERROR") else 1)
"""

PREFECT = """
import sys
from prefect import flow, task
count, size = int(sys.argv[2]), int(sys.argv[3])

@task
def leaf(number): return None

@flow
def root():
    for group in range(count // size):
        for future in [leaf.submit(group * size + number) for number in range(size)]: future.result()

root()
"""


def micro(value: float) -> str:
    return f"{value * 1e6:.0f} µs"


def groups(count: int) -> str:
    lines = ["_parallel: true\n"]
    for group in range(count // GROUP):
        lines.append(f"+g{group}:\n  _parallel: true\n")
        lines += [f"  +t{task}:\n    echo>: task {task}\n" for task in range(GROUP)]
    return "".join(lines)


def loop(count: int) -> str:
    return f"+l:\n  loop>: {count}\n  _parallel: true\n  _do:\n    echo>: task ${{i}}\n"


def chain(count: int) -> str:
    return "".join(f"+t{task}:\n  echo>: task {task}\n" for task in range(count))


def echoes(count: int) -> str:
    return "_parallel: true\n" + chain(count)


def measure(tadoru, quick):
    large, long = (10_000, 2_000) if quick else (100_000, 10_000)
    rows = []
    for what, text, count in (("in parallel groups", groups, large), ("made by `loop>`", loop, large), ("in a chain", chain, long)):
        small = attempt(tadoru, text, 1000)
        whole = attempt(tadoru, text, count)
        each, each_small = whole.wall / count, small.wall / 1000
        rows.append(row(f"{count:,} `echo>` {what}, for each task; beside it one of 1,000", micro(each), micro(each_small), each / each_small))
        rows.append(row("the same: peak memory; database", f"{megabytes(whole.memory)}; {megabytes(whole.database)}"))
    own = attempt(tadoru, groups, 1000).wall - attempt(tadoru, echoes, 10).wall
    for name, script in (("Luigi", LUIGI), ("Prefect", PREFECT)):
        try:
            other = peer(tadoru.project, script)
        except RuntimeError as error:  # a peer that does not start must not hide our own figures
            print(f"bench: {name}: {error}", file=sys.stderr)
            continue
        faster = f"{other / own:.0f} times as long"
        rows.append(row(f"1,000 tasks in parallel groups, without the start; peer: {name}, {faster}", seconds(own), seconds(other), own / other))
    return rows


class Attempt:
    """One run in a project folder of its own."""

    def __init__(self, wall: float, memory: int, database: int):
        self.wall, self.memory, self.database = wall, memory, database


def attempt(tadoru, text, count: int) -> Attempt:
    folder = tadoru.project / f"{text.__name__}{count}"
    best = None
    for _ in range(3 if count <= 1000 else 1):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "w.dig").write_text(text(count))
        wall, memory = peak_of([tadoru.binary, "run", "w", "--project", str(folder), "--task-limit", str(count * 2)])
        size = sum(file.stat().st_size for file in (folder / ".tadoru").glob("tadoru.db*"))
        if best is None or wall < best.wall:
            best = Attempt(wall, memory, size)
    shutil.rmtree(folder, ignore_errors=True)
    return best


def peer(folder: Path, script: str) -> float:
    place = folder / "peer"
    os.environ.update(
        PREFECT_HOME=str(place / "prefect"),
        PREFECT_LOGGING_LEVEL="ERROR",
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="true",
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="300",
    )

    def wall(count: int, size: int) -> float:
        target = place / f"out{count}"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        return run([str(python()), "-c", script, str(target), str(count), str(size)]).wall

    wall(10, 10)  # makes what it keeps between runs
    whole = wall(1000, 100) - min(wall(10, 10) for _ in range(2))
    shutil.rmtree(place)
    return whole


def python() -> Path:
    """The Python of the peers' own environment, made when it is missing."""
    environment = Path(".build/bench-peers").absolute()
    found = environment / "bin/python"
    if not (environment / "made").exists():
        print("bench: fetching Luigi and Prefect, to compare with", file=sys.stderr)
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "bench/peers.txt"], check=True)
        (environment / "made").touch()
    return found
