#!/usr/bin/env bash
# Makes libquickjs.a, the JavaScript engine of `${…}` templates, with our sandbox around it, and its headers.
#
# Why: Debian 12 has no package of QuickJS-NG; the source distribution of `quickjs-ng` at PyPI carries the complete C
# source. Two lines of it are changed so that Date asks the sandbox for the zone of the workflow instead of the process.
# Everything is built in a private folder and moved to its place at the end, so an interrupted run leaves nothing half made.
#
# usage: make-libquickjs.sh PREFIX        gives PREFIX/lib/libquickjs.a and PREFIX/include/quickjs/*.h
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 PREFIX" >&2; exit 2; }
prefix=$1
version=0.17.0.2
sha256=43d2e48272208721a7aaea8e3f02d4b9318f12ef20cc4f5421b59d9a470706ef
here=$(cd "$(dirname "$0")/quickjs" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
say() { echo "libquickjs: $*"; }
die() { echo "libquickjs: $*" >&2; exit 1; }

say "fetching quickjs-ng $version from the Python package index (the hash is checked)"
printf 'quickjs-ng==%s --hash=sha256:%s\n' "$version" "$sha256" > "$work/wanted"
python3 -m pip download --quiet --no-deps --no-binary :all: --require-hashes -r "$work/wanted" -d "$work" \
  || die "the source could not be fetched; check the network or the package index, then run this again"
tar xzf "$work/quickjs_ng-$version.tar.gz" -C "$work"
source=$work/quickjs_ng-$version/upstream-quickjs

say "joining Date to the zone of the workflow"
sed -i -e 's|^static int getTimezoneOffset(int64_t time) {|&\n    return tadoru_js_offset(time, 0);|' \
  -e 's|tv += getTimezoneOffset(ti) \* 60000;|tv += tadoru_js_offset(ti, 1) * 60000;|' "$source/quickjs.c"
[ "$(grep -c tadoru_js_offset "$source/quickjs.c")" = 2 ] || die "quickjs.c is not the file this script knows"

say "compiling, about half a minute of processor time"
compile() { "${CC:-cc}" -O2 -fPIC -fwrapv -D_GNU_SOURCE "$@"; }
jobs=()
for file in quickjs libregexp libunicode dtoa; do
  compile -w -include "$here/hooks.h" -c "$source/$file.c" -o "$work/$file.o" & jobs+=($!)
done
compile -Wall -Wextra -Werror -Wno-unused-parameter -I"$source" -I"$here" -c "$here/sandbox.c" -o "$work/sandbox.o" & jobs+=($!)
for job in "${jobs[@]}"; do wait "$job" || die "the C compiler failed, see above"; done
rm -f "$work/libquickjs.a"
ar rcs "$work/libquickjs.a" "$work"/{quickjs,libregexp,libunicode,dtoa,sandbox}.o

mkdir -p "$prefix/lib" "$prefix/include/quickjs"
cp "$source/quickjs.h" "$here/sandbox.h" "$prefix/include/quickjs/"
cp "$work/libquickjs.a" "$prefix/lib/.libquickjs.a.$$" && mv -f "$prefix/lib/.libquickjs.a.$$" "$prefix/lib/libquickjs.a"
say "made $prefix/lib/libquickjs.a ($(du -k "$prefix/lib/libquickjs.a" | cut -f1) KB)"
