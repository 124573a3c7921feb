"""Names that users give are shown letter by letter: a dollar sign begins no formula."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import mmlib
from mmlib import plots
from mmlib.project.page import figure

NAMES = ["$x^{$", "5$ to 10$", r"\frac{1}{$", "$$", r"a\$b$"]


def data():
    pictures = np.random.default_rng(0).integers(0, 256, (10, 4, 4, 3)).astype(np.uint8)
    bands = np.random.default_rng(1).random((10, 6))
    parts, axes = {"spectrum": bands, "image": pictures}, {"spectrum": np.arange(6)}
    return mmlib.MultimodalData(parts, y=NAMES * 2, axes=axes, units={"spectrum": "$u$"})


def table():
    return pd.DataFrame({"model": NAMES, "mean": 0.5, "low": 0.4, "high": 0.6})


def confidence():
    rows = pd.DataFrame({"confidence": [0.5, 0.9], "accuracy": [0.4, 0.8], "samples": [3, 4]})
    return dict.fromkeys(NAMES, rows)


DRAWN = {
    "spectra": lambda: plots.plot_spectra(data(), quantity="$q^{$"),
    "images": lambda: plots.plot_images(data(), n=1),
    "scores": lambda: plots.plot_scores(table(), {"$a$": 0.9}, 0.2, metric="$RMSE^{$"),
    "confusion": lambda: plots.plot_confusion(np.eye(5, dtype=int), NAMES),
    "reliability": lambda: plots.plot_reliability(confidence()),
    "predicted": lambda: plots.plot_predicted([1.0, 2, 3], [1.0, 2, 4], "$q^{$ (5$)"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_from_data_is_taken_for_a_formula(name):
    fig, said = DRAWN[name]()
    assert said
    figure(fig, said)  # is drawn without an error
    shown = [label for label in fig.findobj(Text) if "$" in label.get_text()]
    assert shown and not any(label._preprocess_math(label.get_text())[1] for label in shown)
    drawn = {label._preprocess_math(label.get_text())[0] for label in shown}
    if name in ("confusion", "scores", "spectra", "reliability"):
        assert set(NAMES) <= drawn
