"""Exact probabilities of the chains in RareEvents/Chains.swift, and quantiles of products of beta variables.

python make_chain_fixtures.py writes chains.json and beta_products.json beside itself (fractions; scipy).
"""
import json
import pathlib
from fractions import Fraction as F

from scipy import integrate, optimize, stats

HERE = pathlib.Path(__file__).parent


def stages(probabilities):
    """Independent stages: the product."""
    product = F(1)
    for p in probabilities:
        product *= F(str(p))
    return product


def states(first, high, low, share):
    """Two kinds of state, drawn afresh at each milestone: `high` with probability share, else `low`."""
    product = F(str(first))
    for p in low:
        product *= F(str(share)) * F(str(high)) + (1 - F(str(share))) * F(str(p))
    return product


def walk(up, leap, target):
    """A walk from 1 that goes up by 1, leaps up by 2 or falls by 1, and is over at 0 or at `target` and above.

    First-step equations x[i] = up x[i+1] + leap x[i+2] + down x[i-1], solved exactly by Gaussian elimination.
    """
    up, leap = F(str(up)), F(str(leap))
    down = 1 - up - leap
    # x[i] = a[i] x[i+1] + b[i] x[i+2], eliminating upwards from x[0] = 0.
    a, b = {0: F(0)}, {0: F(0)}
    for i in range(1, target):
        # x[i] = up x[i+1] + leap x[i+2] + down (a x[i] + b x[i+1])
        scale = 1 - down * a[i - 1]
        a[i], b[i] = (up + down * b[i - 1]) / scale, leap / scale
    x = {target: F(1), target + 1: F(1)}
    for i in range(target - 1, 0, -1):
        x[i] = a[i] * x[i + 1] + b[i] * x[i + 2]
    return x[1]


def chains():
    tenths = [0.1] * 7
    rows = [
        ("stages", stages(tenths)),
        ("uneven", stages([0.3, 0.05, 0.5, 0.02, 0.3])),
        ("states", states(0.3, 0.9, [0.05, 0.5, 0.02, 0.3], 0.03)),
        ("walk", walk(0.2, 0.05, 19)),
    ]
    return [{"name": name, "probability": float(p)} for name, p in rows]


def product_quantile(first, second, q):
    """The quantile of the product of two betas, by quadrature of one's density against the other's distribution."""
    one, two = stats.beta(*first), stats.beta(*second)

    def below(x):
        middle = one.ppf([1e-14, 0.01, 0.5, 0.99, 1 - 1e-14])
        points = [x, *(p for p in middle if p > x), 1.0]
        inside = sum(
            integrate.quad(lambda b: one.pdf(b) * two.cdf(x / b), l, r, epsabs=1e-13, epsrel=1e-11)[0]
            for l, r in zip(points, points[1:]) if r > l)
        return one.cdf(x) + inside

    return optimize.brentq(lambda x: below(x) - q, 1e-12, 1 - 1e-9, xtol=1e-15, rtol=1e-10)


def products():
    rows = []
    for first, second in [((3, 40), (8, 20)), ((1, 100), (12, 7)), ((30.5, 300.5), (2.5, 11)), ((200, 1800), (180, 1900))]:
        for q in (0.005, 0.025, 0.05, 0.95, 0.975, 0.995):
            rows.append({"first": first, "second": second, "q": q, "x": product_quantile(first, second, q)})
    return rows


for name, rows in (("chains", chains()), ("beta_products", products())):
    (HERE / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
