"""What a spectrum is, what varies, and fits that are whole or not at all."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.base import all_or_nothing, fit_options, is_spectrum, varies
from mmlib.data.corruptions import default_corruptions
from mmlib.features import SpectrumBlock, default_block, token_blocks
from mmlib.fusion.late import LateFusionRegressor


@pytest.mark.parametrize("bands", [49, 50])
def test_everybody_calls_the_same_rows_a_spectrum(bands):
    """Blocks, tokens and corruptions agree: from fifty columns on."""
    x = np.random.default_rng(0).normal(size=(20, bands))
    data = mmlib.MultimodalData({"x": x}, y=np.arange(20) % 2)
    spectrum = bands >= 50
    assert is_spectrum(x) is is_spectrum((bands,)) is spectrum
    assert isinstance(default_block((bands,))[0], SpectrumBlock) is spectrum
    assert (token_blocks(data).fit_transform(data.X)["x"].shape[1] > 1) is spectrum
    assert bool(default_corruptions(data)) is spectrum


def test_pictures_and_single_numbers_are_no_spectra():
    assert not is_spectrum(np.zeros((2, 60, 60, 3))) and not is_spectrum(np.zeros(60))


def test_what_differs_by_rounding_only_does_not_vary():
    rng = np.random.default_rng(0)
    alike = np.float32(0.1) * np.ones((300, 1), np.float32)
    rounded = 1e6 + 0.03 * rng.normal(size=(300, 1))
    small = 1e-9 * rng.normal(size=(300, 1))
    table = np.hstack([alike, rounded, small, np.zeros((300, 1))])
    assert varies(table).tolist() == [False, False, True, False]
    pictures = np.zeros((4, 5, 5, 3), np.uint8)
    pictures[1, 2, 3, 1] = 7
    assert varies(pictures).tolist() == [False, True, False]


def test_groups_are_handed_on_to_whoever_takes_them():
    groups, late = np.arange(6), LateFusionRegressor({})
    search = GridSearchCV(Ridge(), {"alpha": [1]}, cv=GroupKFold(2))
    assert fit_options(Ridge(), groups) == {} == fit_options(late, None)
    assert fit_options(search, groups) == {"groups": groups}
    assert list(fit_options(make_pipeline(late), groups)) == ["latefusionregressor__groups"]
    assert fit_options(TransformedTargetRegressor(late), groups) == {"groups": groups}


def test_a_fit_that_is_broken_off_changes_nothing():
    class Fragile(BaseEstimator):
        def fit(self, X, y=None):
            with all_or_nothing(self):
                self.seen_ = len(X)
                if X[0] < 0:
                    self.extra_ = 1
                    raise KeyboardInterrupt
            return self

    model = Fragile().fit([1, 2, 3])
    with pytest.raises(KeyboardInterrupt):
        model.fit([-1])
    assert model.seen_ == 3 and not hasattr(model, "extra_")
