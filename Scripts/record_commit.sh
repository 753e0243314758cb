#!/bin/sh
# record_commit.sh ROOT FOLDER: writes FOLDER/Commit.swift with the description of the checkout ROOT that git gives: the newest
# version tag, the commits since and the commit (v0.1.0-3-g1a2b3c4d5e6f), or the commit alone where there is no such tag, and
# ".dirty" behind it if tracked files differ from the commit. Without git, or in a folder that is no checkout, it is empty. An
# unchanged file is left alone, so that nothing is compiled again.
description=""
if [ "$(git -C "$1" rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$1" && pwd -P)" ]; then
  description=$(git --no-optional-locks -C "$1" describe --tags --long --match 'v[0-9]*' --always --abbrev=12 \
    --dirty=.dirty 2>/dev/null)
fi
text="/// The checkout that was built, as git describes it; empty where it is not known.
let builtDescription = \"$description\""
[ "$(cat "$2/Commit.swift" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" > "$2/Commit.swift"
