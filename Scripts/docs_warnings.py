#!/usr/bin/env python3
"""docs_warnings.py DIAGNOSTICS ROOT: prints what docc found wrong, one line each; exit status 1 if there is any.

Left out: parameters without a description, because doc comments name only the parameters that need words.
"""

import json
import sys
from urllib.parse import unquote, urlparse


def main(path, root):
    found = set()
    for problem in json.load(open(path, encoding="utf-8"))["diagnostics"]:
        summary = problem["summary"]
        if problem["severity"] not in ("warning", "error") or summary.endswith("is missing documentation"):
            continue
        source = unquote(urlparse(problem.get("source", "")).path).removeprefix(root + "/")
        line = problem.get("range", {}).get("start", {}).get("line", 1)
        found.add(f"{source}:{line}: {summary}")
    for text in sorted(found):
        print(text)
    print(f"docs: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
