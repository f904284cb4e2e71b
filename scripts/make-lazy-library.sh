#!/usr/bin/env bash
# Makes lib<NAME>_lazy.a: one trampoline per exported function of a shared library, bound on demand.
#
# Why: the engine is 65 MB and the mail client pulls in thirty libraries. Linked in the ordinary way, `tadoru version`
# would pay for both, and a machine without one of them could not even start. Through this archive the library is
# opened on first use, and its absence is an error message with a remedy.
#
# usage: make-lazy-library.sh NAME SHARED_LIBRARY SYMBOL_REGEX OUTPUT_DIRECTORY
# gives: int tadoru_lazy_open_NAME(const char *path)   0, or -1 with the reason from tadoru_lazy_error_NAME()
set -euo pipefail
name=$1 library=$2 pattern=$3 out=$4
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
nm -D --defined-only "$library" | awk '$2 == "T" {sub(/@.*/, "", $3); print $3}' | grep -E "$pattern" | LC_ALL=C sort -u > "$work/symbols"
count=$(wc -l < "$work/symbols")
[ "$count" -gt 0 ] || { echo "make-lazy-library: $library exports nothing like $pattern" >&2; exit 1; }
trampoline() {  # INDEX
  case $(uname -m) in
    x86_64) printf '  jmp *tadoru_lazy_table_%s+%d(%%rip)\n' "$name" $(($1 * 8)) ;;
    aarch64) printf '  adrp x16, tadoru_lazy_table_%s+%d\n  ldr x16, [x16, :lo12:tadoru_lazy_table_%s+%d]\n  br x16\n' "$name" $(($1 * 8)) "$name" $(($1 * 8)) ;;
    *) echo "make-lazy-library: no trampoline for $(uname -m)" >&2; exit 1 ;;
  esac
}
{
  echo '.text'
  i=0
  while read -r symbol; do
    printf '.globl %s\n.type %s, %%function\n%s:\n' "$symbol" "$symbol" "$symbol"
    trampoline $i
    i=$((i + 1))
  done < "$work/symbols"
  echo '.section .note.GNU-stack,"",%progbits'
} > "$work/trampolines.s"
{
  echo '#define _GNU_SOURCE'
  echo '#include <dlfcn.h>'
  echo '#include <stdio.h>'
  echo '#include <stdlib.h>'
  printf 'static const char *const names[] = {\n'
  sed 's/.*/  "&",/' "$work/symbols"
  printf '};\n'
  cat <<C
static void unbound(void) { fputs("tadoru: a function of $name was called before the library was opened\n", stderr); abort(); }
__attribute__((visibility("hidden"))) void *tadoru_lazy_table_$name[$count] = { [0 ... $((count - 1))] = (void *)unbound };
static const char *failure = "";
const char *tadoru_lazy_error_$name(void) { return failure; }
int tadoru_lazy_open_$name(const char *path) {
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (!library) { failure = dlerror(); return -1; }
  for (int i = 0; i < $count; i++) {
    void *function = dlsym(library, names[i]);
    if (function) tadoru_lazy_table_$name[i] = function;
  }
  return 0;
}
C
} > "$work/loader.c"
"${CC:-cc}" -O2 -fPIC -c "$work/loader.c" -o "$work/loader.o"
"${CC:-cc}" -c "$work/trampolines.s" -o "$work/trampolines.o"
mkdir -p "$out"
rm -f "$out/lib${name}_lazy.a"
ar rcs "$out/lib${name}_lazy.a" "$work/loader.o" "$work/trampolines.o"
echo "lib${name}_lazy.a: $count functions of $(basename "$library")"
