# What the system itself must bring; sourced by bootstrap.sh. Each need is asked for by what it does, not by a
# package name, so that a machine that has it from elsewhere is left alone.

has_command() { command -v "$1" > /dev/null 2>&1; }
has_file() { [ -e "$1" ]; }
has_module() { has_command pkg-config && pkg-config --exists "$1"; }
has_library() { ldconfig -p 2> /dev/null | grep -qF "$1"; }
has_venv() { "$(system_python)" -c 'import ensurepip, venv' 2> /dev/null; }
has_pip() { "$(system_python)" -m pip --version > /dev/null 2>&1; }
has_postgres() { has_command initdb || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; }
has_moment() { [ -n "$(moment_file)" ]; }

# Debian's own Python first: environments made from it survive a change of version switcher.
system_python() { if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else command -v python3 || echo python3; fi; }

moment_file() {
  local file
  for file in /usr/share/javascript/moment/moment.min.js /usr/share/nodejs/moment/min/moment.min.js; do
    [ -e "$file" ] && { echo "$file"; return; }
  done
}

# needs: one line each, `PACKAGE|TEST|WHY`.
needs() {
  cat <<'NEEDS'
gcc|has_command cc|compiles the JavaScript engine and the bridges to C libraries
g++|has_command g++|compiles the cryptography library
libc6-dev|has_file /usr/include/stdio.h|headers of the C library
make|has_command make|runs the Makefile
binutils|has_command nm|lists the functions of a shared library
pkg-config|has_command pkg-config|tells the compiler where libraries are
util-linux|has_command prlimit|limits the memory of notebooks
libyaml-dev|has_module yaml-0.1|reads .dig files
libsqlite3-dev|has_module sqlite3|keeps runs and models
libcurl4-openssl-dev|has_module libcurl|sends mail and HTTP requests
libpq-dev|has_module libpq|talks to PostgreSQL servers
libarchive-dev|has_module libarchive|packs and unpacks projects
zlib1g-dev|has_file /usr/include/zlib.h|packs exported files
libjs-moment|has_moment|moment() in templates
libgomp1|has_library libgomp.so.1|LightGBM runs on several cores
python3|has_command python3|SQL translation and notebooks
python3-venv|has_venv|keeps Python environments apart
python3-pip|has_pip|fetches pinned packages
NEEDS
  # shellcheck disable=SC2154  # `level` comes from bootstrap.sh
  [ "$level" != test ] || cat <<'NEEDS'
postgresql|has_postgres|a server for the tests of pg>
ruby|has_command ruby|runs the scripts of the tests of rb>
chromium|has_command chromium|shows the console in the tests of its pages
NEEDS
}

# find_missing: fills `missing` with the packages whose test fails.
find_missing() {
  local package test why
  missing=()
  while IFS='|' read -r package test why; do
    $test || missing+=("$package")
  done < <(needs)
}

system_packages() {
  local missing package test why log=$deps/log/system.log start=$SECONDS
  find_missing
  if ! has_command swift && [ "$level" != run ]; then
    echo 'no `swift` on PATH' > "$log"
    fail swift "$log" 'install Swift 6.2 or newer from https://www.swift.org/install and put it on PATH'
    return 1
  fi
  [ ${#missing[@]} -gt 0 ] || { say system ok; return 0; }
  needs | while IFS='|' read -r package test why; do
    case " ${missing[*]} " in *" $package "*) say system "needs $package: $why" ;; esac
  done
  local root_prefix=()
  if [ "$(id -u)" != 0 ]; then
    if has_command sudo; then root_prefix=(sudo); else root_prefix=(false); fi
  fi
  if ! has_command apt-get || [ "${root_prefix[*]}" = false ]; then
    echo "missing, by their Debian names: ${missing[*]}" > "$log"
    fail system "$log" "install these with your package manager, then \`$again\`"
    return 1
  fi
  say system "apt-get install ${missing[*]}"
  local apt=("${root_prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -y)
  # The package lists of a fresh machine are empty or old, so a first failure is answered by fetching them.
  if ! { "${apt[@]}" install --no-install-recommends "${missing[@]}" ||
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; }; } > "$log" 2>&1 9>&-; then
    fail system "$log" "install ${missing[*]} by hand, then \`$again\`"
    return 1
  fi
  find_missing
  if [ ${#missing[@]} -gt 0 ]; then
    echo "apt ended well, yet what these should bring was not found: ${missing[*]}" >> "$log"
    fail system "$log" 'install them by hand'
    return 1
  fi
  say system "done in $((SECONDS - start)) s"
}
