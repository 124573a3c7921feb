"""Each mistake really hurts, over several seeds; the fair way tells the truth."""

import numpy as np
import pytest

import mmlib
from mmlib.course import mistakes
from mmlib.course.failing import error_of

SEEDS = range(6)


def test_selection_before_the_split_finds_structure_in_noise():
    claims = [mistakes.select_before_split(random_state=s) for s in SEEDS]
    assert all(c.reported > 0.45 for c in claims)
    assert abs(np.mean([c.fair for c in claims]) - 0.25) < 0.06


def test_scaling_before_the_split_is_nearly_harmless():
    claim = mistakes.repeat(mistakes.scale_before_split)
    assert abs(claim.reported - claim.fair) < 0.02
    assert abs(claim.fair - 0.25) < 0.05


def test_a_forest_is_perfect_on_what_it_was_trained_on():
    claims = [mistakes.score_on_training_samples(random_state=s) for s in SEEDS]
    assert all(c.reported > 0.97 and c.fair < 0.5 for c in claims)
    assert abs(mistakes.repeat(mistakes.score_on_training_samples).fair - 0.25) < 0.035


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_scaler_of_pixels_ruins_spectra(seed):
    claim = mistakes.borrow_scaler(mmlib.make_leaves(n_plants=120, seed=seed))
    assert claim.fair - claim.reported > 0.15


def test_the_best_of_many_on_the_test_set_is_luck():
    claim = mistakes.repeat(mistakes.choose_on_test_samples, times=50)
    assert claim.reported > 0.38
    assert abs(claim.fair - 0.25) < 0.03


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_siblings_on_both_sides_lift_the_score(seed):
    from sklearn.decomposition import PCA
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(
        mmlib.Select("spectrum"),
        StandardScaler(),
        PCA(30, whiten=True, random_state=0),
        KNeighborsClassifier(1),
    )
    claim = mistakes.split_at_random(model, mmlib.make_leaves(seed=seed))
    assert claim.reported - claim.fair > 0.05


def test_a_report_about_other_samples_is_noticed():
    y = [0, 0, 1, 1, 1]
    assert mistakes.fits([[1, 1], [0, 3]], y)
    assert not mistakes.fits([[3, 0], [1, 1]], y)
    assert not mistakes.fits([[5]], y)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_leak_can_lift_a_score_above_its_ceiling(seed):
    from sklearn.decomposition import PCA
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    whiten = PCA(30, whiten=True, random_state=0)
    trees = ExtraTreesClassifier(100, random_state=0)
    model = make_pipeline(mmlib.Select("spectrum"), StandardScaler(), whiten, trees)
    data = mmlib.make_leaves(seed=seed)
    torn = data.take(np.arange(len(data)))
    torn.groups = None
    for leaves, alarm in ((torn, ["spectrum only"]), (data, [])):
        result = mmlib.compare({"spectrum only": model}, leaves, n_repeats=2)
        assert result.above_ceiling() == alarm


def test_an_error_that_shall_be_shown_is_returned_as_text():
    assert error_of(np.dot, np.ones(2), np.ones(3)).startswith("shapes (2,) and (3,)")
    with pytest.raises(AssertionError, match="did not fail"):
        error_of(np.dot, np.ones(2), np.ones(2))
