#!/usr/bin/env bash
# Sourced by python-runtime.sh and test-runtime.sh: makes a Python environment from a lock file, once.
#
# An environment is finished when its stamp holds the hash of the lock it was made from; the stamp is written last, so
# an interrupted run is started anew. It is made where it stays, as the paths inside an environment do not move; what
# was there before is kept beside it until the new one works.

python_say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*"; }

# python_interpreter: the newest supported interpreter with venv; kept models need 3.11.
python_interpreter() {
  local candidate
  for candidate in /usr/bin/python3.11 "$(command -v python3.11 || true)"; do
    if [ -n "$candidate" ] && "$candidate" -c 'import venv, ensurepip' 2> /dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  python_say 'expected Python 3.11 with its venv module, found none: `apt-get install python3.11 python3.11-venv`' >&2
  return 1
}

# python_holds ENVIRONMENT LOCK: does it have exactly the locked versions?
python_holds() {
  [ -x "$1/bin/python" ] && "$1/bin/python" - "$2" "$1" << 'PYTHON' 2> /dev/null
import re, sys
from importlib.metadata import distributions
from pathlib import Path

name = lambda text: re.sub(r"[-_.]+", "-", text).lower()
wanted = dict(re.findall(r"^([\w.-]+)==([^\s\\]+)", Path(sys.argv[1]).read_text(), re.M))
site = next(Path(sys.argv[2]).glob("lib/python3*/site-packages"))
found = {name(d.metadata["Name"]): d.version for d in distributions(path=[str(site)])}
sys.exit(any(found.get(name(key)) != version for key, version in wanted.items()))
PYTHON
}

# python_environment TARGET LOCK WHY [PATH-FILE-LINE]: makes TARGET hold exactly what LOCK lists.
# A fourth argument is a folder of packages that the environment sees in addition to its own.
python_environment() {
  local target=$1 lock=$2 why=$3 behind=${4:-} stamp print interpreter old=$1.old
  stamp=$target/tadoru.lock.sha256
  print=$({ cat "$lock"; echo "$behind"; } | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2> /dev/null)" = "$print" ] && [ -x "$target/bin/python" ]; then
    python_say "$target is up to date"
    return 0
  fi
  if [ -z "$behind" ] && python_holds "$target" "$lock"; then
    python_say "$target already holds every locked version"
    echo "$print" > "$stamp"
    return 0
  fi
  interpreter=$(python_interpreter) || return 1
  python_say "making $target ($(grep -c '==' "$lock") packages): $why"
  mkdir -p "$(dirname "$target")"
  rm -rf "$old"
  if [ -e "$target" ]; then mv "$target" "$old"; fi
  if python_install "$interpreter" "$target" "$lock" "$behind"; then
    echo "$print" > "$stamp"
    rm -rf "$old"
    python_say "made $target, $(du -sh "$target" | cut -f1)"
  else
    python_say "could not make $target; run this again to retry" >&2
    rm -rf "$target"
    if [ -e "$old" ]; then mv "$old" "$target"; fi
    return 1
  fi
}

python_install() { # INTERPRETER TARGET LOCK BEHIND
  "$1" -m venv "$2" || return 1
  if [ -n "$4" ]; then echo "$4" > "$2/lib/python3.11/site-packages/tadoru-behind.pth"; fi
  python_say 'installing the locked wheels; each is checked against its SHA-256'
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --no-deps --only-binary :all: -r "$3"
}
