"""insert_into of 1 M rows, a whole run of the workflow. Peers: the same engine driven from Python, and SQLite from Python
with executemany, both as whole processes."""

import sys

from measure import alternate, best, row, rows_of_digits, run, seconds

SELECT = """\
SELECT i AS id, i % 1000 AS category, CAST((i * 7919) % 1000003 AS double) / 1000003 AS score,
  concat('name-', CAST(i % 5000 AS varchar)) AS name
FROM numbers"""

ENGINE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE IF NOT EXISTS t (id bigint, category bigint, score double, name varchar)")
connection.execute("INSERT INTO t " + sys.argv[2])
"""

SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("CREATE TABLE IF NOT EXISTS t (id integer, category integer, score real, name text)")
rows = ((i, i % 1000, (i * 7919) % 1000003 / 1000003, f"name-{i % 5000}") for i in range(int(sys.argv[2])))
connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
connection.commit()
"""


def measure(tadoru, quick):
    count = 100_000 if quick else 1_000_000
    query = f"WITH {rows_of_digits(count)}\n{SELECT}"
    (tadoru.project / "insert.sql").write_text(query)
    tadoru.write(
        "insert.dig",
        "_export:\n  td: {database: bench, engine: presto}\n"
        "+prepare:\n  td_ddl>:\n  create_databases: [bench]\n  create_tables: [t]\n"
        "+insert:\n  td>: insert.sql\n  insert_into: t\n",
    )
    tadoru.workflow("insert.dig")  # the translation is kept from here on, as in any workflow that runs again
    ours, engine, sqlite = alternate(
        3,
        lambda: tadoru.workflow("insert.dig"),
        lambda: run([sys.executable, "-c", ENGINE, str(tadoru.project / "peer.duckdb"), query]),
        lambda: run([sys.executable, "-c", SQLITE, str(tadoru.project / "peer.sqlite"), str(count)]),
    )
    wall = best(ours, "wall")
    return [
        row(f"`insert_into` of {count:,} rows; peer: {name}", seconds(wall), seconds(best(peer, "wall")), wall / best(peer, "wall"))
        for name, peer in [("DuckDB from Python", engine), ("SQLite from Python", sqlite)]
    ]
