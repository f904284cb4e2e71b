#!/usr/bin/env bash
# Puts tadoru below PREFIX: the whole product in PREFIX/lib/tadoru, in the layout of the checkout, and a link to the
# binary in PREFIX/bin. Called by `make install`.
#
# Python environments know the folder they were made in, so they are made anew at their place instead of copied.
# usage: scripts/install.sh PREFIX
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
prefix=${1:?usage: scripts/install.sh PREFIX}
home=$prefix/lib/tadoru
mkdir -p "$home/bin" "$prefix/bin" 2> /dev/null ||
  { echo "install: cannot write below \`$prefix\`; choose another with \`make install PREFIX=\$HOME/.local\`" >&2; exit 1; }
install -m 755 bin/tadoru "$home/bin/.tadoru" && mv -f "$home/bin/.tadoru" "$home/bin/tadoru"
for folder in notebooks python scripts; do
  [ -d "$folder" ] || continue
  rm -rf "${home:?}/.$folder.new"
  cp -R "$folder" "$home/.$folder.new"
  rm -rf "${home:?}/$folder"
  mv "$home/.$folder.new" "$home/$folder"
done
scripts/bootstrap.sh --for run --into "$home/.deps"
ln -sfn "../lib/tadoru/bin/tadoru" "$prefix/bin/tadoru"
echo "install: $prefix/bin/tadoru; check it with: $prefix/bin/tadoru doctor"
