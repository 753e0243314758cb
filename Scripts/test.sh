#!/usr/bin/env bash
# Runs every test that was built, in two processes that take about as long as each other. The arguments are those of
# `swift build`. The failures and the two closing lines come last.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
runner=$("${SWIFT:-swift}" build --show-bin-path "$@")/SubterfugePackageTests.xctest || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"; kill $(jobs -p) 2>/dev/null' EXIT

first='^(AcceptanceTests|ReportingTests|SeedlingCorpusTests)\.'
run() { "$runner" --testing-library swift-testing --no-parallel "$@"; }
run --filter "$first" >"$logs/first" 2>&1 &
one=$!
run --skip "$first" >"$logs/others" 2>&1 &
other=$!
tail -n +1 -f --pid=$other "$logs/others"
failed=0
wait "$other" || failed=1
wait "$one" || failed=1
cat "$logs/first"

echo
grep -ahE '^✘ Test .*(recorded an issue|failed after)' "$logs"/*
grep -ahE '^. Test run with' "$logs"/*
exit $failed
