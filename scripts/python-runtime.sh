#!/usr/bin/env bash
# Makes PREFIX/runtime/automl: the Python environment that trains models and executes notebooks.
# A second run takes a blink. usage: scripts/python-runtime.sh PREFIX
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/python-environment.sh
. "$here/python-environment.sh"
[ $# -eq 1 ] || { echo 'usage: scripts/python-runtime.sh PREFIX' >&2; exit 2; }
mkdir -p "$1"
prefix=$(cd "$1" && pwd)

# LightGBM and XGBoost are linked with the compiler's OpenMP library, which no wheel brings along.
if ! ldconfig -p 2> /dev/null | grep -q 'libgomp\.so\.1'; then
  python_say 'LightGBM needs the OpenMP library `libgomp.so.1`, found none: `apt-get install libgomp1`' >&2
  exit 1
fi
python_environment "$prefix/runtime/automl" "$here/requirements-automl.txt" \
  'AutoGluon trains, papermill executes notebooks; 1.3 GB, one or two minutes'
