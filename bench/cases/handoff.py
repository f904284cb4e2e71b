"""The hand-off of a table of 1 M rows and 15 columns to a notebook and of 1 M predictions back, in processor time.

Ours is what a notebook task does: the engine writes Parquet, pandas reads it with text as categories, writes its
predictions as Parquet, and the engine loads them. It is driven from Python here, with the same engine and version, so
that only the way differs from the peer: a pandas frame from a database cursor, and rows back through executemany (into SQLite, the quickest at taking single rows).
"""

import sqlite3
import tempfile
import time
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet

from measure import row, rows_of_digits, seconds

NUMBERS = [f"CAST((i * {7919 + k}) % 100003 AS double) / 100003 AS n{k}" for k in range(8)]
TEXTS = [f"concat('value-', CAST((i * {31 + k}) % {9 + k} AS varchar)) AS c{k}" for k in range(6)]


def by_parquet(connection, folder: Path) -> float:
    start = time.process_time()
    source, target = folder / "input.parquet", folder / "output.parquet"
    connection.execute(f"COPY source TO '{source}' (FORMAT parquet)")
    texts = [f"c{k}" for k in range(len(TEXTS))]
    frame = pyarrow.parquet.read_table(source, read_dictionary=texts).to_pandas()
    pandas.DataFrame({"id": frame["id"], "label": frame["c0"], "proba": frame["n0"]}).to_parquet(target)
    connection.execute(f"CREATE OR REPLACE TABLE target AS SELECT * FROM read_parquet('{target}')")
    return time.process_time() - start


def by_cursor(connection) -> float:
    start = time.process_time()
    cursor = connection.execute("SELECT * FROM source")
    frame = pandas.DataFrame(cursor.fetchall(), columns=[column[0] for column in cursor.description])
    rows = list(zip(frame["id"].tolist(), frame["c0"].tolist(), frame["n0"].tolist()))
    back = sqlite3.connect(":memory:")
    back.execute("CREATE TABLE target (id integer, label text, proba real)")
    back.executemany("INSERT INTO target VALUES (?, ?, ?)", rows)
    return time.process_time() - start


def measure(tadoru, quick):
    count = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder) / "bench.duckdb"))
        columns = ", ".join(["i AS id", *NUMBERS, *TEXTS])
        connection.execute(f"CREATE TABLE source AS WITH {rows_of_digits(count)} SELECT {columns} FROM numbers")
        ours, peer = [], []
        for _ in range(1 if quick else 3):
            ours.append(by_parquet(connection, Path(folder)))
            peer.append(by_cursor(connection))
    return [
        row(
            f"{count:,} × 15 to a notebook and predictions back, CPU; peer: pandas and a cursor",
            seconds(min(ours)),
            seconds(min(peer)),
            min(ours) / min(peer),
        )
    ]
