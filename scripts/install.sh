#!/usr/bin/env bash
# Puts tadoru below PREFIX: the binary in PREFIX/bin, and what it looks for in PREFIX/lib/tadoru (C libraries, Python
# environments, notebooks). Called by `make install`. Python environments know the folder they were made in, so they are
# made anew at their place instead of copied. usage: scripts/install.sh PREFIX
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
prefix=${1:?usage: scripts/install.sh PREFIX}
home=$prefix/lib/tadoru
{ mkdir -p "$home" "$prefix/bin" && [ -w "$home" ] && [ -w "$prefix/bin" ]; } 2> /dev/null || {
  echo "install: cannot write below \`$prefix\`; choose another folder: make install PREFIX=\$HOME/.local" >&2
  exit 1
}
scripts/bootstrap.sh --for run --into "$home"
for folder in notebooks python ruby; do
  [ -d "$folder" ] || continue
  rm -rf "${home:?}/.new"
  cp -R "$folder" "$home/.new"
  rm -rf "${home:?}/$folder"
  mv "$home/.new" "$home/$folder"
done
install -m 755 bin/tadoru "$prefix/bin/.tadoru" && mv -f "$prefix/bin/.tadoru" "$prefix/bin/tadoru"
echo "install: $prefix/bin/tadoru; see what it found with: $prefix/bin/tadoru doctor"
