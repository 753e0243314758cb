#!/usr/bin/env python3
"""Prints the version of the package that is built from this checkout.

At the tag vX.Y.Z, without changed files, it is X.Y.Z; elsewhere it is X.Y.Z.devN+gCOMMIT, where N counts the commits and
".dirty" follows changed files. X.Y.Z is that of Sources/subterfuge/Version.swift, and the tag must agree with it.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def git(*arguments):
    done = subprocess.run(["git", "-C", ROOT, "--no-optional-locks", *arguments], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def version():
    number = re.search(r'next = "([^"]+)"', (ROOT / "Sources/subterfuge/Version.swift").read_text())[1]
    tag = git("describe", "--exact-match", "--match", "v[0-9]*")
    is_dirty = bool(git("status", "--porcelain", "--untracked-files=no"))
    if tag and not is_dirty:
        if tag != f"v{number}":
            sys.exit(f"version: the tag {tag} does not agree with {number} in Sources/subterfuge/Version.swift")
        return number
    commit = git("rev-parse", "--short=12", "HEAD")
    if not commit:
        return f"{number}.dev0"
    return f"{number}.dev{git('rev-list', '--count', 'HEAD')}+g{commit}{'.dirty' if is_dirty else ''}"


if __name__ == "__main__":
    print(version())
