"""A mapping of modalities that counts and cuts samples, checked where data come in."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples, Select, check_samples
from mmlib.data.splits import hold_out
from mmlib.evaluation.applicability import ApplicabilityDomain
from mmlib.evaluation.conformal import ConformalRegressor, conformal_radius
from mmlib.fusion import RegularizedCCA, SemanticAlignment, late_fusion
from mmlib.fusion.embedding import ContrastiveEmbedding
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.fusion.graph import GraphClassifier
from mmlib.fusion.missing import Fill
from mmlib.fusion.neighbors import neighbor_graph

X = {"a": [[1.0], [2.0], [3.0]], "b": np.ones((3, 2))}


def test_what_comes_in_is_coerced_once():
    samples, y, groups = check_samples(X, [0, 1, 0])
    assert len(samples) == 3 and list(samples) == ["a", "b"] and groups is None
    assert isinstance(samples["a"], np.ndarray) and y.tolist() == [0, 1, 0]
    assert len(samples[np.array([True, False, True])]) == 2
    assert list(check_samples({})[0]) == []


def test_modalities_that_are_not_wanted_are_not_looked_at():
    odd = X | {"c": np.ones(7), "d": [[1], [2, 3]]}
    assert list(check_samples(odd, modalities=["b", "a"])[0]) == ["b", "a"]
    assert list(check_samples(odd, [0, 1, 0], modalities="b")[0]) == ["b"]
    with pytest.raises(DataError, match="X has no modality 'e': it has a, b, c, d"):
        check_samples(odd, modalities=["a", "e"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((X | {"b": 3.0},), "b is a single value: give it one row for every sample"),
        ((X, 1), "y is a single value"),
        ((X | {"b": [[1], [2, 3], [4]]},), "rows of b differ in length: bring all samples to one"),
    ],
)
def test_what_has_no_rows_is_named(given, said):
    with pytest.raises(DataError, match=said):
        check_samples(*given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((X | {"b": np.ones((4, 2))},), "a has 3 rows, b has 4 rows;"),
        ((X, [0, 1]), "a has 3 rows, b has 3 rows, y has 2 rows;"),
        ((X, [0, 1, 0], [5, 5]), "b has 3 rows, y has 3 rows, groups has 2 rows;"),
    ],
)
def test_who_has_how_many_rows_is_said(given, said):
    with pytest.raises(DataError, match=said):
        check_samples(*given)


def test_what_is_no_mapping_is_named():
    for wrong in (np.ones((3, 2)), [1, 2]):
        with pytest.raises(DataError, match=f"X is a {type(wrong).__name__}"):
            check_samples(wrong)


@pytest.mark.parametrize(
    "given, got",
    [("float32", "float64"), ("float64", "float64"), ("uint8", "uint8"), ("<U1", "<U1")],
)
def test_numbers_with_a_point_leave_in_double_precision(given, got):
    x = np.ones((3, 2)).astype(given)
    picked = Select("a").fit_transform({"a": x})
    assert picked.dtype == got and (picked == x).all()


def test_a_row_alone_is_refused_with_the_way_to_ask():
    with pytest.raises(TypeError, match=r"X\[1 : 2\]"):
        Samples(a=np.ones(3))[1]


@pytest.mark.parametrize(
    "use",
    [
        lambda X, y: mmlib.MultimodalData(X, y, groups=[1, 2]),
        lambda X, y: late_fusion(models={"a": Fill()}).fit(X, y, groups=[1, 2]),
        lambda X, y: WithFallbacks(Fill(), {}).fit(X, y, groups=[1, 2]),
        lambda X, y: SemanticAlignment({0: [0], 1: [1]}).fit(X, [*y, 1]),
        lambda X, y: RegularizedCCA().fit(X | {"b": np.ones((4, 2))}),
        lambda X, y: Fill().fit(X | {"b": np.ones((4, 2))}),
        lambda X, y: Fill().fit(X).transform(X | {"b": np.ones((4, 2))}),
        lambda X, y: mmlib.FusionClassifier().fit(X, [*y, 1]),
        lambda X, y: mmlib.FusionRegressor().fit(X, y, groups=[1, 2]),
        lambda X, y: ContrastiveEmbedding().fit(X | {"b": np.ones((4, 2))}),
        lambda X, y: GraphClassifier().fit(X, y, groups=[1, 2]),
        lambda X, y: neighbor_graph(X, groups=[1, 2]),
        lambda X, y: ConformalRegressor(Fill()).fit(X, y, groups=[1, 2]),
        lambda X, y: conformal_radius(y, groups=[1, 2]),
        lambda X, y: ApplicabilityDomain().fit(X, groups=[1, 2]),
        lambda X, y: hold_out(np.array(y), [1, 2], 0.5, np.random.default_rng(0)),
    ],
)
def test_everybody_says_it_in_the_same_sentence(use):
    with pytest.raises(DataError, match="Numbers of samples differ, so that rows cannot be paired"):
        use({"a": np.array(X["a"]), "b": X["b"]}, [0, 1, 0])
