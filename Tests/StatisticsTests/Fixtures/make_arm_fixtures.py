"""Writes the reference numbers for ratios of rates and for replicates. statsmodels 0.15.0, SciPy 1.17.1 and mpmath were
used.

    python make_arm_fixtures.py        # from this folder; writes ratios.json, replicates.json
"""

import itertools
import json
import math
import warnings

from mpmath import mp, mpf
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep, score_test_proportions_2indep

mp.dps = 40


def statistic(x1, n1, x2, n2, ratio):
    """The square of the score of Miettinen and Nurminen (1985) for p1 / p2 = ratio."""
    n = n1 + n2
    a, b, c = n * ratio, -(n1 * ratio + x1 + n2 + x2 * ratio), x1 + x2
    p2 = (-b - mp.sqrt(max(0, b * b - 4 * a * c))) / (2 * a)
    p1 = p2 * ratio
    variance = (p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2) * n / (n - 1)
    return (mpf(x1) / n1 - ratio * x2 / mpf(n2)) ** 2 / variance


def bound(x1, n1, x2, n2, z, side):
    """The ratio at which the score is z on one side of the observed ratio, by bisection in 40 digits."""
    if (x1 if side < 0 else x2) == 0:
        return 0.0 if side < 0 else math.inf
    low = mp.log(mpf(x1) * n2 / (mpf(x2) * n1)) if x1 and x2 else mpf(-side * 60)
    high = low + side * 120
    for _ in range(110):
        middle = (low + high) / 2
        if statistic(x1, n1, x2, n2, mp.exp(middle)) < z * z:
            low = middle
        else:
            high = middle
    return float(mp.exp(low))


def score_test(row, ratio):
    """The p-value of statsmodels' score test."""
    (x1, n1), (x2, n2) = row["a"], row["b"]
    return score_test_proportions_2indep(x1, n1, x2, n2, value=ratio, compare="ratio").pvalue


def check(row, ends):
    """Every end must be one at which statsmodels' own score test gives p = 1 - confidence. Its interval must agree too,
    where it inverts that test: near a corner (no events, or an event in almost every trial) the roots of its cubic are
    complex, lost to rounding, or the wrong ones. Returns how many ends were compared."""
    (x1, n1), (x2, n2) = row["a"], row["b"]
    alpha = 1 - row["confidence"]
    for end in ends:
        assert end in (0, math.inf) or abs(score_test(row, end) - alpha) < 1e-6, (row, end)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = confint_proportions_2indep(x1, n1, x2, n2, compare="ratio", method="score", alpha=alpha)
        compared = 0
        for ours, end in zip(ends, theirs):
            if ours in (0, math.inf) or not abs(score_test(row, end) - alpha) < 1e-4:
                continue
            assert abs(ours - end) <= 1e-6 * max(1, ours), (row, ends, theirs)
            compared += 1
    return compared


def ratios():
    checked = finite = 0
    for n1, n2 in [(1, 1), (3, 5), (20, 20), (40, 80), (64, 512), (2048, 2048), (10_000, 32_768), (100_000, 10_000)]:
        for x1 in sorted({0, 1, 4, n1 // 10, n1 // 2, n1 - 1, n1} & set(range(n1 + 1))):
            for x2 in sorted({0, 1, 24, n2 // 10, n2 // 2, n2 - 1, n2} & set(range(n2 + 1))):
                for confidence in [0.8, 0.95, 0.999] if n1 < 100 else [0.95]:
                    row = {"a": [x1, n1], "b": [x2, n2], "confidence": confidence}
                    z = mpf(float(norm.isf((1 - confidence) / 2)))
                    ends = [bound(x1, n1, x2, n2, z, side) if x1 + x2 else [0.0, math.inf][side > 0] for side in (-1, 1)]
                    checked += check(row, ends)
                    finite += sum(end not in (0, math.inf) for end in ends)
                    yield row | {"lower": ends[0], "upper": None if ends[1] == math.inf else ends[1]}
    print(f"{checked} of {finite} finite ends agree with the interval of statsmodels within 1e-6, the rest with its test")


def replicates():
    """The test of Fisher, Freeman and Halton by listing every table."""
    for counts in [
        [(1, 3), (4, 5), (0, 4)], [(0, 64), (0, 64), (5, 64), (0, 64), (1, 64)], [(2, 64), (3, 64), (1, 64)],
        [(0, 2048), (0, 2048), (0, 2048), (4, 2048), (0, 2048)], [(1, 2048), (0, 2048), (2, 2048), (1, 2048), (1, 2048)],
        [(10, 12), (4, 12), (9, 12), (3, 30)], [(6, 100), (2, 50), (0, 200), (3, 10)], [(5, 5), (5, 5), (5, 5)],
        [(3, 20), (9, 20), (12, 20)], [(1, 1), (0, 1), (1, 1), (0, 1)],
    ]:
        total = sum(x for x, _ in counts)
        choices = [[math.comb(n, x) for x in range(min(n, total) + 1)] for _, n in counts]

        def weight(table):
            return math.prod(choice[x] for choice, x in zip(choices, table))

        seen = weight([x for x, _ in counts])
        at_most = everything = 0
        for table in itertools.product(*(range(len(choice)) for choice in choices[:-1])):
            rest = total - sum(table)
            if 0 <= rest < len(choices[-1]):
                one = weight(table + (rest,))
                everything += one
                at_most += one if one <= seen else 0
        yield {"counts": counts, "p": at_most / everything}


if __name__ == "__main__":
    for name, rows in [("ratios", ratios()), ("replicates", replicates())]:
        with open(name + ".json", "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
