"""Writes the reference numbers for intervals, tests and agreement. SciPy 1.17.1, statsmodels 0.15.0, krippendorff 0.9.0 and
mpmath 1.4.1 were used.

    python make_exact_fixtures.py [NAME ...]   # from this folder; writes jeffreys, poisson, boschloo, mcnemar, strata,
                                               # agreement, corrected, multiplicity, extremes (all as .json)
"""

import itertools
import json
import math
import random
import sys

import krippendorff
import numpy as np
from make_arm_fixtures import bound
from mpmath import mp, mpf
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import beta, binom, boschloo_exact, gamma, hypergeom, norm
from statsmodels.stats.contingency_tables import StratifiedTable, mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests

mp.dps = 40
CONFIDENCES = [0.5, 0.95, 0.999999]


def series(ratio, x, *shapes):
    """1 + r(1) + r(1) r(2) + ... for the terms of an incomplete beta or gamma function: in 40 digits, or in 80 bits where
    the parameters are so large that there are many of them."""
    if min(shapes) > 3000:
        x, *shapes = (np.longdouble(mp.nstr(value, 25)) for value in (x, *shapes))
        terms = np.cumprod(ratio(np.arange(1, 400_000, dtype=np.longdouble), x, *shapes))
        return mpf(str(np.sum(terms[::-1]) + 1))
    term = total = mpf(1)
    for j in range(1, 100_000):
        term *= ratio(mpf(j), x, *shapes)
        total += term
        if term < total * mpf(10) ** -25:
            return total


def beta_below(a, b, x):
    """The mass of Beta(a, b) below x, with its density."""
    if x > (mpf(a) / (a + b) if min(a, b) > 3000 else 0.5):
        above, density = beta_below(b, a, 1 - x)
        return 1 - above, density
    log = a * mp.log(x) + b * mp.log1p(-x) - (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
    sum = series(lambda j, x, a, b: (a + b + j - 1) * x / (a + j), x, a, b)
    return mp.exp(log) / a * sum, mp.exp(log) / (x * (1 - x))


def gamma_below(a, x):
    log = a * mp.log(x) - x - mp.loggamma(a)
    return mp.exp(log) / a * series(lambda j, x, a: x / (a + j), x, a), mp.exp(log) / x


def polish(x, mass, below):
    """Newton's method on the log of x."""
    x = mpf(float(x))
    for _ in range(8):
        value, density = below(x)
        step = (mass - value) / (density * x)
        x *= mp.exp(step)
        if abs(step) < 1e-16:
            break
    return float(x)


def jeffreys():
    for n in [1, 2, 5, 17, 100, 2048, 32_768, 10**6, 10**9]:
        for k in sorted({0, 1, 2, 7, n // 10, n // 2, n - 1, n} & set(range(min(n, 10) + 1)) | {n // 10, n // 2, n - 1, n}):
            for confidence in CONFIDENCES if n < 10**9 or k < 10 else [0.95]:
                tail, a, b = (1 - confidence) / 2, mpf(k) + 0.5, mpf(n - k) + 0.5
                below = lambda x: beta_below(a, b, x)
                lower = 0 if k == 0 else polish(beta.ppf(tail, float(a), float(b)), mpf(tail), below)
                upper = 1 if k == n else polish(beta.isf(tail, float(a), float(b)), 1 - mpf(tail), below)
                yield {"events": k, "trials": n, "confidence": confidence, "values": [lower, upper]}


def poisson():
    for k in [0, 1, 2, 5, 45, 1000, 10**5, 10**9]:
        for confidence in CONFIDENCES:
            values = []
            for tail in [(1 - confidence) / 2, 1 - confidence]:
                lower = 0 if k == 0 else polish(gamma.ppf(tail, k), mpf(tail), lambda x: gamma_below(mpf(k), x))
                upper = polish(gamma.isf(tail, k + 1), 1 - mpf(tail), lambda x: gamma_below(mpf(k + 1), x))
                values += [lower, upper]
            yield {"events": k, "confidence": confidence, "values": values}


def boschloo_side(x1, n1, x2, n2):
    """SciPy's definition, one-sided, with the nuisance rate searched on a dense grid and then refined."""
    fisher = hypergeom.cdf(np.arange(n1 + 1)[:, None], n1 + n2, np.arange(n1 + 1)[:, None] + np.arange(n2 + 1), n1)
    edge = (fisher <= fisher[x1, x2] * (1 + 1e-11)).sum(0) - 1

    def probability(angle):
        rate = math.sin(angle) ** 2
        return float(np.sum(binom.pmf(np.arange(n2 + 1), n2, rate) * np.where(edge >= 0, binom.cdf(edge, n1, rate), 0)))

    angles = np.linspace(0, math.pi / 2, max(300, int(20 * math.sqrt(n1 + n2))))[1:-1]
    values = np.array([probability(angle) for angle in angles])
    best = values.max()
    for i in np.argsort(-values)[:4]:
        ends = angles[max(0, i - 1)], angles[min(len(angles) - 1, i + 1)]
        found = minimize_scalar(lambda angle: -probability(angle), bounds=ends, method="bounded", options={"xatol": 1e-9})
        best = max(best, -found.fun)
    return best


def boschloo():
    random.seed(5)
    for n, m in [(1, 1), (1, 5), (3, 5), (10, 10), (12, 40), (5, 200), (64, 64), (100, 100), (3, 400), (150, 60)]:
        tables = set(itertools.product({0, 1, n // 4, n // 2, n - 1, n}, {0, 1, m // 10, m // 3, m - 2, m}))
        tables = sorted((a, b) for a, b in tables if 0 <= a <= n and 0 <= b <= m)
        for a, b in random.sample(tables, min(len(tables), 8)):
            p = min(1, 2 * min(boschloo_side(a, n, b, m), boschloo_side(b, m, a, n)))
            theirs = float(boschloo_exact([[a, b], [n - a, m - b]]).pvalue)
            # SciPy's search starts from 32 points and may miss the highest peak; it never finds a higher one.
            assert theirs <= p * (1 + 1e-9) and theirs >= 0.97 * p, (a, n, b, m, theirs, p)
            yield {"a": [a, n], "b": [b, m], "p": p}


def pairs():
    for b, c in [(0, 0), (0, 1), (1, 1), (0, 5), (1, 6), (4, 4), (7, 2), (10, 25), (60, 40), (500, 400), (3, 1500), (2000, 2300)]:
        n, k = b + c, min(b, c)
        total = sum(math.comb(n, i) for i in range(k + 1))
        exact = min(mpf(1), mpf(2 * total) / 2**n)
        assert n == 0 or abs(float(exact) - mcnemar([[9, b], [c, 3]], exact=True).pvalue) <= 1e-9 * float(exact)
        middle = mpf(1) if n == 0 else exact - mpf(math.comb(n, k)) / 2**n / (2 if b == c else 1)
        yield {"onlyFirst": b, "onlySecond": c, "logExact": float(mp.log(exact)), "logMidP": float(mp.log(middle))}


STRATA = [
    [((3, 20), (9, 20)), ((1, 10), (4, 12))],
    [((0, 20), (9, 20)), ((0, 10), (4, 12))],
    [((5, 5), (2, 6)), ((3, 9), (0, 7)), ((4, 30), (1, 25))],
    [((0, 1000), (3, 1000)), ((1, 2048), (0, 1024)), ((2, 512), (9, 512)), ((0, 64), (1, 64))],
    [((45, 32_768), (5, 10_000)), ((12, 2000), (3, 3000))],
    [((60, 100), (30, 90)), ((50, 80), (40, 100)), ((20, 40), (25, 45)), ((70, 120), (66, 110)), ((3, 9), (8, 9))],
    [((1, 1), (0, 1)), ((1, 1), (0, 1)), ((0, 1), (1, 1)), ((1, 1), (0, 1)), ((1, 1), (0, 1))],
    [((200, 200), (0, 200)), ((199, 200), (2, 200))],
]


def strata():
    for tables in STRATA:
        weights, low, seen = [1], 0, sum(a for (a, _), _ in tables)
        for (a, n), (c, m) in tables:
            first = max(0, a + c - m)
            stratum = [math.comb(n, x) * math.comb(m, a + c - x) for x in range(first, min(n, a + c) + 1)]
            sums = [0] * (len(weights) + len(stratum) - 1)
            for i, j in itertools.product(range(len(weights)), range(len(stratum))):
                sums[i + j] += weights[i] * stratum[j]
            weights, low = sums, low + first
        place, everything = seen - low, sum(weights)
        p = sum(w for w in weights if w * 10**7 <= weights[place] * (10**7 + 1))

        def tail(log_odds, indices):
            tilted = [w * mp.exp(i * log_odds) for i, w in enumerate(weights)]
            return float(mp.log(sum(tilted[i] for i in indices) / sum(tilted)) - mp.log(mpf("0.025")))

        up, down = range(place, len(weights)), range(place + 1)
        lower = 0 if place == 0 else math.exp(brentq(tail, -60, 60, (up,), xtol=1e-13))
        upper = None if place == len(weights) - 1 else math.exp(brentq(tail, -60, 60, (down,), xtol=1e-13))
        table = StratifiedTable([np.array([[a, n - a], [c, m - c]], dtype=float) for (a, n), (c, m) in tables])
        row = {"strata": tables, "logP": float(mp.log(mpf(p) / everything)), "exact": [lower, upper]}
        if 0 < table.oddsratio_pooled < math.inf:
            row["ratio"] = float(table.oddsratio_pooled)
            row["interval"] = [float(x) for x in table.oddsratio_pooled_confint()]
            row["homogeneity"] = float(table.test_equal_odds(adjust=True).pvalue)
        row["cochran"] = float(table.test_null_odds(correction=False).pvalue)
        yield row


def agreement():
    random.seed(3)
    for table in [[[20, 5], [10, 15]], [[5, 1, 0], [2, 7, 1], [0, 3, 4]], [[0, 3], [1, 9]], [[50, 1], [2, 0]], [[1, 0], [1, 1]],
                  [[300, 20, 3], [15, 200, 9], [4, 8, 77]]]:
        result = cohens_kappa(np.array(table))
        ends = [max(-1, float(result.kappa_low)), min(1, float(result.kappa_upp))]
        yield {"table": table, "values": [float(result.kappa)] + ends}
    for raters, items, missing in [(2, 12, 0), (3, 15, 0.3), (5, 30, 0.5), (4, 200, 0.1), (2, 40, 0.4)]:
        truth = [random.randrange(3) for _ in range(items)]
        ratings = [[None if random.random() < missing else t if random.random() < 0.7 else random.randrange(3)
                    for _ in range(raters)] for t in truth]
        data = np.array([[np.nan if r is None else r for r in row] for row in ratings], dtype=float).T
        yield {"ratings": ratings, "values": [float(krippendorff.alpha(data, level_of_measurement="nominal"))]}


def corrected():
    """The melded interval of a product by integration over the quantiles of one factor."""
    def bound(first, second, tail, is_upper):
        pick = lambda pair: beta(*pair)
        if is_upper and 0 in (first[1], second[1]):
            return float(pick(first if second[1] == 0 else second).isf(tail))
        one, two = pick(first), pick(second)

        def excess(log):
            t = math.exp(log)
            start = math.log(t)
            inner = lambda s: one.pdf(math.exp(s)) * math.exp(s) * (two.sf if is_upper else two.cdf)(math.exp(log - s))
            edges = sorted({start, 0.0} | {max(start, math.log(one.ppf(q))) for q in [1e-9, 0.01, 0.2, 0.5, 0.8, 0.99]})
            mass = sum(quad(inner, a, b, epsabs=1e-13, epsrel=1e-11)[0] for a, b in zip(edges, edges[1:]))
            return mass + (0 if is_upper else one.cdf(t)) - tail

        ends = one.ppf(1e-6) * two.ppf(1e-6), min(1 - 1e-12, one.isf(1e-6), two.isf(1e-6))
        return math.exp(brentq(excess, math.log(ends[0]), math.log(ends[1]), xtol=1e-11))

    for (x, n), (m, r) in [((45, 32_768), (11, 25)), ((45, 32_768), (0, 10)), ((45, 32_768), (10, 10)), ((5, 1000), (2, 4)),
                           ((10, 10), (2, 5)), ((300, 2000), (30, 100)), ((40, 64), (3, 3)), ((20, 1000), (1, 2))]:
        for confidence in [0.5, 0.95, 0.999]:
            tail = (1 - confidence) / 2
            lower = 0 if m == 0 else bound((x, n - x + 1), (m, r - m + 1), tail, False)
            upper = bound((x + 1, n - x), (m + 1, r - m), tail, True)
            yield {"positives": [x, n], "malign": [m, r], "confidence": confidence, "values": [lower, upper]}


def multiplicity():
    random.seed(1)
    for n in [1, 2, 5, 66]:
        p = [round(random.random() ** 4, 3) + 1e-6 for _ in range(n)]
        yield {"p": p} | {key: [float(x) for x in multipletests(p, method=key)[1]] for key in ["holm", "fdr_bh"]}


def extremes():
    """Ratios of rates at the ends of what may be asked: a billion trials, one trial, confidences of 0.5 and 0.999999."""
    big = 10**9
    for (x1, n1), (x2, n2) in [((0, big), (1, big)), ((1, big), (1, big)), ((3, big), (0, big)), ((500, big), (7, 10**6)),
                               ((big // 2, big), (big // 2 + 9000, big)), ((big - 1, big), (big, big)), ((big, big), (big - 5, big)),
                               ((0, 1), (0, big)), ((1, 1), (1, big)), ((1, 1), (0, 1)), ((1, 1), (1, 1)), ((0, 1), (big, big)),
                               ((45, 32_768), (0, big)), ((big, big), (3, 100_000))]:
        for confidence in CONFIDENCES:
            z = mpf(float(norm.isf((1 - confidence) / 2)))
            ends = [bound(x1, n1, x2, n2, z, side) if x1 + x2 else [0.0, math.inf][side > 0] for side in (-1, 1)]
            yield {"a": [x1, n1], "b": [x2, n2], "confidence": confidence, "lower": ends[0],
                   "upper": None if ends[1] == math.inf else ends[1]}


ALL = {"jeffreys": jeffreys, "poisson": poisson, "boschloo": boschloo, "mcnemar": pairs, "strata": strata,
       "agreement": agreement, "corrected": corrected, "multiplicity": multiplicity, "extremes": extremes}

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        with open(name + ".json", "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in ALL[name]()) + "\n]\n")
        print(name, flush=True)
