#!/usr/bin/env bash
# Makes the SQL engine: PREFIX/lib/libduckdb.so, its header, and the archive that binds it on first use.
#
# Why: no package of Debian has DuckDB. The Python wheel's extension module exports the whole C API; it only expects
# Python's symbols to be there when it is loaded. A second, tiny library provides those names; none of them is ever
# called by the C API, and each would end the process by its name if it were. The header is taken from the source
# distribution of the same version. Everything is made in a private folder and moved into place at the end. An official
# libduckdb that pkg-config knows (2.0 or newer) is used instead when there is one.
#
# usage: make-libduckdb.sh PREFIX     (safe to repeat; nothing is done when everything is there)
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 PREFIX" >&2; exit 2; }
version=2.0.0
wheel_x86_64=ab51ec57d329d6f3df37c0287b55d71c3fc07bb54b61d1afed09104f953b1431
wheel_aarch64=e38daf0acbad9de7ce892d402b68409519291ee16af3c2cba85ace3b085c7eaa
source_sha256=09de511ef0dc76a5213e8d3d87a8b89bb4d3e8a6fe73a9f60dc001269946b44f
python=${PYTHON:-python3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=$(mkdir -p "$1" && cd "$1" && pwd)
say() { echo "libduckdb: $*"; }
die() { echo "libduckdb: $*" >&2; exit 1; }

official=
if pkg-config --atleast-version=2.0 duckdb 2> /dev/null; then
  official=$(pkg-config --variable=libdir duckdb)/libduckdb.so
  [ -f "$official" ] || official=
fi
stamp=$prefix/lib/libduckdb.stamp
print="$version ${official:-wheel} $(cat "$0" "$here/make-lazy-library.sh" | sha256sum | cut -d' ' -f1)"
complete=yes
for file in lib/libduckdb.so lib/libduckdb_lazy.a include/duckdb.h; do [ -s "$prefix/$file" ] || complete=; done
if [ "$complete" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$print" ]; then
  say "$prefix/lib/libduckdb.so is up to date"
  exit 0
fi
mkdir -p "$prefix/lib" "$prefix/include"
work=$(mktemp -d "$prefix/.libduckdb.XXXXXX"); trap 'rm -rf "$work"' EXIT
mkdir "$work/lib" "$work/include" "$work/fetched"

# fetch NAME SHA256 OPTION...: one file of the Python package index, its hash checked
fetch() {
  printf 'duckdb==%s --hash=sha256:%s\n' "$version" "$2" > "$work/$1.txt"
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    "${@:3}" -r "$work/$1.txt" -d "$work/fetched" \
    || die "$1 of duckdb $version could not be fetched; check the network or the package index, then run this again"
}

if [ "$official" ]; then
  say "using $official"
  ln -s "$official" "$work/lib/libduckdb.so"
  cp "$(pkg-config --variable=includedir duckdb)/duckdb.h" "$work/include/"
else
  machine=$(uname -m)
  case $machine in
    x86_64) wheel=$wheel_x86_64 ;;
    aarch64) wheel=$wheel_aarch64 ;;
    *) die "there is no wheel of duckdb $version for $machine: install libduckdb with its duckdb.pc, then run this again" ;;
  esac
  say "fetching the wheel of duckdb $version (24 MB; the hash is checked)"
  fetch wheel "$wheel" --only-binary :all: --platform "manylinux_2_28_$machine" --python-version 3.12
  "$python" -m zipfile -e "$work"/fetched/*.whl "$work/wheel"
  cp "$work"/wheel/_duckdb*.so "$work/lib/libduckdb.so" || die "the wheel holds no _duckdb extension module"

  say "standing in for the Python symbols it expects"
  readelf -rW "$work/lib/libduckdb.so" | awk '
    $5 ~ /^_?Py/ { sub(/@.*/, "", $5); kinds[$5] = kinds[$5] " " $3 }
    END { for (name in kinds) print name, (kinds[name] ~ /GLOB_DAT|_64( |$)|ABS64/ ? "data" : "function") }' |
    LC_ALL=C sort > "$work/symbols"
  [ -s "$work/symbols" ] || die "the extension module wants no Python symbol, which this script does not expect"
  {
    echo '#include <stdio.h>'
    echo '#include <stdlib.h>'
    awk '
      $2 == "data" { print "char " $1 "[512];" }
      $2 == "function" { print "void " $1 "(void) { fputs(\"libduckdb: " $1 " of Python was called\\n\", stderr); abort(); }" }
    ' "$work/symbols"
  } > "$work/stub.c"
  "${CC:-cc}" -w -shared -fPIC -Wl,-soname,libduckdb-pystub.so -o "$work/lib/libduckdb-pystub.so" "$work/stub.c"

  say "fetching the header from the source distribution (17 MB; the hash is checked)"
  fetch source "$source_sha256" --no-binary duckdb
  tar xzf "$work/fetched/duckdb-$version.tar.gz" -O \
    "duckdb-$version/external/duckdb/src/include/duckdb.h" > "$work/include/duckdb.h"
fi
bash "$here/make-lazy-library.sh" duckdb "$work/lib/libduckdb.so" '^duckdb_' "$work/lib"

say "trying it"
cat > "$work/try.c" << 'C'
#include <dlfcn.h>
#include <duckdb.h>
#include <stdio.h>
int tadoru_lazy_open_duckdb(const char *path);
const char *tadoru_lazy_error_duckdb(void);
int main(int count, char **argument) {
  if (argument[2][0] && !dlopen(argument[2], RTLD_LAZY | RTLD_GLOBAL)) { fputs(dlerror(), stderr); return 1; }
  if (tadoru_lazy_open_duckdb(argument[1])) { fputs(tadoru_lazy_error_duckdb(), stderr); return 1; }
  duckdb_database database; duckdb_connection connection; duckdb_result result;
  if (duckdb_open(NULL, &database) || duckdb_connect(database, &connection)) return 1;
  if (duckdb_query(connection, "SELECT sum(range) + json_array_length('[1]') FROM range(1000000)", &result)) return 1;
  int wrong = duckdb_value_int64(&result, 0, 0) != 499999500001;
  duckdb_destroy_result(&result); duckdb_disconnect(&connection); duckdb_close(&database);
  return wrong;
}
C
"${CC:-cc}" -w -I"$work/include" "$work/try.c" "$work/lib/libduckdb_lazy.a" -ldl -o "$work/try"
stub=$work/lib/libduckdb-pystub.so
[ -f "$stub" ] || stub=
"$work/try" "$work/lib/libduckdb.so" "$stub" || die "the library that was made does not work"

rm -f "$stamp"
if [ ! "$stub" ]; then rm -f "$prefix/lib/libduckdb-pystub.so"; fi
mv -f "$work"/include/duckdb.h "$prefix/include/"
mv -f "$work"/lib/* "$prefix/lib/"
echo "$print" > "$stamp"
say "made $prefix/lib/libduckdb.so ($(du -Lm "$prefix/lib/libduckdb.so" | cut -f1) MB)"
