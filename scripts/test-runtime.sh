#!/usr/bin/env bash
# Makes PREFIX/runtime/test: foreign clients for the tests (an SMTP server, MLflow's own client). It sees the packages
# of PREFIX/runtime/automl as well, so that MLflow can load the models that are kept there.
# usage: scripts/test-runtime.sh PREFIX
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/python-environment.sh
. "$here/python-environment.sh"
[ $# -eq 1 ] || { echo 'usage: scripts/test-runtime.sh PREFIX' >&2; exit 2; }
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
python_environment "$prefix/runtime/test" "$here/requirements-test.txt" \
  'aiosmtpd receives mails, mlflow reads our models and our server' \
  "$prefix/runtime/automl/lib/python3.11/site-packages"
