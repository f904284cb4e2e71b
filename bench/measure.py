"""Starts processes, measures them, and says the result as a table row."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One run of one process: seconds on the clock, and of processor time including its own children."""

    wall: float
    cpu: float
    output: bytes


def run(command: list[str], cwd: Path | None = None) -> Sample:
    """Runs a command to its end, from before it is started. Raises with the end of its messages if it fails."""
    with tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=messages
        )
        output = process.stdout.read()
        # not process.wait(), which would reap the child and lose its processor time
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode != 0:
            messages.seek(0)
            tail = messages.read().decode(errors="replace").strip().splitlines()[-3:]
            raise RuntimeError(f"`{' '.join(command)}` ended with {process.returncode}: {' / '.join(tail)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, output)


class Tadoru:
    """The binary under test, with a project folder for one case."""

    def __init__(self, binary: Path, project: Path):
        self.binary = str(binary)
        self.project = project
        self.session = 0
        project.mkdir(parents=True)

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text)

    def command(self, *arguments: str) -> Sample:
        return run([self.binary, *arguments])

    def workflow(self, name: str, *options: str) -> Sample:
        """Runs a workflow in a session of its own: several runs may fall into one second."""
        self.session += 1
        hour, rest = divmod(self.session, 3600)
        at = f"2026-01-01 {hour:02}:{rest // 60:02}:{rest % 60:02}"
        return self.command("run", name, "--project", str(self.project), "--session", at, *options)

    def query(self, sql: str, *options: str) -> Sample:
        return self.command("query", sql, "--project", str(self.project), *options)


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def peak_memory(command: list[str]) -> int:
    """The bytes a process holds at its peak. A small process starts it: the kernel counts what its starter held."""
    return int(run([sys.executable, "-S", "-c", PEAK, *command]).output)


TIMED_PEAK = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall = time.perf_counter() - start
if status: sys.exit(f"the process ended with {os.waitstatus_to_exitcode(status)}")
print(wall, usage.ru_maxrss * 1024)
"""


def peak_of(command: list[str]) -> tuple[float, int]:
    """The seconds that a process takes and the bytes it holds at its peak, of one run."""
    wall, memory = run([sys.executable, "-S", "-c", TIMED_PEAK, *command]).output.split()
    return float(wall), int(memory)


def best(samples: list[Sample], of: str) -> float:
    return min(getattr(sample, of) for sample in samples)


def alternate(times: int, *actions) -> list[list[Sample]]:
    """Runs the actions in turn, so that a busy moment of the machine hits all of them."""
    results: list[list[Sample]] = [[] for _ in actions]
    for _ in range(times):
        for action, samples in zip(actions, results):
            samples.append(action())
    return results


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def megabytes(value: float) -> str:
    return f"{value / 1e6:.0f} MB"


def row(what: str, ours: str, peer: str = "–", ratio: float | None = None) -> str:
    return f"| {what} | {ours} | {peer} | {'–' if ratio is None else f'{ratio:.2f}'} |"


def rows_of_digits(count: int) -> str:
    """A Presto table expression `numbers` with the column `i`, 0 up to `count` (a power of ten), in plain joins."""
    digits = len(str(count)) - 1
    assert 10**digits == count, count
    values = ", ".join(f"({digit})" for digit in range(10))
    terms = " + ".join(f"CAST(d{place}.i AS bigint) * {10**place}" for place in range(digits))
    tables = " CROSS JOIN ".join(f"digits d{place}" for place in range(digits))
    return f"digits AS (SELECT i FROM (VALUES {values}) AS t (i)), numbers AS (SELECT {terms} AS i FROM {tables})"
