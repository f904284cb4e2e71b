#!/usr/bin/env bash
# Writes scripts/requirements-NAME.txt anew with the hashes of the wheels that fit. To move to other versions: edit the
# `name==version` lines, then run this. usage: scripts/lock-runtime.sh automl|test PIP-PYTHON
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lock=$here/requirements-${1:?automl or test}.txt
python=${2:-python3.11}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -oE '^[A-Za-z0-9_.-]+==[^ \\]+' "$lock" > "$work/versions"
for machine in x86_64 aarch64; do
  platforms=()
  for glibc in manylinux_2_28 manylinux_2_27 manylinux_2_17 manylinux2014; do platforms+=(--platform "${glibc}_$machine"); done
  "$python" -m pip install --quiet --dry-run --ignore-installed --no-deps --only-binary :all: --python-version 3.11 \
    "${platforms[@]}" --target "$work/none" --report "$work/$machine.json" -r "$work/versions"
done
{
  grep '^#' "$lock"
  "$python" - "$work"/*.json << 'PYTHON'
import json, sys

packages = {}
for report in sys.argv[1:]:
    for item in json.load(open(report))["install"]:
        key = f'{item["metadata"]["name"]}=={item["metadata"]["version"]}'
        packages.setdefault(key, set()).add(item["download_info"]["archive_info"]["hashes"]["sha256"])
for key in sorted(packages, key=str.lower):
    print(" \\\n    ".join([key] + [f"--hash=sha256:{digest}" for digest in sorted(packages[key])]))
PYTHON
} > "$work/lock"
mv "$work/lock" "$lock"
