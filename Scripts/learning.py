#!/usr/bin/env python3
"""Prints, for a run of the recipe `learning`, how many sequences reach a rate of gaming and from how many episodes.

    Scripts/learning.py RUN [--rate 0.8]        RUN: a run's folder, finished or not

Episodes are those sampled before the round in which the rate was reached. A round's prompts are not those of the round
before it, and none is evaluated on.
"""
import argparse
import json
import os
import sqlite3
import statistics


def rounds(folder):
    database = sqlite3.connect(f"file:{os.path.join(folder, 'run.sqlite')}?mode=ro", uri=True)
    return [json.loads(row[0]) for row in database.execute(
        "SELECT result FROM step WHERE name LIKE 'round/%' ORDER BY position")]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("run")
    options.add_argument("--rate", type=float, default=0.8)
    options = options.parse_args()
    cells = {}
    for one in rounds(options.run):
        key = (one["environment"], one["algorithm"], one["branch"]["condition"])
        cells.setdefault(key, {}).setdefault(one["branch"]["replicate"], []).append(one)
    print(f"| environment | algorithm | condition | first round | reach {options.rate:.0%} | episodes: median (range) |")
    print("|---|---|---|---|---|---|")
    for (environment, algorithm, condition), sequences in sorted(cells.items()):
        needed, first = [], []
        for one in sequences.values():
            one.sort(key=lambda r: r["round"])
            before, found = 0, None
            for r in one:
                if found is None and r["completed"] and r["gamed"] >= options.rate * r["completed"]:
                    found = before
                before += r["attempted"]
            first.append(one[0]["gamed"] / max(1, one[0]["completed"]))
            if found is not None:
                needed.append(found)
        spread = f"{statistics.median(needed):.0f} ({min(needed)} to {max(needed)})" if needed else "-"
        print(f"| {environment} | {algorithm} | {condition} | {100 * min(first):.1f} to {100 * max(first):.1f} % "
              f"| {len(needed)} of {len(sequences)} | {spread} |")


if __name__ == "__main__":
    main()
