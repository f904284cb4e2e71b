#!/usr/bin/env bash
# Kills the real binary at random moments and looks whether anything was lost or done twice. Called by `make crash`.
#
# usage: scripts/crash.sh [ROUNDS] [SEED]      ROUNDS kills (default 1000); SEED repeats an earlier campaign
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TADORU_CRASH_ROUNDS=${1:-1000}
[ -z "${2:-}" ] || export TADORU_CRASH_SEED=$2
mkdir -p .build/test-logs
log=.build/test-logs/crash.log

echo 'crash: debug build of the binary and the tests'
swift build --build-tests > "$log" 2>&1 || { grep -E 'error:' "$log" | head -n 20 >&2; exit 1; }
echo "crash: $TADORU_CRASH_ROUNDS kills"
status=0
swift test --skip-build --disable-xctest --filter 'CrashCampaignTests|ScheduleCampaignTests' > "$log" 2>&1 || status=$?
grep -aE '^(crash|schedule) campaign|recorded an issue|^↳|Test run with' "$log" | tail -n 40
exit $status
