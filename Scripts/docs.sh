#!/usr/bin/env bash
# docs.sh [FOLDER]: builds the contributors' pages (Documentation/Subterfuge.docc and every declaration of Sources) with the
# toolchain's docc, into .build/docs by default. Needs a debug build: the declarations are read from its modules. A link that leads
# nowhere is an error. Parameters without a description are not counted: the doc comments name only those that need words.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
output=${1:-$root/.build/docs}
swift=${SWIFT:-swift}
cd "$root"

fail() { printf 'docs: error: %s\n' "$*" >&2; exit 1; }
command -v docc >/dev/null || fail "docc is missing; it comes with the Swift toolchain, in the folder of swift"
modules=$root/.build/debug/Modules
[ -d "$modules" ] || fail "there is no debug build; run 'swift build'"
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT

# The C modules that the Swift modules import: our own, and those of the packages that we use.
includes=(-I "$modules")
for map in Sources/*/module.modulemap .build/checkouts/{FlyingFox/CSystemLinux,swift-numerics/Sources/_NumericsShims,GRDB.swift/Sources/GRDBSQLite,Yams/Sources/CYaml}/{,include/}module.modulemap; do
  if [ -f "$map" ]; then includes+=(-I "$(dirname "$map")"); fi
done
for map in .build/debug/*.build/module.modulemap; do includes+=(-Xcc "-fmodule-map-file=$map"); done
target=$("$swift" -print-target-info | sed -n 's/.*"unversionedTriple" *: *"\([^"]*\)".*/\1/p' | head -1)

# Every target with Swift files is a module of its own.
for folder in Sources/*/; do
  name=$(basename "$folder")
  [ -n "$(find "$folder" -name '*.swift' -print -quit)" ] || continue
  [ "$name" = TestSupport ] && continue
  [ -f "$modules/$name.swiftmodule" ] || fail "'$name' is not built; run 'swift build'"
  "$swift" symbolgraph-extract -module-name "$name" "${includes[@]}" -target "$target" -minimum-access-level internal \
    -skip-synthesized-members -output-dir "$graphs" >"$graphs/log" 2>&1 || fail "$name: $(grep -m1 error "$graphs/log")"
done
rm -f "$graphs/log"

rm -rf "$output"
status=0
docc convert Documentation/Subterfuge.docc --additional-symbol-graph-dir "$graphs" --output-dir "$output" \
  --fallback-display-name Subterfuge --fallback-bundle-identifier subterfuge --diagnostics-file "$graphs/diagnostics.json" \
  >"$graphs/docc.log" 2>&1 || status=$?
python3 Scripts/docs_warnings.py "$graphs/diagnostics.json" "$root" || status=1
[ "$status" -eq 0 ] || { grep -m5 '^error' "$graphs/docc.log" >&2 || true; exit 1; }
echo "$output: python3 -m http.server --directory $output 8000, then http://127.0.0.1:8000/documentation/contributors"
