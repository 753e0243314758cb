"""Writes the reference numbers of the tests of clusters, seeds, sequences and plans. SciPy, statsmodels and NumPy.

    python make_cluster_fixtures.py      # from this folder; writes clusters.json, seeds.json, sequences.json, plans.json
"""

import json

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import betaln, expit, log_expit, logit
from scipy.stats import beta, betabinom, binom, bootstrap, fisher_exact, norm, t
from statsmodels.stats.power import TTestIndPower


def write(name, rows):
    with open(name, "w") as file:
        json.dump(list(rows), file, indent=0)


# Clusters: (events, trials) of each.
CLUSTERS = {
    "hand": [(3, 4), (1, 4), (0, 4)],
    "overdispersed": [(0, 8)] * 20 + [(1, 8)] * 6 + [(3, 8)] * 3 + [(7, 8)] * 2 + [(8, 8)],
    "unequal": [(0, 3), (2, 40), (11, 60), (1, 1), (5, 17), (0, 120), (9, 30), (4, 9)] * 3,
    "rare": [(0, 64)] * 500 + [(1, 64)] * 7 + [(5, 64)] * 3 + [(20, 64)] * 2,
    "large": [(900, 30_000), (20, 30_000), (1500, 50_000), (300, 20_000), (640, 32_768)],
    "independent": [(1, 6), (2, 6), (3, 6), (2, 6), (2, 6)],
}


def log_likelihood(clusters, mean, correlation):
    k, n = np.array(clusters).T
    if correlation <= 0:
        return binom.logpmf(k, n, mean).sum()
    size = 1 / correlation - 1
    return betabinom.logpmf(k, n, mean * size, (1 - mean) * size).sum()


def profile(clusters, mean):
    found = minimize_scalar(
        lambda x: -log_likelihood(clusters, mean, expit(x)), bounds=(-12, 11), method="bounded", options={"xatol": 1e-9})
    return max(-found.fun, log_likelihood(clusters, mean, 0))


def anova(clusters):
    k, n = np.array(clusters, float).T
    m, total = len(k), n.sum()
    between = (n * (k / n - k.sum() / total) ** 2).sum() / (m - 1)
    within = (k * (1 - k / n)).sum() / (total - m)
    size = (total - (n**2).sum() / total) / (m - 1)
    return (between - within) / (between + (size - 1) * within)


def cluster_rows():
    for name, clusters in CLUSTERS.items():
        k, n = np.array(clusters).T
        start = [logit(k.sum() / n.sum()), -2.0]
        best = minimize(
            lambda x: -log_likelihood(clusters, expit(x[0]), expit(x[1])), start, method="Nelder-Mead",
            options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 10_000})
        mean, correlation = expit(best.x)
        if correlation < 1e-5:
            mean, correlation = k.sum() / n.sum(), 0.0
        top = max(-best.fun, log_likelihood(clusters, k.sum() / n.sum(), 0))
        drop = lambda x: profile(clusters, expit(x)) - top + norm.isf(0.025) ** 2 / 2
        low, high = brentq(drop, logit(mean) - 6, logit(mean)), brentq(drop, logit(mean), logit(mean) + 6)
        limit = lambda x: max(
            -minimize_scalar(lambda m: -log_likelihood(clusters, expit(m), expit(x)),
                             bounds=(logit(mean) - 4, logit(mean) + 4), method="bounded",
                             options={"xatol": 1e-10}).fun, -1e9) - top + norm.isf(0.05) ** 2 / 2
        if limit(11) < 0:
            upper = expit(brentq(limit, logit(correlation) if correlation else -10, 11))
        else:
            upper = 1.0
        boot = bootstrap(
            (k, n), lambda k, n, axis=-1: k.sum(axis) / n.sum(axis), n_resamples=40_000, paired=True, vectorized=True,
            method="BCa", rng=np.random.default_rng(1)).confidence_interval
        yield {
            "name": name, "clusters": [list(c) for c in clusters], "correlation": anova(clusters), "mean": mean,
            "likeliest": correlation, "interval": [expit(low), expit(high)], "limit": upper,
            "bootstrap": [boot.low, boot.high],
        }


def korn_graubard_rows():
    """The interval when the correlation is given, where the bounds by touched clusters do not matter."""
    for name in ["overdispersed", "unequal", "rare"]:
        k, n = np.array(CLUSTERS[name], float).T
        for correlation in [0.0, 0.05, 0.3]:
            effect = 1 + ((n**2).sum() / n.sum() - 1) * correlation
            factor = 1 if effect == 1 else (norm.isf(0.025) / t.isf(0.025, len(k) - 1)) ** 2
            events, trials = k.sum() / effect * factor, n.sum() / effect * factor
            yield {
                "name": name, "correlation": correlation,
                "interval": [beta.ppf(0.025, events, trials - events + 1), beta.isf(0.025, events + 1, trials - events)],
            }


# Seeds: events of each, trials of each.
SEEDS = [([24, 78], 10_000), ([45, 50, 30, 20, 60], 32_768), ([0, 0, 0, 0, 0], 100_000), ([0, 0, 1], 1_000),
         ([300, 1000, 3000], 32_768), ([0, 0, 5, 0, 40], 32_768), ([9, 10, 10, 8, 10], 10), ([50, 51, 49, 52], 100)]


class SeedPosterior:
    """The posterior of the middle and the spread by brute force: a grid of both and, for each, of the seeds' own log odds."""

    def __init__(self, events, trials, prior):
        pooled = logit((sum(events) + 0.5) / (trials * len(events) + 1))
        self.grid(events, trials, prior, np.linspace(pooled - 40, pooled + 14, 400), 20)
        seen = self.middles[self.mass.sum(0) > 1e-10]
        self.grid(events, trials, prior, np.linspace(seen[0] - 0.2, seen[-1] + 0.2, 400), 60)

    def grid(self, events, trials, prior, middles, spreads):
        self.middles, places = middles, (np.arange(spreads) + 0.5) / spreads
        self.spreads = 5 * places**2
        z = np.linspace(-8, 8, 1_601)
        logs = np.empty((spreads, len(middles)))
        for i, spread in enumerate(self.spreads):
            logs[i] = np.log(places[i]) - spread**2 / 2
            theta = middles[:, None] + spread * z
            high, low = log_expit(theta), log_expit(-theta)
            for k in set(events):
                exponent = k * high + (trials - k) * low - z**2 / 2
                top = exponent.max(1)
                logs[i] += events.count(k) * (top + np.log(np.exp(exponent - top[:, None]).sum(1)))
        low, high = log_expit(-middles), log_expit(middles)
        logs += {"low": low, "middle": (low + high) / 2, "high": high}[prior]
        self.mass = np.exp(logs - logs.max())
        self.mass /= self.mass.sum()

    def middle(self, q):
        return expit(np.interp(q, self.mass.sum(0).cumsum() - self.mass.sum(0) / 2, self.middles))

    def spread(self, q):
        return np.interp(q, self.mass.sum(1).cumsum() - self.mass.sum(1) / 2, self.spreads)

    def new(self, q):
        below = lambda x: (self.mass * norm.cdf((x - self.middles) / self.spreads[:, None])).sum() - q
        return expit(brentq(below, -60, 60, xtol=1e-4))


def seed_rows():
    for events, trials in SEEDS:
        low, middle, high = (SeedPosterior(events, trials, prior) for prior in ["low", "middle", "high"])
        none = sum(events) == 0
        yield {
            "events": events, "trials": trials, "rate": 0.0 if none else middle.middle(0.5),
            "interval": [0.0 if none else low.middle(0.025), high.middle(0.975)],
            "newSeed": [0.0 if none else low.new(0.025), high.new(0.975)],
            "spread": [middle.spread(0.025), middle.spread(0.5), middle.spread(0.975)],
        }


def sequence_rows():
    for rate in [0.5, 1e-3]:
        a, b = 0.5, 0.5 * (1 - rate) / rate
        for k, n in [(0, 1), (1, 1), (0, 100), (7, 10), (50, 100), (0, 32_768), (45, 32_768), (999, 1_000), (4, 100_000)]:
            for confidence in [0.8, 0.95, 0.999]:
                mixture = betaln(a + k, b + n - k) - betaln(a, b) + np.log1p(-confidence)
                excess = lambda x: k * log_expit(x) + (n - k) * log_expit(-x) - mixture
                top = logit(np.clip(k / n, 1e-12, 1 - 1e-12))
                yield {
                    "rate": rate, "events": k, "trials": n, "confidence": confidence,
                    "lower": 0.0 if k == 0 else expit(brentq(excess, -3_000, top, xtol=1e-14)),
                    "upper": 1.0 if k == n else expit(brentq(excess, top, 3_000, xtol=1e-14)),
                }


def fisher_power(p1, p2, n, level=0.05):
    a, b = binom.pmf(np.arange(n + 1), n, p1), binom.pmf(np.arange(n + 1), n, p2)
    return sum(
        a[i] * b[j] for i in range(n + 1) for j in range(n + 1)
        if a[i] * b[j] > 1e-14 and fisher_exact([[i, n - i], [j, n - j]])[1] <= level)


def plan_rows():
    # Independent episodes.
    for events, rate, chance in [(1, 1.4e-4, 0.95), (1, 0.5, 0.9), (3, 0.01, 0.99), (40, 0.2, 0.8), (500, 0.1, 0.95)]:
        n = events
        n = next(n for n in range(max(events, int(events / rate * 0.5)), 10**7) if binom.sf(events - 1, n, rate) >= chance)
        yield {"kind": "see", "events": events, "rate": rate, "chance": chance, "episodes": n,
               "achieved": binom.sf(events - 1, n, rate)}
    # By adding up the beta-binomial of one prompt as often as there are prompts.
    for events, rate, chance, size, correlation in [(1, 0.002, 0.95, 16, 0.3), (5, 0.01, 0.9, 8, 0.1), (12, 0.05, 0.8, 4, 0.7)]:
        s = 1 / correlation - 1
        one = betabinom.pmf(np.arange(size + 1), size, rate * s, (1 - rate) * s)
        all_, prompts = np.array([1.0]), 0
        while True:
            all_, prompts = np.convolve(all_, one)[:events], prompts + 1
            if 1 - all_.sum() >= chance and len(all_) >= events:
                break
        yield {"kind": "seeClustered", "events": events, "rate": rate, "chance": chance, "size": size,
               "correlation": correlation, "episodes": prompts * size, "achieved": 1 - all_.sum()}
    # Seeds: the chance of none in S seeds is the S-th power of its mean over seeds.
    for rate, chance, seeds, spread in [(1e-3, 0.95, 5, 0.8), (1e-2, 0.8, 3, 1.5)]:
        def none(n):
            f = lambda z: norm.pdf(z) * np.exp(n * log_expit(-(logit(rate) + spread * z)))
            return quad(f, -9, 9, epsabs=1e-13, limit=400)[0] ** seeds
        n = next(n for n in range(1, 10**6) if 1 - none(n) >= chance)
        yield {"kind": "seeSeeds", "events": 1, "rate": rate, "chance": chance, "seeds": seeds, "spread": spread,
               "episodes": n * seeds, "achieved": 1 - none(n)}
    for bound, rate, chance, confidence in [(1e-3, 0.0, 0.8, 0.95), (0.05, 0.02, 0.8, 0.95), (0.3, 0.2, 0.9, 0.99)]:
        for n in range(1, 10**6):
            most = np.arange(0, n + 1)
            allowed = most[beta.isf(1 - confidence, most + 1, np.maximum(n - most, 1e-9)) <= bound]
            if len(allowed) and binom.cdf(allowed.max(), n, rate) >= chance:
                break
        yield {"kind": "bound", "bound": bound, "rate": rate, "chance": chance, "confidence": confidence, "episodes": n,
               "achieved": binom.cdf(allowed.max(), n, rate)}
    for p1, p2, power in [(0.9, 0.1, 0.8), (0.5, 0.2, 0.8), (0.3, 0.0, 0.9)]:
        n = next(n for n in range(2, 400) if fisher_power(p1, p2, n) >= power)
        yield {"kind": "compare", "rates": [p1, p2], "power": power, "episodes": n, "achieved": fisher_power(p1, p2, n)}
    for shift, degrees, level in [(2.0, 4, 0.05), (0.7, 8, 0.01), (3.5, 2, 0.05), (1.0, 40, 0.05)]:
        n = degrees // 2 + 1
        yield {"kind": "power", "shift": shift, "degrees": degrees, "level": level,
               "achieved": TTestIndPower().power(shift * (2 / n) ** 0.5, n, level)}
    for tail, degrees in [(0.025, 1), (0.025, 2), (0.05, 7), (0.005, 30), (0.4, 511), (1e-6, 9)]:
        yield {"kind": "t", "tail": tail, "degrees": degrees, "achieved": float(t.isf(tail, degrees))}


if __name__ == "__main__":
    write("clusters.json", cluster_rows())
    write("kornGraubard.json", korn_graubard_rows())
    write("sequences.json", sequence_rows())
    write("plans.json", plan_rows())
    write("seeds.json", seed_rows())
