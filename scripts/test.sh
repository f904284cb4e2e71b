#!/usr/bin/env bash
# Builds and runs the tests. Called by `make test` after the bootstrap.
#
# usage: scripts/test.sh [--record]     --record writes golden files anew instead of comparing
#
# One debug build serves both runs: `--build-tests` makes every test and the `tadoru` executable beside them, which
# is the one the end-to-end tests start. The unit tests run first, a few at a time for each core: with all at once a test may wait
# longer for its turn than its time limit allows. The end-to-end tests come after them, as many at a time as there are cores,
# because each starts processes of its own.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
[ "${1:-}" != --record ] || export TADORU_RECORD_GOLDEN=1
logs=.build/test-logs
mkdir -p "$logs"
start=$SECONDS

echo 'test: debug build of the sources, the binary and the tests'
if ! swift build --build-tests > "$logs/build.log" 2>&1; then
  grep -E 'error:' "$logs/build.log" | head -n 20 >&2 || tail -n 20 "$logs/build.log" >&2
  echo "test: the build failed; the whole log is $logs/build.log" >&2
  exit 1
fi
echo "test: built in $((SECONDS - start)) s"

# suite NAME OPTION...: runs part of the tests, keeps their output, shows failures and the runner's closing line.
suite() {
  local name=$1 status=0 log=$logs/$1.log closing
  shift
  swift test --skip-build --disable-xctest "$@" > "$log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    grep -aE 'recorded an issue|^↳|^error:|Fatal error|unexpected signal' "$log" |
      grep -avE '^↳ (Testing Library|Target Platform)' | head -n 80
  fi
  closing=$(grep -aE 'Test run with' "$log" | tail -n 1)
  echo "$name:"
  echo "${closing:-the runner did not come to its end}"
  case $closing in *'with 0 tests'* | '') [ $status -ne 0 ] || status=1 ;; esac
  [ $status -eq 0 ] || echo "$name: exit code $status; the whole output is $log"
  return $status
}

result=0
SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$((4 * $(nproc))) suite unit --skip EndToEndTests || result=1
SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(nproc) suite end-to-end --filter EndToEndTests || result=1
echo "test: $([ $result -eq 0 ] && echo passed || echo FAILED) after $((SECONDS - start)) s"
exit $result
