"""Writes svc.json: decisions of scikit-learn's SVC(C=3, gamma="auto") at tolerance 1e-7 on small synthetic training sets.

Run with a Python that has numpy and scikit-learn (made with scikit-learn 1.2, numpy 1.24): python3 make_svc.py
scikit-learn keeps its kernel in single precision: expect agreement to about 1e-4, and equal signs.
"""
import json
import pathlib

import numpy as np
from sklearn.svm import SVC

rng = np.random.default_rng(20)


def column(values):
    return np.asarray(values, dtype=float).reshape(-1, 1)


def overlapping(n, width):
    return np.round(rng.normal(0.4, 1, (n, width)), 6), np.round(rng.normal(-0.4, 1, (n, width)), 6), 40


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def saturated(n, share):
    exact = rng.random(n) < share
    near = rng.random(n) < 0.5
    return column(np.where(exact, 1.0, np.where(near, 1 - 1e-7 * rng.integers(1, 9, n), np.round(rng.random(n), 6))))


def case_sets():
    members, others, _ = overlapping(60, 1)
    yield "one_feature", members, others, np.round(rng.normal(0, 1.5, (40, 1)), 6)
    members, others, _ = overlapping(60, 5)
    yield "five_features", members, others, np.round(rng.normal(0, 1, (40, 5)), 6)
    members, others, _ = overlapping(80, 1)
    yield "unequal_classes", members[:30], others, np.round(rng.normal(0, 1.5, (40, 1)), 6)
    yield "separable", column(np.round(2 + rng.random(40), 6)), column(np.round(rng.random(40), 6)), column(np.linspace(-1, 4, 40))
    yield "two_values", column([1] * 45 + [0] * 5), column([1] * 30 + [0] * 20), column([0, 1])
    yield "saturated", saturated(200, 0.9), saturated(200, 0.7), saturated(60, 0.8)
    p = [np.round(softmax(rng.normal(0, s, (100, 10))), 8) for s in (4, 2, 3)]
    yield "probabilities", p[0], p[1], p[2][:40]
    yield "wide_range", np.round(rng.normal(10, 30, (60, 1)), 5), np.round(rng.normal(0, 30, (60, 1)), 5), column(np.linspace(-80, 90, 40))


cases = {}
for name, members, others, queries in case_sets():
    features = np.concatenate([members, others])
    labels = np.array([1] * len(members) + [0] * len(others))
    model = SVC(C=3, gamma="auto", kernel="rbf", tol=1e-7).fit(features, labels)
    cases[name] = {
        "members": members.tolist(),
        "non_members": others.tolist(),
        "queries": queries.tolist(),
        "decisions": model.decision_function(queries).tolist(),
        "member": [int(v) for v in model.predict(queries)],
        "intercept": float(model.intercept_[0]),
    }

path = pathlib.Path(__file__).with_name("svc.json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
