"""Groups reach the blocks that take them, and no others."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib.base import fit_options
from mmlib.features.block_union import BlockUnion


class Asks(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None, groups=None):
        self.told_ = groups
        return self

    def transform(self, X):
        return X * 2


def test_groups_reach_those_that_take_them():
    X, groups = np.arange(12.0).reshape(6, 2), np.array([0, 0, 1, 1, 2, 2])
    blocks = [("asks", make_pipeline(StandardScaler(), Asks())), ("other", StandardScaler())]
    union = BlockUnion(
        [*blocks, ("none", "drop"), ("all", "passthrough")], transformer_weights={"all": 3}
    )
    made = union.fit_transform(X, None, groups)
    assert (union.transformer_list[0][1][-1].told_ == groups).all()
    np.testing.assert_array_equal(made, union.transform(X))
    np.testing.assert_array_equal(made[:, 4:], 3 * X)
    np.testing.assert_array_equal(made, FeatureUnion(
        union.transformer_list, transformer_weights={"all": 3}).fit_transform(X))  # fmt: skip


def test_without_groups_it_is_that_of_scikit_learn():
    X = np.arange(12.0).reshape(6, 2)
    union = BlockUnion([("asks", Asks()), ("other", StandardScaler())])
    expected = FeatureUnion([("asks", Asks()), ("other", StandardScaler())]).fit_transform(X)
    np.testing.assert_array_equal(union.fit(X).transform(X), expected)
    assert union.transformer_list[0][1].told_ is None


def test_steps_in_the_middle_of_a_pipeline_are_given_groups():
    model = make_pipeline("passthrough", Asks(), StandardScaler())
    assert list(fit_options(model, [1, 2])) == ["asks__groups"]
