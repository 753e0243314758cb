#!/bin/sh
# record_commit.sh ROOT FOLDER: writes FOLDER/Commit.swift with the commit of the checkout ROOT, and ".dirty" behind it if
# tracked files differ from the commit. Without git, or in a folder that is no checkout, the commit is empty. An unchanged
# file is left alone, so that nothing is compiled again.
commit=""
if [ "$(git -C "$1" rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$1" && pwd -P)" ]; then
  commit=$(git --no-optional-locks -C "$1" describe --always --exclude '*' --abbrev=12 --dirty=.dirty 2>/dev/null)
fi
text="/// The commit that was built; empty where it is not known.
let builtCommit = \"$commit\""
[ "$(cat "$2/Commit.swift" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" > "$2/Commit.swift"
