#!/usr/bin/env bash
# Makes the reference of the public types, docs/api, from their doc comments. No plugin: the toolchain has the parts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# the symbol graph tool does not get the flags of Package.swift
export CPATH=$PWD/.deps/include:$PWD/.deps/include/quickjs
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members > "$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; exit 1; }
graphs=$(sed -n 's/^Files written to //p' "$work/log" | tail -n 1)
mkdir "$work/ours"
for room in Sources/*/; do
  room=$(basename "$room")
  cp "$graphs/$room".symbols.json "$graphs/$room"@*.symbols.json "$work/ours/" 2> /dev/null || true
done
mkdir "$work/Tadoru.docc"
{
  printf '# Tadoru\n\n@Metadata {\n  @TechnologyRoot\n}\n\nThe public types, room by room.\n\n## Topics\n\n### Rooms\n\n'
  for graph in "$work"/ours/*.symbols.json; do
    case $graph in *@*) ;; *) printf -- '- ``/%s``\n' "$(basename "$graph" .symbols.json)" ;; esac
  done
} > "$work/Tadoru.docc/Tadoru.md"
docc convert "$work/Tadoru.docc" --additional-symbol-graph-dir "$work/ours" --warnings-as-errors \
  --fallback-display-name Tadoru --fallback-bundle-identifier tadoru --output-path "$work/api"
rm -rf docs/api && mv "$work/api" docs/api
echo "docs: docs/api; look at it with: python3 -m http.server -d docs/api 8000"
