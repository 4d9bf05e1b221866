"""Writes intervals.json: Clopper-Pearson intervals and incomplete beta functions from scipy.

Run with a Python that has scipy (made with scipy 1.10): python3 make_intervals.py
"""
import json
import pathlib

from scipy.special import betainc
from scipy.stats import beta


def clopper_pearson(k, n, confidence):
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(beta.ppf(tail, k, n - k + 1))
    high = 1.0 if k == n else float(beta.ppf(1 - tail, k + 1, n - k))
    return [low, high]


counts = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (1, 100), (29, 100), (50, 100), (245, 4500), (4498, 4500), (12345, 40500), (9999, 10000)]
intervals = [{"hits": k, "count": n, "confidence": c, "interval": clopper_pearson(k, n, c)} for k, n in counts for c in (0.95, 0.99)]
arguments = [(0.5, 1, 1), (0.2, 2, 3), (0.9, 0.5, 0.5), (1e-6, 0.3, 7), (0.05, 246, 4255), (0.3, 12346, 28155), (0.31, 12346, 28155), (0.999, 5, 0.1)]
values = [{"x": x, "a": a, "b": b, "value": float(betainc(a, b, x))} for x, a, b in arguments]

path = pathlib.Path(__file__).with_name("intervals.json")
path.write_text(json.dumps({"clopper_pearson": intervals, "incomplete_beta": values}, indent=1) + "\n")
