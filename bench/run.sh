#!/usr/bin/env bash
# Measures Tadoru and a peer in the same run on this machine, and prints the figures as a Markdown table.
# Ratios are what counts: wall times depend on what else the machine does.
#
# usage: bench/run.sh [--quick] [CASE...]      cases: start tasks engine insert handoff auc (default: all)
# --quick takes a tenth of the rows and fewer repetitions, to see that the cases work.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
python=$root/.deps/runtime/automl/bin/python
[ -x bin/tadoru ] || { echo "bench: no \`bin/tadoru\`: make it with \`make build\`" >&2; exit 1; }
[ -x "$python" ] || { echo "bench: no \`$python\`: make it with \`make runtime\`" >&2; exit 1; }

# The peer of the SQL cases is the same engine driven from Python; the runtime need not carry it.
peers=$root/.deps/bench
if ! PYTHONPATH=$peers "$python" -c 'import duckdb' 2> /dev/null; then
  echo 'bench: fetching the Python package of the SQL engine, to compare with' >&2
  new=$(mktemp -d "$root/.deps/.bench.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --target "$new" duckdb==2.0.0
  chmod 755 "$new" && rm -rf "$peers" && mv "$new" "$peers"
fi
PYTHONPATH=$peers PYTHONDONTWRITEBYTECODE=1 exec "$python" bench/bench.py "$@"
