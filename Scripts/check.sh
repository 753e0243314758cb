#!/usr/bin/env bash
# The checks that need no build: budgets, layers, imports, words, duplicates (Scripts/checks) and formatting.
# One line per violation, exit status 1 if there is any. `check.sh ROOT` checks another checkout.
set -uo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$scripts/..}" || exit 1

status=0
python3 "$scripts/checks" . || status=1

folders=()
for folder in Sources Tests Benchmarks Plugins; do [ -d "$folder" ] && folders+=("$folder"); done
if ! swift format lint --strict --parallel --recursive "${folders[@]}" Package.swift; then
  echo "check: formatting: run 'swift format --in-place --parallel --recursive ${folders[*]} Package.swift'"
  status=1
fi
exit $status
