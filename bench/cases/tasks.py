"""What a task costs: 1,000 echo> one after the other, each committed before the next starts. Peer: the same echoes by
a shell that starts a process for each, which is what a Makefile or a cron job does, without remembering anything."""

from measure import alternate, best, row, run, seconds


def measure(tadoru, quick):
    count = 100 if quick else 1000
    tadoru.write("many.dig", "".join(f"+t{i}:\n  echo>: line {i}\n" for i in range(count)))
    script = f"i=0; while [ $i -lt {count} ]; do /bin/echo line $i; i=$((i + 1)); done"
    ours, peer = alternate(
        3,
        lambda: tadoru.workflow("many.dig", "--task-limit", str(count * 2)),
        lambda: run(["/bin/sh", "-c", script]),
    )
    lines = ours[0].output.count(b"\n")
    if lines != count:
        raise RuntimeError(f"expected {count} lines on stdout, found {lines}")
    wall, other = best(ours, "wall"), best(peer, "wall")
    return [row(f"{count:,} `echo>` tasks in a row; peer: `sh` starting `/bin/echo`", seconds(wall), seconds(other), wall / other)]
