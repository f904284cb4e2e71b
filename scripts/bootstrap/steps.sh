# The steps of bootstrap.sh, in the order in which they become useful; sourced by it.

# shellcheck disable=SC2154  # `deps`, `again` come from bootstrap.sh
build_steps() {
  step libduckdb 'the SQL engine, opened only by commands that need it; about 40 MB from PyPI' "$again" \
    'lib/libduckdb.so lib/libduckdb_lazy.a include/duckdb.h' 'scripts/make-libduckdb.sh scripts/make-lazy-library.sh' \
    bash scripts/make-libduckdb.sh "$deps"
  step curl-bridge 'opens the mail client (libcurl) when it is first used, so that other commands start without it' "$again" \
    lib/libcurl_lazy.a scripts/make-lazy-library.sh \
    lazy_library curl "$(shared_library libcurl.so.4)" '^curl_'
  step postgresql-bridge 'opens the PostgreSQL client (libpq) when it is first used' "$again" \
    lib/libpq_lazy.a scripts/make-lazy-library.sh \
    lazy_library pq "$(shared_library libpq.so.5)" '^PQ'
  step archive-bridge 'opens the archive library (libarchive) when a project is first pushed' "$again" \
    lib/libarchive_lazy.a scripts/make-lazy-library.sh \
    lazy_library archive "$(shared_library libarchive.so.13)" '^archive_'
  step libquickjs 'the JavaScript engine of ${…} templates; compiles for about half a minute' "$again" \
    'lib/libquickjs.a include/quickjs/quickjs.h' "scripts/make-libquickjs.sh $(files scripts/quickjs)" \
    bash scripts/make-libquickjs.sh "$deps"
  step moment 'moment() for ${…} templates, a copy of the system'"'"'s moment.min.js' "$again" \
    share/moment.min.js "$(moment_file)" \
    copy_moment
}

run_steps() {
  step sql-runtime 'a Python environment that translates Presto and Hive SQL; a few MB' \
    "$again; until then \`td>\` cannot run" \
    runtime/sql/bin/python "scripts/sql-runtime.sh $(locks sql)" \
    bash scripts/sql-runtime.sh "$deps"
  step automl-runtime 'a Python environment that trains models and runs notebooks; 1.3 GB, a minute or two' \
    "$again; until then every workflow without notebooks runs" \
    runtime/automl/bin/python "scripts/python-runtime.sh scripts/python-environment.sh $(locks automl)" \
    with_space 3 bash scripts/python-runtime.sh "$deps"
}

test_steps() {
  step test-runtime 'a Python environment for the tests: a mail server, and MLflow to read our models with' \
    "$again; until then \`make test\` cannot run" \
    runtime/test/bin/python "scripts/test-runtime.sh scripts/python-environment.sh $(locks test)" \
    with_space 2 bash scripts/test-runtime.sh "$deps"
}

# locks NAME: the lock file of one environment, and what scripts/NAME/ holds where there is such a folder.
locks() { files "scripts/requirements-$1.txt" "scripts/$1"; }

# files PLACE...: the files there, as words; a place that does not exist has none.
files() { find "$@" -type f 2> /dev/null | LC_ALL=C sort | tr '\n' ' '; }

# shared_library NAME: its path as the loader would find it for this machine's architecture.
shared_library() { ldconfig -p | awk -v name="$1" -v arch="$(uname -m | tr _ -)" '$1 == name && index($0, arch ")") {print $NF; exit} $1 == name && !any {any = $NF} END {if (any) print any}' | head -n 1; }

lazy_library() { # NAME LIBRARY PATTERN
  local work status=0
  work=$(mktemp -d "$deps/.lazy.XXXXXX") || return 1
  { bash scripts/make-lazy-library.sh "$1" "$2" "$3" "$work" && mkdir -p "$deps/lib" &&
    mv -f "$work/lib$1_lazy.a" "$deps/lib/"; } || status=1
  rm -rf "$work"
  return $status
}

copy_moment() {
  mkdir -p "$deps/share" && cp "$(moment_file)" "$deps/share/.moment" && mv -f "$deps/share/.moment" "$deps/share/moment.min.js"
}

# with_space GIGABYTES COMMAND...: refuses before the disk is full rather than after.
with_space() {
  local free
  free=$(df -Pk "$deps" | awk 'NR == 2 {print int($4 / 1048576)}')
  if [ "$free" -lt "$1" ]; then
    echo "$deps needs $1 GB free, found $free GB"
    return 1
  fi
  shift
  "$@"
}
