"""The answer to "does fusion help here?" follows the numbers, and may be no."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline, make_union

import mmlib
from mmlib.evaluation import interval, p_value, with_baseline
from mmlib.evaluation.comparison import Paired
from mmlib.evaluation.intervals import Judged
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


def test_one_of_several_single_modalities_was_lucky_and_that_is_said(data):
    said = judge(data, spectrum_only=0.6, image_only=0.7, early=0.85).answer
    assert said.endswith(
        " The single modality is the better of 2 and so also the luckier one: the true gain "
        "may be a little larger."
    )
    assert "luckier" not in judge(data, spectrum_only=0.6, early=0.85).answer


def test_what_cannot_be_shown_comes_with_chances(data):
    found = judge(data, spectrum_only=0.7, early=0.705)
    assert "level within 2 points" in found.answer
    assert found.answer.endswith("These 400 samples would show a gain of 2 points.")
    assert sum(found.chances) == pytest.approx(1) and found.chances.level > 0.5
    assert judge(data, spectrum_only=0.6, early=0.85).chances is None
    models = {"spectrum only": Guess(0.7), "early": Guess(0.705)}
    wide = verdict(mmlib.compare(models, data, n_repeats=1), margin=0.05)
    assert "within 5 points" in wide.answer and wide.chances.level > found.chances.level


def test_where_nothing_was_learned_that_comes_first(data):
    found = judge(data, spectrum_only=0.5, early=0.52)  # better in every sample where they differ
    start = "No model is shown to beat guessing. So nothing can be said about fusion. Early is"
    assert found.answer.startswith(start) and found.helps is None and found.chances is None


def test_the_baseline_that_was_chosen_inside_is_held_against_its_like(data):
    shares = {"spectrum only": 0.6, "image only": 0.7, "early": 0.85, "early (forest)": 0.8}
    models = with_baseline({name: Guess(share) for name, share in shares.items()})
    assert list(models) == [*shares, "best single", "best early"]
    found = verdict(mmlib.compare(models, data, n_repeats=1))
    assert (found.baseline, found.fused) == ("best single", "best early")
    assert (found.best_single, found.reference) == ("image only", "early")
    assert "Best early is better than best single" in found.answer and "among" not in found.answer
    assert found.others.startswith("The other fusion, early (forest),")


def test_without_a_choice_there_is_nothing_to_choose_inside(data):
    alone = {"spectrum only": Guess(), "early": Guess()}
    assert list(with_baseline(alone)) == list(alone)
    assert list(with_baseline({"a only": Guess(), "b only": Guess()})) == ["a only", "b only"]
    three = {"a only": Guess(), "b only": Guess(), "early": Guess()}
    assert list(with_baseline(three)) == [*three, "best single"]


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

    metric, chance = "accuracy", 0.5
    data = SimpleNamespace(labels=[0, 1], groups=None)

    def __init__(self, scores):
        self.left_out = lambda name, metric=None: np.r_[scores[name].mean(), scores[name]]
        self.judge = lambda values, names: Judged(values[0], 0.0, 1.0, 0.001, 0.1, 9)
        self.difference = lambda a, b: Judged(0.1, 0.0, 1.0, 0.001, 0.1, 9)
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


@pytest.mark.parametrize(
    "metric, found, said",
    [
        ("accuracy", (0.01, 0.004, 0.016), "(+1 point, 0.4 to 1.6)"),
        ("accuracy", (0.0213, 0.0211, 0.0215), "(+2.13 points, 2.11 to 2.15)"),
        ("accuracy", (0.0213, 0.02129, 0.02131), "(+2.13 points, 2.129 to 2.131)"),
        ("RMSE", (-321.4, -321.9, -320.9), "(-321, -322 to -321)"),
    ],
)
def test_a_gain_in_brackets_agrees_with_itself(metric, found, said):
    fake = Fake({"late": np.ones(10), "early": np.zeros(10)})
    fake.metric, fake.paired = metric, lambda a, b: Paired(*found, 0.001)
    if metric == "RMSE":
        fake.table["mean"] = 1000.0
    others = verdict(fake).others
    assert others == f"Better than early: late {said}."


def test_chances_and_the_interval_beside_them_have_the_same_error():
    """Ten groups in which the models nearly agree: what may come is not known to two points."""
    y = np.arange(300) % 2
    luck = np.full(300, 0.1)
    luck[[0, 31]], luck[3::4] = 0.65, 0.9
    few = mmlib.MultimodalData(
        {"truth": np.column_stack([y, luck])}, y, groups=np.arange(300) // 30
    )
    models = {"spectrum only": Guess(0.6), "early": Guess(0.7)}
    result = mmlib.compare(models, few, n_repeats=2)
    found, pair = verdict(result), result.paired("early", "spectrum only")
    assert pair.low < -0.03 < 0.03 < pair.high and "level within 2 points" in found.answer
    assert found.chances.level < 0.8 and "would show a gain of 2 points" in found.answer
    assert "These 10 groups" not in found.answer


def test_sizes_of_errors_are_written_out():
    rng = np.random.default_rng(0)
    y = 30_000 + 9000 * rng.normal(size=60)
    models = {"spectrum only": Near(6000.0), "early": Near(5900.0)}
    X = {"noise": rng.normal(size=(60, 2)), "truth": y[:, None]}
    said = verdict(mmlib.compare(models, mmlib.MultimodalData(X, y), n_repeats=2)).answer
    assert re.search(r"Worse by more than 1\d\d: ", said) and "e+" not in said


class Near(RegressorMixin, BaseEstimator):
    """A quantity with an error of known size."""

    def __init__(self, error):
        self.error = error

    def fit(self, X, y):
        self.fitted_ = True
        return self

    def predict(self, X):
        return X["truth"][:, 0] + self.error * X["noise"][:, int(self.error < 6000)]


def test_a_gain_is_not_made_smaller_by_choosing_the_baseline_inside():
    """Two modalities know equally much: the winner of a race is lucky, a choice inside is not."""
    gains = {"race": [], "inside": []}
    for seed in range(12):
        rng = np.random.default_rng(seed)
        y = np.arange(40) % 2
        X = {name: rng.normal(size=(40, 5)) + 0.9 * np.eye(5)[0] * y[:, None] for name in "ab"}
        data = mmlib.MultimodalData(X, y)
        linear = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        both = make_pipeline(make_union(mmlib.Select("a"), mmlib.Select("b")), linear)
        models = {f"{name} only": make_pipeline(mmlib.Select(name), linear) for name in "ab"}
        result = mmlib.compare(with_baseline(models | {"early": both}), data, n_repeats=1)
        mean = result.table["mean"]
        true = mean["early"] - mean[["a only", "b only"]].mean()
        gains["race"].append(mean["early"] - mean[["a only", "b only"]].max() - true)
        gains["inside"].append(mean["early"] - mean["best single"] - true)
    assert np.mean(gains["race"]) < -0.02  # by construction never above zero
    assert abs(np.mean(gains["inside"])) < 0.02


def test_with_few_groups_neither_fusion_nor_another_one_is_called_better():
    y = np.arange(40) % 2
    truth = np.column_stack([y, np.random.default_rng(0).random(40)])
    few = mmlib.MultimodalData({"truth": truth}, y, groups=np.arange(40) // 10)
    models = {"spectrum only": Guess(0.2), "early": Guess(0.6), "late": Guess(1.0)}
    found = verdict(mmlib.compare(models, few, n_folds=2, n_repeats=2))
    assert found.helps is None and found.better == [] and found.chances is None
    start = "No gain from fusion can be shown here. Early and spectrum only cannot be told apart "
    assert found.answer.startswith(f"{start}with 4 groups, 6 are needed")
