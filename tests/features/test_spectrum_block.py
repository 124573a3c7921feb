"""What is done with a spectrum is chosen inside the training part, and the choice is said."""

from time import process_time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.features import PLS, ChosenPretreatment, SpectrumBlock, default_block, spectrum_choice
from mmlib.fusion import on_features
from mmlib.fusion.early import early_fusion
from mmlib.fusion.late import late_fusion

BANDS = np.linspace(0, 1, 100)


def peak(where, width=0.05):
    return np.exp(-0.5 * ((BANDS - where) / width) ** 2)


def scattered(n, seed):
    """A small peak says the quantity; gain and offset of each spectrum are far larger."""
    rng = np.random.default_rng(seed)
    amount = rng.uniform(size=n)
    pure = 1 + peak(0.3, 0.2) + 0.1 * amount[:, None] * peak(0.7)
    X = rng.uniform(0.5, 2, (n, 1)) * pure + rng.uniform(-0.4, 0.4, (n, 1))
    return X + 0.002 * rng.standard_normal(X.shape), amount


def proportional(n, seed):
    """The whole spectrum grows with the quantity: SNV takes out just that."""
    rng = np.random.default_rng(seed)
    amount = rng.uniform(0.5, 1.5, n)
    return amount[:, None] * peak(0.5, 0.1) + 0.02 * rng.standard_normal((n, 100)), amount


@pytest.mark.parametrize("kind", [SpectrumBlock, ChosenPretreatment])
@pytest.mark.parametrize("classes", [False, True])
def test_a_signal_that_scatter_correction_would_remove_is_kept(kind, classes):
    X, y = proportional(60, seed=0)
    block = kind().fit(X, (y > 1).astype(int) if classes else y)
    assert "SNV" not in block.pretreatment_ and "MSC" not in block.pretreatment_


def test_scatter_is_removed_where_that_helps():
    X, y = scattered(80, seed=0)
    new, truth = scattered(200, seed=1)
    block = ChosenPretreatment()
    chosen = make_pipeline(block, PLS()).fit(X, y).score(new, truth)
    assert block.fit(X, y).pretreatment_ != "no pretreatment"
    assert chosen > PLS().fit(X, y).score(new, truth) and chosen > 0.9


def test_the_choice_is_a_sentence():
    X, y = scattered(40, seed=0)
    groups = np.arange(40) // 4
    assert "on samples held out." in SpectrumBlock().fit(X, y).choice_
    block = SpectrumBlock().fit(X, y, groups)
    assert block.choice_.startswith(f"{block.pretreatment_}, ") and "on groups" in block.choice_
    assert f"{block.n_components_} components: the simplest of" in block.choice_


@pytest.mark.parametrize(
    ("n", "y", "groups", "why"),
    [
        (8, lambda n: np.arange(n) * 1.0, None, "fewer than 12 samples"),
        (30, lambda n: None, None, "no labels"),
        (30, lambda n: np.zeros(n, int), None, "only one class"),
        (30, lambda n: np.zeros(n), None, "quantity is constant"),
        (30, lambda n: np.arange(n) * 1.0, 4, "fewer than 5 groups"),
    ],
)
def test_where_nothing_can_be_chosen_the_usual_is_done_and_said(n, y, groups, why):
    X, _ = scattered(n, seed=0)
    groups = None if groups is None else np.arange(n) % groups
    block = SpectrumBlock().fit(X, y(n), groups)
    assert why in block.choice_ and block.choice_.startswith("SNV, centered, 15 components")
    assert block.transform(X).shape == (n, min(15, n - 1))


def test_flat_spectra_negative_values_and_constant_bands_do_no_harm():
    X, y = scattered(40, seed=0)
    X -= 1
    X[:, 20:40], X[3] = 0.25, 0.25
    for target in (y, y > 0.5):
        assert np.isfinite(SpectrumBlock().fit(X, target).transform(X)).all()


def test_labels_of_noise_stay_at_chance():
    X, _ = scattered(120, seed=0)
    y = np.random.default_rng(1).integers(2, size=120)
    model = make_pipeline(SpectrumBlock(), LinearDiscriminantAnalysis())
    assert abs(cross_val_score(model, X, y, cv=4).mean() - 0.5) < 0.14  # three standard errors


def test_the_choice_does_not_hang_on_last_digits_nor_on_the_unit():
    X, y = scattered(50, seed=2)
    said = SpectrumBlock().fit(X, y).choice_
    wobble = 1 + 1e-14 * np.random.default_rng(0).standard_normal(X.shape)
    assert SpectrumBlock().fit(X * wobble, y).choice_ == said
    assert SpectrumBlock().fit(64 * X, 1000 * y).choice_ == said


def test_it_is_a_citizen_of_scikit_learn(tmp_path):
    X, y = scattered(40, seed=0)
    X = X - X.min() + 0.1  # log(1/R) is among the candidates
    block = clone(SpectrumBlock(random_state=3)).fit(X, y)
    assert len(block.get_feature_names_out()) == block.transform(X).shape[1]
    model = make_pipeline(ChosenPretreatment(), SpectrumBlock(), LinearRegression()).fit(X, y)
    again = mmlib.load(mmlib.save(model, tmp_path / "model"))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


def test_a_thousand_spectra_take_about_a_second():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(1000, 200)).cumsum(1), rng.integers(5, size=1000)
    start = process_time()
    SpectrumBlock().fit(X, y)
    assert process_time() - start < 3  # 0.3 s measured; slow machines count too


def test_it_is_the_default_for_spectra_and_a_number_that_is_given_is_kept():
    def kinds(*args):
        return [type(step).__name__ for step in default_block(*args)]

    assert kinds((50,)) == ["SpectrumBlock"]
    assert kinds((50,), 7)[-1] == "Compress"
    for other in [(49,), (48, 48, 3), (9, 9, 4)]:
        assert "SpectrumBlock" not in kinds(other)


@pytest.mark.parametrize("make", [early_fusion, late_fusion, on_features])
def test_groups_reach_the_block_in_every_fusion(make, monkeypatch):
    seen = []
    fit = SpectrumBlock.fit

    def spy(self, X, y=None, groups=None):
        seen.append((len(X), y is not None, groups is not None and len(groups)))
        return fit(self, X, y, groups)

    monkeypatch.setattr(SpectrumBlock, "fit", spy)
    leaves = mmlib.make_leaves(n_plants=20, leaves_per_plant=2)
    options = {"epochs": 1} if make is on_features else {}
    mmlib.compare({"model": make(leaves, **options)}, leaves, n_folds=2, n_repeats=1)
    assert seen and all(labels and n == told for n, labels, told in seen)


@pytest.mark.parametrize("most", [7, 10, 20])
def test_it_takes_no_more_components_than_it_may(most):
    X, y = scattered(60, seed=1)
    assert SpectrumBlock(most).fit(X - X.min() + 0.1, y).transform(X).shape[1] <= most
    assert SpectrumBlock(most).fit(X).transform(X).shape[1] <= most  # without labels, too


def counted(monkeypatch):
    """A list that grows whenever errors of held-out groups are worked out."""
    asked, work_out = [], spectrum_choice.held_out_errors

    def count(X, *rest):
        asked.append(len(X))
        return work_out(X, *rest)

    monkeypatch.setattr(spectrum_choice, "held_out_errors", count)
    return asked


@pytest.mark.parametrize("target", ["quantity", "classes"])
def test_what_another_model_was_told_is_what_would_be_worked_out(target, monkeypatch):
    X, y = scattered(50, seed=20)
    X, y, groups = X - X.min() + 0.1, y if target == "quantity" else y > 0.5, np.arange(50) // 2
    asked = counted(monkeypatch)
    SpectrumBlock(random_state=20).fit(X, y, groups)
    n_settings = len(asked)
    told = SpectrumBlock(20, random_state=20).fit(X, y, groups)
    assert len(asked) == n_settings > 0
    monkeypatch.setattr(spectrum_choice, "_tried", spectrum_choice._tried.__wrapped__)
    alone = SpectrumBlock(20, random_state=20).fit(X, y, groups)
    assert len(asked) == 2 * n_settings
    assert told.choice_ == alone.choice_
    np.testing.assert_array_equal(told.transform(X), alone.transform(X))


def test_other_labels_groups_and_folds_are_worked_out_anew(monkeypatch):
    X, y = scattered(50, seed=21)
    asked = counted(monkeypatch)
    SpectrumBlock().fit(X, y)
    each = len(asked)
    SpectrumBlock().fit(X, y[::-1])
    SpectrumBlock().fit(X, y, np.arange(50) // 2)
    SpectrumBlock(random_state=1).fit(X, y)
    ChosenPretreatment().fit(X, y)
    assert len(asked) == 5 * each


def test_a_comparison_works_it_out_once_in_each_training_part(monkeypatch):
    asked = counted(monkeypatch)
    leaves = mmlib.make_leaves(n_plants=20, leaves_per_plant=2, seed=22)
    models = {"early": early_fusion(leaves), "net": on_features(leaves, epochs=1)}
    mmlib.compare(models, leaves, n_folds=2, n_repeats=1)
    both = len(asked)
    mmlib.compare({"early": early_fusion(leaves, random_state=1)}, leaves, n_folds=2, n_repeats=1)
    assert len(asked) == 2 * both  # another seed of the inner folds: by itself as many as two
