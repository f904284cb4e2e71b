"""`auc` over 10 M rows. Ours is the whole process of `tadoru query`, which reads the table from its file; the peer is the
call of scikit-learn's roc_auc_score alone, on the same numbers already in memory. Both must give the same area.
Peak memory is that of whole processes: `tadoru query`, and Python with the two arrays and the call."""

import sys
import time

import numpy
from sklearn.metrics import roc_auc_score

from measure import best, megabytes, peak_memory, row, rows_of_digits, seconds

TABLE = """\
SELECT CAST((i * 7919) % 1000003 AS double) / 1000003 AS score,
  if(CAST((i * 104729) % 1009 AS double) / 1009 < CAST((i * 7919) % 1000003 AS double) / 1000003, 1, 0) AS label
FROM numbers"""

PEER = """
import numpy, sys
from sklearn.metrics import roc_auc_score
i = numpy.arange(int(sys.argv[1]), dtype=numpy.int64)
score = (i * 7919) % 1000003 / 1000003
label = ((i * 104729) % 1009 / 1009 < score).astype(numpy.int64)
del i
print(roc_auc_score(label, score))
"""


def measure(tadoru, quick):
    count = 1_000_000 if quick else 10_000_000
    tadoru.write("rows.sql", f"WITH {rows_of_digits(count)}\n{TABLE}")
    tadoru.write(
        "rows.dig",
        "_export:\n  td: {database: bench, engine: presto}\n"
        "+prepare:\n  td_ddl>:\n  create_databases: [bench]\n"
        "+rows:\n  td>: rows.sql\n  create_table: scored\n",
    )
    tadoru.workflow("rows.dig")
    i = numpy.arange(count, dtype=numpy.int64)
    score = (i * 7919) % 1000003 / 1000003
    label = ((i * 104729) % 1009 / 1009 < score).astype(numpy.int64)
    query = ["SELECT auc(score, label) AS auc FROM scored", "--engine", "hive", "--database", "bench", "--format", "csv"]
    ours, peer = [], []
    for _ in range(3):
        ours.append(tadoru.query(*query))
        start = time.process_time()
        expected = roc_auc_score(label, score)
        peer.append(time.process_time() - start)
    found = float(ours[0].output.split()[-1])
    if abs(found - expected) > 1e-9:
        raise RuntimeError(f"expected an area of {expected}, found {found}")
    cpu, other = best(ours, "cpu"), min(peer)
    memory = peak_memory([tadoru.binary, "query", *query, "--project", str(tadoru.project)])
    other_memory = peak_memory([sys.executable, "-c", PEER, str(count)])
    peer_name = "scikit-learn `roc_auc_score`"
    return [
        row(f"`auc` over {count:,} rows, CPU; peer: {peer_name}", seconds(cpu), seconds(other), cpu / other),
        row(f"the same, peak memory of the process; peer: {peer_name}", megabytes(memory), megabytes(other_memory), memory / other_memory),
    ]
