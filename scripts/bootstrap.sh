#!/usr/bin/env bash
# Makes everything Tadoru is built with and runs with, and says what each step does and why.
#
# usage: scripts/bootstrap.sh [--for build|run|test] [--into DIRECTORY]
#   build   compilers' needs and the C libraries; no Python environment
#   run     build, and the Python environments of SQL translation and notebooks (the default)
#   test    run, and the Python environment of the test suite
#
# Everything lands in `.deps` (or DIRECTORY), nothing else in the tree is touched. Safe to repeat: a step that
# is done costs a millisecond. A step is remembered, with a fingerprint of the scripts and lock files it comes
# from, only after it ended well; an interrupted one is done again. Steps do not stop each other: without the
# large notebook environment every workflow that trains nothing still runs.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
level=run deps=$root/.deps
usage() { sed -n '4,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
while [ $# -gt 0 ]; do
  case $1 in
    --for) level=${2:-}; shift 2 || shift ;;
    --into) deps=${2:-}; shift 2 || shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "bootstrap: unknown option \`$1\`" >&2; usage >&2; exit 2 ;;
  esac
done
case $level in
  build | run | test) ;;
  *) echo "bootstrap: \`--for\` takes \`build\`, \`run\` or \`test\`, found \`$level\`" >&2; exit 2 ;;
esac
[ -n "$deps" ] || { echo "bootstrap: \`--into\` needs a directory" >&2; exit 2; }
mkdir -p "$deps/log" "$deps/stamps" || exit 1
deps=$(cd "$deps" && pwd -P)
cd "$root" || exit 1
export PATH=$PATH:/usr/sbin:/sbin # ldconfig is not on the path of an ordinary user

say() { printf 'bootstrap: %-18s %s\n' "$1" "$2"; }
failed=()

# fail NAME LOG REMEDY: what went wrong, the end of its log, and how to go on.
fail() {
  failed+=("$1")
  {
    say "$1" "FAILED; the end of $2:"
    tail -n 15 "$2" | sed 's/^/    /'
    say "$1" "to go on: $3"
  } >&2
}

# Two bootstraps at once (two terminals, a build and a test) wait for each other.
if command -v flock > /dev/null; then
  exec 9> "$deps/.lock"
  flock -n 9 || { say waiting "another bootstrap works in $deps"; flock 9; }
fi

# fingerprint FILE...: changes when one of the files changes.
fingerprint() { cat -- "$@" < /dev/null 2> /dev/null | sha256sum | cut -d' ' -f1; }

# have PRODUCT...: are all of them there?
have() {
  local product
  for product in "$@"; do [ -e "$deps/$product" ] || return 1; done
}

# step NAME WHY REMEDY "PRODUCT..." "SOURCE..." COMMAND...
# Runs COMMAND unless every PRODUCT (below $deps) exists and was made from these SOURCEs.
step() {
  local name=$1 why=$2 remedy=$3 products=$4 sources=$5 source print start=$SECONDS log=$deps/log/$1.log
  shift 5
  for source in $sources; do
    if [ ! -e "$source" ]; then
      echo "\`$source\` is missing from this checkout" > "$log"
      fail "$name" "$log" "git checkout -- $source"
      return 1
    fi
  done
  # shellcheck disable=SC2086  # sources and products are lists of words
  {
    print=$(fingerprint $sources)
    if have $products && [ "$(cat "$deps/stamps/$name" 2> /dev/null)" = "$print" ]; then
      say "$name" ok
      return 0
    fi
    say "$name" "$why"
    rm -f "$deps/stamps/$name"
    if ! "$@" > "$log" 2>&1 9>&- < /dev/null; then
      fail "$name" "$log" "$remedy"
      return 1
    fi
    if ! have $products; then
      echo "the step ended well but did not make all of: $products" >> "$log"
      fail "$name" "$log" "$remedy"
      return 1
    fi
  }
  printf '%s\n' "$print" > "$deps/stamps/.$name" && mv -f "$deps/stamps/.$name" "$deps/stamps/$name"
  say "$name" "done in $((SECONDS - start)) s"
}

again="scripts/bootstrap.sh --for $level"
# shellcheck source=scripts/bootstrap/system.sh
. scripts/bootstrap/system.sh
# shellcheck source=scripts/bootstrap/steps.sh
. scripts/bootstrap/steps.sh

PYTHON=$(system_python)
export PYTHON

system_packages
[ -z "${failed[*]}" ] || exit 1 # nothing below can work without them
build_steps
case $level in run | test) run_steps ;; esac
case $level in test) test_steps ;; esac

if [ -n "${failed[*]}" ]; then
  say 'not finished' "failed: ${failed[*]}. What is there already works: \`tadoru doctor\` lists it." >&2
  exit 1
fi
