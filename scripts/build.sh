#!/usr/bin/env bash
# Makes the release binary and `bin/tadoru`, a link to it. Called by `make build` after the bootstrap.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=.build/release.log
mkdir -p .build bin
[ -e .build/release/tadoru ] || echo 'build: the release binary, for the first time; this takes several minutes'
start=$SECONDS
if ! swift build -c release --static-swift-stdlib --product tadoru > "$log" 2>&1; then
  grep -E 'error:|error ' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
  echo "build: failed; the whole log is $log" >&2
  exit 1
fi
ln -sfn ../.build/release/tadoru bin/tadoru
echo "build: bin/tadoru, $((SECONDS - start)) s"
