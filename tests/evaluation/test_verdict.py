"""The answer to "does fusion help here?" follows the numbers, and may be no."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

import mmlib
from mmlib.evaluation import interval, p_value
from mmlib.evaluation.comparison import Paired
from mmlib.evaluation.verdict import verdict
from mmlib.fusion.roles import presets_of


class Guess(ClassifierMixin, BaseEstimator):
    """Right for a known share of the samples, chosen by their first number."""

    def __init__(self, share=0.5):
        self.share = share

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        label, luck = X["truth"][:, 0], X["truth"][:, 1]
        return np.where(luck < self.share, label, 1 - label).astype(int)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    y = np.arange(400) % 2
    truth = np.column_stack([y, rng.random(400)])
    return mmlib.MultimodalData({"truth": truth}, y)


def judge(data, **shares):
    models = {name.replace("_", " "): Guess(share) for name, share in shares.items()}
    return verdict(mmlib.compare(models, data, n_repeats=3))


def test_a_clear_gain_is_a_yes(data):
    found = judge(data, spectrum_only=0.6, image_only=0.7, early=0.85)
    assert found.helps is True and found.best_single == "image only"
    assert found.answer.startswith("Yes, fusion helps here. Early is better than image only")


def test_a_loss_is_a_no(data):
    found = judge(data, spectrum_only=0.8, image_only=0.6, early=0.65)
    assert found.helps is False
    assert "Spectrum only is better than early" in found.answer


def test_no_difference_is_neither(data):
    found = judge(data, spectrum_only=0.7, image_only=0.6, early=0.705)
    assert found.helps is None
    assert found.answer.startswith("No gain from fusion can be shown here.")


def test_other_fusions_are_held_against_early(data):
    found = judge(data, spectrum_only=0.6, early=0.7, late=0.701, graph=0.9, tensor=0.5)
    assert found.better == ["graph"]
    assert "graph (+" in found.others and "corrected for 3 tries" in found.others
    found = judge(data, spectrum_only=0.6, early=0.7, late=0.701, tensor=0.5)
    assert found.others.startswith("None of the 2 other fusions")
    found = judge(data, spectrum_only=0.6, early=0.7, late=0.6)
    assert found.others.startswith("The other fusion, late, cannot be shown to be better")


def test_models_that_answer_alike_are_said_to(data):
    found = judge(data, spectrum_only=1.0, early=1.0)
    assert found.helps is None
    assert found.answer.endswith("Early and spectrum only have the same accuracy in all 15 folds.")


def test_fusion_is_held_against_a_single_model_of_its_own_kind(data):
    shares = {"spectrum only": 0.6, "spectrum only (forest)": 0.7, "early": 0.65}
    models = {name: Guess(share) for name, share in {**shares, "early (forest)": 0.85}.items()}
    found = verdict(mmlib.compare(models, data, n_repeats=3))
    assert (found.best_single, found.reference) == ("spectrum only (forest)", "early (forest)")
    assert found.helps is True and found.better == []
    del models["early (forest)"]
    found = verdict(mmlib.compare(models, data, n_repeats=3))
    assert found.reference == "early" and found.helps is not True


def test_without_a_single_modality_nothing_can_be_said(data):
    with pytest.raises(mmlib.DataError, match="No single modality is among early, late"):
        judge(data, early=0.6, late=0.7)


def test_many_equal_models_seldom_bring_a_winner(data):
    """Nine models that are as good as early: without correction one of them often wins."""
    wins = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        scores = {f"m{k}": rng.normal(size=10) for k in range(9)} | {"early": rng.normal(size=10)}
        found = verdict(Fake(scores))
        wins += bool(found.better)
    assert wins <= 6  # 2 expected


@pytest.mark.parametrize(
    "p, better",
    [
        ([0.01, 0.02, 0.2], ["m0", "m1"]),  # 3 x 0.01, then 2 x 0.02
        ([0.02, 0.01, 0.2], ["m1", "m0"]),
        ([0.01, 0.02, 0.2, 0.3], ["m0"]),  # 3 x 0.02 is too much
        ([0.02, 0.02, 0.02], []),  # 3 x 0.02: nothing after the first is looked at
    ],
)
def test_p_is_multiplied_by_how_many_are_left(p, better):
    fake = Fake({f"m{k}": np.ones(10) for k in range(len(p))} | {"early": np.zeros(10)})
    values = {f"m{k}": value for k, value in enumerate(p)} | {"early": 0.001}
    fake.paired = lambda a, b: Paired(1.0, 0.5, 1.5, values[a])
    assert verdict(fake).better == better


class Fake:
    """Scores of folds, without models behind them."""

    metric = "accuracy"

    def __init__(self, scores):
        scores = scores | {"spectrum only": scores["early"] - 1}
        self.models, self.presets = list(scores), presets_of(scores)
        self.table = pd.DataFrame({"mean": {name: x.mean() for name, x in scores.items()}})
        sizes = 80, 20
        self.paired = lambda a, b: Paired(
            *interval(scores[a] - scores[b], *sizes), p_value(scores[a] - scores[b], *sizes)
        )
        self.sentence = lambda a, b, decimals=0: f"{a} against {b}"


def test_large_gains_are_written_out():
    fake = Fake({"late": np.full(10, 3000.0), "early": np.zeros(10)})
    fake.metric = "RMSE"
    fake.paired = lambda a, b: Paired(-1234.5, -2000.0, -0.12345, 0.001)
    assert "late (-1234, -2000 to -0.12)" in verdict(fake).others
