"""Cold start: `tadoru version`, and a workflow of one echo>, against Python doing nothing."""

from measure import alternate, best, row, run, seconds

WORKFLOW = """\
+hello:
  echo>: hello
"""


def measure(tadoru, quick):
    tadoru.write("hello.dig", WORKFLOW)
    tadoru.workflow("hello.dig")  # makes the state folder; a user pays for that once
    python = ["/usr/bin/python3", "-c", "pass"]
    version, echo, peer = alternate(
        5 if quick else 30,
        lambda: tadoru.command("version"),
        lambda: tadoru.workflow("hello.dig"),
        lambda: run(python),
    )
    reference = best(peer, "wall")
    return [
        row(
            "cold start of `tadoru version`; peer: `python3 -c pass`",
            seconds(best(version, "wall")),
            seconds(reference),
            best(version, "wall") / reference,
        ),
        row(
            "a workflow of one `echo>`; peer: `python3 -c pass`",
            seconds(best(echo, "wall")),
            seconds(reference),
            best(echo, "wall") / reference,
        ),
    ]
