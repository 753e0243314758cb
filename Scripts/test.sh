#!/usr/bin/env bash
# Runs every test that was built, in two processes that take about as long as each other. One that has not ended after
# TEST_SECONDS (1500; they take 250 to 700) is ended, and what each of its threads was doing is printed; then it is run once
# more, until the hang that Documentation/Log.md describes (2026-11-30) is found. The arguments are those of `swift build`.
# Failures and the two closing lines come last.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
runner=$("${SWIFT:-swift}" build --show-bin-path "$@")/SubterfugePackageTests.xctest || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"; kill $(jobs -p) 2>/dev/null' EXIT

first='^(AcceptanceTests|ReportingTests|SeedlingCorpusTests)\.'
# run LOG [SELECTION]
run() {
  local log=$1
  shift
  once "$log" "$@" && return
  [ -e "$log.threads" ] || return 1
  rm "$log.threads"
  once "$log" "$@"
}

# once LOG [SELECTION]: a status of 124 is the time limit's.
once() {
  local log=$1 status child watch
  shift
  "$runner" --testing-library swift-testing --no-parallel "$@" >>"$log" 2>&1 &
  child=$!
  end_late $child "$log" &
  watch=$!
  trap 'kill $child $watch' TERM
  wait $child
  status=$?
  kill $watch 2>/dev/null
  [ ! -e "$log.threads" ] || status=124
  [ $status -le 1 ] || echo "✘ Test process ended with status $status after: $(tail -n 1 "$log")" >>"$log"
  [ ! -e "$log.threads" ] || cat "$log.threads" >>"$log"
  return $status
}

# end_late PROCESS LOG: where a process hangs can be seen only while it does. A line for each thread that is not idle:
# what it was in, innermost first.
end_late() {
  sleep "${TEST_SECONDS:-1500}" &
  trap "kill $!" TERM
  wait $! || return
  eu-stack -p "$1" -n 40 2>&1 | awk '/^TID/ { if (line) print line; line = "✘ Test thread " $2 }
    /^#/ { line = line " < " substr($3, 1, 60) } END { print line }' |
    grep -vE 'JobQueueC?4take|_dispatch_(semaphore_wait|mgr_thread|sigsuspend)|epoll_wait' | cut -c 1-900 >"$2.threads"
  [ -s "$2.threads" ] || echo "✘ Test thread: all of them were idle" >"$2.threads"
  kill -KILL "$1"
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
grep -ahE '^✘ Test .*(recorded an issue|failed after)|^✘ Test process' "$logs"/first "$logs"/others
grep -ahE '^. Test run with' "$logs"/first "$logs"/others
exit $failed
