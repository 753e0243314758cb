"""Writes the reference numbers that the Statistics tests compare with. SciPy 1.17.1 and mpmath were used.

    python make_fixtures.py        # from this folder; writes intervals.json, fisher.json
"""

import json

from mpmath import mp
from scipy.stats import beta, fisher_exact, norm

mp.dps = 50


def bounds(k, n, tail):
    """The Clopper-Pearson bounds with this mass outside each."""
    lower = 0.0 if k == 0 else beta.ppf(tail, k, n - k + 1)
    upper = 1.0 if k == n else beta.isf(tail, k + 1, n - k)
    if k <= 45:  # SciPy loses eight digits at a billion trials; a few terms can be summed exactly instead
        lower = 0.0 if k == 0 else polish(lower, k - 1, n, 1 - mp.mpf(tail))
        upper = 1.0 if k == n else polish(upper, k, n, mp.mpf(tail))
    return [float(lower), float(upper)]


def polish(x, k, n, mass):
    """The x near the one given at which at most k of n events have probability `mass`, by Newton's method."""
    x = mp.mpf(float(x))
    for _ in range(4):
        at_most = sum(mp.binomial(n, i) * x**i * (1 - x) ** (n - i) for i in range(k + 1))
        slope = -(n - k) * mp.binomial(n, k) * x**k * (1 - x) ** (n - k - 1)
        x -= (at_most - mass) / slope
    return x


def wilson(k, n, confidence):
    z = norm.isf((1 - confidence) / 2)
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return [0.0 if k == 0 else float(middle - reach), 1.0 if k == n else float(middle + reach)]


def intervals():
    for n in [1, 2, 3, 5, 10, 17, 64, 100, 512, 1000, 2048, 10_000, 32_768, 100_000, 10**6, 10**9]:
        shares = {0, 1, 2, 7, 45, n // 100, n // 10, n // 3, n // 2, 9 * n // 10, n - 2, n - 1, n}
        for k in sorted(k for k in shares if 0 <= k <= n):
            for confidence in [0.5, 0.95, 0.999999]:
                yield {
                    "events": k, "trials": n, "confidence": confidence,
                    "clopperPearson": bounds(k, n, (1 - confidence) / 2),
                    "oneSided": bounds(k, n, 1 - confidence),
                    "wilson": wilson(k, n, confidence),
                }


def fisher():
    pairs = []
    for n1, n2 in [(1, 1), (3, 5), (10, 10), (12, 40), (100, 100), (512, 512), (1000, 2000), (10_000, 32_768)]:
        for k1 in sorted({0, 1, n1 // 10, n1 // 3, n1 // 2, n1 - 1, n1}):
            for k2 in sorted({0, 1, n2 // 10, n2 // 2, n2 - 1, n2}):
                pairs.append((k1, n1, k2, n2))
    pairs += [(45, 32_768, 0, 100_000), (7, 32_768, 0, 100_000), (24, 10_000, 32, 32_768), (5, 10_000, 45, 32_768),
              (4, 100_000, 0, 100_000), (400, 100_000, 300, 100_000), (50_000, 100_000, 49_500, 100_000)]
    for k1, n1, k2, n2 in pairs:
        p = fisher_exact([[k1, n1 - k1], [k2, n2 - k2]])[1]
        yield {"a": [k1, n1], "b": [k2, n2], "p": float(p)}


if __name__ == "__main__":
    for name, rows in [("intervals", intervals()), ("fisher", fisher())]:
        with open(name + ".json", "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
