#!/usr/bin/env bash
# Shows that every check can fail. A check that never fails checks nothing.
set -uo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() { echo "check_selftest: $*" >&2; exit 1; }
# manifest DEPENDENCIES: a package of two targets, of which Storage declares these dependencies.
manifest() {
  cat >Package.swift <<END
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Selftest", targets: [.target(name: "Episodes"), .target(name: "Storage", dependencies: [$1])])
END
}

python3 "$scripts/checks/selftest.py" --quiet 2>&1 || fail "a rule of Scripts/checks does not do what it should"

mkdir -p "$scratch"/Sources/{Episodes,Storage} && cd "$scratch" || exit 1
cp "$scripts/../.swift-format" .
printf 'package let one = 1\n' >Sources/Episodes/Lower.swift
printf 'import Episodes\n\nlet two = one + one\n' >Sources/Storage/Upper.swift
manifest '"Episodes"'

"$scripts/check.sh" . >output 2>&1 || fail "a clean tree was refused: $(cat output)"
printf 'let  untidy=1\n' >Sources/Storage/Untidy.swift
"$scripts/check.sh" . >output 2>&1 && fail "untidy formatting was accepted"
printf '// FIXME\n' >Sources/Storage/Untidy.swift
"$scripts/check.sh" . >output 2>&1 && fail "check.sh does not pass on the exit status of Scripts/checks"
rm Sources/Storage/Untidy.swift

# An import of a target that the manifest does not declare; only the exit status of the build tells.
build=(swift build --explicit-target-dependency-import-check error)
"${build[@]}" >output 2>&1 || fail "a declared import was refused: $(cat output)"
manifest ''
"${build[@]}" >output 2>&1 && fail "an undeclared import was accepted by the build"

echo "check_selftest: every check fails when it should"
