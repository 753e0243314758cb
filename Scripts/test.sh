#!/usr/bin/env bash
# Runs every test that was built, in two processes that take about as long as each other; one that has not ended after
# TEST_SECONDS (3600) is ended. The arguments are those of `swift build`. Failures and the two closing lines come last.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
runner=$("${SWIFT:-swift}" build --show-bin-path "$@")/SubterfugePackageTests.xctest || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"; kill $(jobs -p) 2>/dev/null' EXIT

first='^(AcceptanceTests|ReportingTests|SeedlingCorpusTests)\.'
# run LOG [SELECTION]: a status of 124 is the time limit's.
run() {
  local log=$1 status child
  shift
  timeout --foreground --kill-after 10 "${TEST_SECONDS:-3600}" \
    "$runner" --testing-library swift-testing --no-parallel "$@" >"$log" 2>&1 &
  child=$!
  trap 'kill $child' TERM
  wait $child
  status=$?
  [ $status -le 1 ] || echo "✘ Test process ended with status $status after: $(tail -n 1 "$log")" >>"$log"
  return $status
}
run "$logs/first" --filter "$first" &
one=$!
run "$logs/others" --skip "$first" &
other=$!
until [ -e "$logs/others" ]; do sleep 0.1; done
tail -n +1 -f --pid=$other "$logs/others"
failed=0
wait "$other" || failed=1
wait "$one" || failed=1
cat "$logs/first"

echo
grep -ahE '^✘ Test .*(recorded an issue|failed after)|^✘ Test process' "$logs"/*
grep -ahE '^. Test run with' "$logs"/*
exit $failed
