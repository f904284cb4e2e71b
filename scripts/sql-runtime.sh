#!/usr/bin/env bash
# Makes PREFIX/runtime/sql: a small Python environment with the pinned SQL translator.
#
# Why an environment of its own: workflows that only query need a few megabytes, not the notebook's gigabyte.
#
# usage: sql-runtime.sh PREFIX     (safe to repeat; PYTHON chooses the interpreter, python3 by default)
set -euo pipefail
prefix=$(mkdir -p "${1:?usage: sql-runtime.sh PREFIX}" && cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-$(command -v /usr/bin/python3 || command -v python3 || true)}
target=$prefix/runtime/sql
lock=$here/requirements-sql.txt
if [ -x "$target/bin/python" ] && cmp -s "$lock" "$target/requirements.txt"; then
  echo "sql-runtime: $target is up to date"
  exit 0
fi
[ -n "$python" ] || { echo "sql-runtime: no python3 found; apt-get install python3 python3-venv" >&2; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  { echo "sql-runtime: $python cannot make environments; apt-get install python3-venv" >&2; exit 1; }
mkdir -p "$prefix/runtime"
work=$(mktemp -d "$prefix/runtime/.sql.XXXXXX"); trap 'rm -rf "$work"' EXIT
# Made in its final place under another name first would leave wrong paths in its scripts; only bin/python is used, so
# that it may be moved.
"$python" -m venv "$work/new"
"$work/new/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r "$lock"
"$work/new/bin/python" -c 'import sqlglot'
cp "$lock" "$work/new/requirements.txt"
if [ -e "$target" ]; then mv "$target" "$work/old"; fi
mv "$work/new" "$target"
echo "sql-runtime: $("$target/bin/python" -c 'import sqlglot; print("sqlglot", sqlglot.__version__)') in $target"
