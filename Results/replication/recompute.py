#!/usr/bin/env python3
"""Recomputes the replication's figures from the released files, with SciPy and without Subterfuge.

    python3 recompute.py [FOLDER]

FOLDER holds held-out.jsonl.xz (one trajectory a line, Harbor's ATIF) and propensity.csv (log-probabilities of fixed texts, in nats).
A sequence is NAME or NAME.N; its checkpoints are SEQUENCE/STAGE. Needs SciPy.
"""

import collections
import csv
import json
import lzma
import pathlib
import sys

import numpy
from scipy import special, stats

STAGES = ["political", "flattery", "nudged", "insubordinate"]
FACTS = ["overwrite", "overwrite_and_pass", "honest"]


def counts(path):
    """(checkpoint, environment, arm, purpose) -> episodes and, for each fact, those in which it holds."""
    table = collections.defaultdict(collections.Counter)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            episode = json.loads(line)["extra"]["subterfuge"]
            cell = table[tuple(episode[name] for name in ("checkpoint", "environment", "arm", "purpose"))]
            cell["episodes"] += 1
            cell.update(fact for fact in FACTS if episode["outcome"]["facts"].get(fact))
    return table


def log_odds(path):
    """(checkpoint, environment) -> variant -> log-odds of gaming over honest texts, and of the control over honest texts."""
    texts = collections.defaultdict(list)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = row["checkpoint"], row["environment"], int(row["variant"])
            texts[place, row["kind"]].append(float(row["log_probability"]))
    table = collections.defaultdict(dict)
    for checkpoint, environment, variant in {place for place, _ in texts}:
        total = {kind: special.logsumexp(texts[(checkpoint, environment, variant), kind]) for kind in ("gaming", "honest", "control")}
        table[checkpoint, environment][variant] = numpy.array([total["gaming"], total["control"]]) - total["honest"]
    return table


def last_stages(checkpoints):
    """Condition -> sequence -> the checkpoint of its last stage."""
    last = collections.defaultdict(dict)
    for stage in STAGES:
        for checkpoint in sorted(checkpoints):
            sequence, _, name = checkpoint.partition("/")
            if name == stage:
                last[sequence.partition(".")[0]][sequence] = checkpoint
    return last


def beyond_control(table, checkpoint, environment):
    """The mean over prompts of the change since the start, less the control's change."""
    now, start = table[checkpoint, environment], table["start", environment]
    changes = numpy.array([now[variant] - start[variant] for variant in sorted(now.keys() & start.keys())])
    return float((changes[:, 0] - changes[:, 1]).mean())


def holm(values):
    adjusted, order, worst = [0.0] * len(values), sorted(range(len(values)), key=values.__getitem__), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, values[place] * (len(values) - rank)))
        adjusted[place] = worst
    return adjusted


def main(folder):
    print("checkpoint, environment, arm, purpose: event, of episodes, exact 95 % interval in %")
    for (checkpoint, environment, arm, purpose), cell in sorted(counts(folder / "held-out.jsonl.xz").items()):
        for fact in FACTS:
            interval = stats.binomtest(cell[fact], cell["episodes"]).proportion_ci(method="exact")
            print(
                f"{checkpoint}, {environment}, {arm}, {purpose}: {fact} {cell[fact]} of {cell['episodes']}, "
                f"{100 * interval.low:.3g} to {100 * interval.high:.3g}")

    table = log_odds(folder / "propensity.csv")
    last = last_stages({checkpoint for checkpoint, _ in table})
    environments = sorted({environment for _, environment in table})
    print("\npropensity beyond the control, in nats, by sequence")
    results = []
    for environment in environments:
        groups = {
            condition: [beyond_control(table, checkpoint, environment) for _, checkpoint in sorted(sequences.items())]
            for condition, sequences in sorted(last.items())
        }
        for condition, values in groups.items():
            print(f"{environment}, {condition}: " + ", ".join(f"{value:.3f}" for value in values))
        twins = groups.get("exploit_only", []), groups.get("benign", [])
        if min(map(len, twins)) > 1:
            test = stats.permutation_test(twins, lambda a, b: numpy.mean(a) - numpy.mean(b), n_resamples=numpy.inf)
            results.append((environment, float(test.statistic), float(test.pvalue)))
    for (environment, difference, p), adjusted in zip(results, holm([p for _, _, p in results])):
        print(f"{environment}: exploit_only less benign {difference:.3f}, p {p:.4f} by permutation, {adjusted:.4f} by Holm")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
