"""Writes the reference numbers for tests across training sequences. SciPy 1.17.1 and NumPy were used.

    python make_seed_test_fixtures.py        # from this folder; writes seed_tests.json
"""

import json

import numpy as np
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

rows = []
generator = np.random.default_rng(11)
for first, second in [(2, 2), (3, 3), (3, 4), (4, 4), (5, 5), (5, 2), (8, 8), (11, 11)]:
    for shift in [0.0, 0.7, 3.0, 40.0]:
        a = np.round(generator.normal(shift, 1.0, first), 3)
        b = np.round(generator.normal(0.0, 1.7, second), 3)
        welch = stats.ttest_ind(a, b, equal_var=False)
        interval = welch.confidence_interval(0.95)
        row = dict(a=a.tolist(), b=b.tolist(), welch=welch.pvalue, lower=interval.low, upper=interval.high)
        if first + second <= 16:
            row["permutation"] = stats.permutation_test(
                (a, b), lambda x, y, axis: np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)), vectorized=True,
                n_resamples=np.inf, alternative="greater").pvalue
        one = stats.ttest_1samp(a, 0.25)
        row.update(one=one.pvalue, oneLower=one.confidence_interval(0.95).low - 0.25,
                   oneUpper=one.confidence_interval(0.95).high - 0.25)
        # A reference with an error of its own, whose variance is known: Behrens and Fisher's distribution.
        spread = np.sqrt(np.var(a, ddof=1) / first)

        def beyond(distance):
            value, _ = quad(
                lambda z: stats.norm.pdf(z) * stats.t.sf((distance - np.sqrt(0.4) * z) / spread, first - 1), -9, 9,
                epsabs=0, epsrel=1e-12, limit=500)
            return 2 * value

        row.update(withError=beyond(abs(np.mean(a) - 0.25)), reach=brentq(lambda d: beyond(d) - 0.05, 0, 1e4, xtol=1e-12))
        if first == second:
            row["paired"] = stats.ttest_rel(a, b).pvalue
        rows.append(row)

with open("seed_tests.json", "w") as file:
    json.dump(rows, file, indent=1)
