"""The randomisation test within prompts by SciPy: for each case the events by prompt and checkpoint of both sides and p.

`permutation_test(permutation_type="samples")` exchanges two values of each pair: one checkpoint, or the sum of as many, on
each side. Where a side has more checkpoints the smaller side's are drawn among all of them, which is enumerated here, or
convolved where there are many. Prints the cases as JSON.
"""

import itertools
import json

import numpy as np
from scipy.stats import permutation_test


def paired(first, second):
    a, b = np.array(first).sum(axis=1), np.array(second).sum(axis=1)
    result = permutation_test(
        (a, b), lambda x, y, axis: np.sum(x - y, axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=np.inf)
    return float(result.pvalue)


def enumerated(first, second):
    """Of prompts, each with a side of fewer checkpoints."""
    small, large = (first, second) if len(first[0]) < len(second[0]) else (second, first)
    seen = sum(map(sum, small))
    options = [[sum(c) for c in itertools.combinations(s + l, len(s))] for s, l in zip(small, large)]
    sums = np.array([0])
    for option in options:
        sums = (sums[:, None] + np.array(option)[None, :]).ravel()
    return float(min(1, 2 * min(np.mean(sums <= seen), np.mean(sums >= seen))))


def convolved(first, second):
    """Of many prompts, the smaller side with one checkpoint: its distribution, prompt by prompt."""
    chances, seen = np.array([1.0]), sum(map(sum, first))
    for a, b in zip(first, second):
        cells = np.array(a + b)
        one = np.bincount(cells) / len(cells)
        chances = np.convolve(chances, one)
    return float(min(1, 2 * min(chances[: seen + 1].sum(), chances[seen:].sum())))


def planted(rng, prompts, cells, trials, rate, spread):
    rates = np.clip(rate * np.exp(spread * rng.standard_normal(prompts)), 0, 1)
    return [[int(rng.binomial(trials, r)) for _ in range(cells)] for r in rates]


rng = np.random.default_rng(7)
cases = []
first, second = planted(rng, 12, 1, 20, 0.3, 0.5), planted(rng, 12, 1, 20, 0.15, 0.5)
cases.append(("scipy", 20, first, second, paired(first, second)))
first, second = planted(rng, 10, 3, 8, 0.1, 1), planted(rng, 10, 3, 8, 0.25, 1)
cases.append(("scipy", 8, first, second, paired(first, second)))
first, second = planted(rng, 8, 1, 16, 0.02, 1), planted(rng, 8, 4, 16, 0.2, 1)
cases.append(("enumerated", 16, first, second, enumerated(first, second)))
first, second = planted(rng, 7, 2, 16, 0.05, 1), planted(rng, 7, 3, 16, 0.02, 1)
cases.append(("enumerated", 16, first, second, enumerated(first, second)))
# Above the budget of the exact count: the saddlepoint approximation.
for prompts, checkpoints, rate in [(700, 1, 0.305), (300, 5, 0.31), (300, 5, 0.36)]:
    first, second = planted(rng, prompts, 1, 400, 0.30, 0.3), planted(rng, prompts, checkpoints, 400, rate, 0.3)
    cases.append(("convolved", 400, first, second, convolved(first, second)))
print(json.dumps([dict(zip(("how", "trials", "first", "second", "p"), case)) for case in cases], separators=(",", ":")))
