"""Reference numbers for the probe: scikit-learn's logistic regressions and areas under the curve.

    python make_probe.py > probe.json      (scikit-learn 1.9.1, numpy)
"""

import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(4)


def regression(rows, columns, penalty, separable=False):
    x = rng.normal(size=(rows, columns)) * rng.uniform(0.2, 3, size=columns)
    direction = rng.normal(size=columns)
    noise = 0 if separable else rng.normal(size=rows) * 2
    y = x @ direction + noise + 0.5 > 0
    x = np.round(x, 5)
    fit = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(x, y)
    return {
        "rows": x.tolist(), "labels": y.tolist(), "penalty": penalty,
        "weights": fit.coef_[0].tolist(), "bias": float(fit.intercept_[0]),
    }


def area(scores, labels):
    return {"scores": list(map(float, scores)), "labels": list(map(bool, labels)),
            "area": float(roc_auc_score(labels, scores))}


areas = [area([1, 2, 2, 3, 3, 3, 4], [0, 0, 1, 0, 1, 1, 1]), area([5, 5, 5, 5], [1, 0, 1, 0])]
for size, levels in [(30, 5), (80, 12), (60, 1000)]:
    labels = rng.integers(0, 2, size)
    areas.append(area(rng.integers(0, levels, size) + labels * levels * 0.2, labels))

print(json.dumps({
    "regressions": [
        regression(60, 4, 1.0), regression(40, 6, 0.01), regression(12, 20, 0.5), regression(30, 3, 0.001, True),
        regression(25, 5, 100.0),
    ],
    "areas": areas,
}))
