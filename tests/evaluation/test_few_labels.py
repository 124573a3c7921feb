"""Sentences on few labels; the rest is tested where models learn from them (fusion, claims)."""

import re

import numpy as np

from mmlib.evaluation.few_labels import gain_sentence


def test_no_end_of_an_interval_reads_as_zero_that_is_not():
    rng = np.random.default_rng(0)
    for _ in range(300):
        gain = 10.0 ** rng.uniform(-6, -1) * rng.choice([-1, 1])
        noise = 10.0 ** rng.uniform(-6, -1) * rng.normal(size=5)
        said = gain_sentence({"a": 0.5 + gain + noise, "b": np.full(5, 0.5)}, "a", "b")
        numbers = re.search(r"b: (\S+) points \(95 % interval (\S+) to (\S+)\)", said).groups()
        mean, low, high = map(float, numbers)
        assert low < high and low <= mean <= high and 0 not in (mean, low, high), said
