"""What notebook 18 says in words, checked again over several simulated samples.

Functions of the notebook are read from the lesson.
"""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.features import ColorTexture, object_area, with_features
from mmlib.fusion import SOPLS, explained_variance, held_out_error, saliences, scores_fusion

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "18_blocks.py"
SEEDS = range(101, 106)


@pytest.fixture(scope="module")
def lesson():
    """Functions of the notebook, in a namespace of their own."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {}
    exec(compile(tree, str(LESSON), "exec"), names)
    return names


@pytest.fixture(scope="module")
def samples(lesson):
    made = []
    for seed in SEEDS:
        leaves = mmlib.make_leaves(target="chlorophyll", seed=seed)
        area = object_area(leaves.X["image"], bar=2)
        seen = np.isfinite(area)
        leaves, area = leaves.take(seen), area[seen]
        measures = ColorTexture().fit_transform(leaves.X.pop("image"))
        leaves.X["spectrum"] = lesson["absorbance"](leaves.X["spectrum"])
        leaves.X["color"] = measures[:, :15]
        leaves.X["size"] = np.log(area)[:, None]
        leaves.X["picture"] = np.column_stack([measures, np.log(area)])
        leaves.y = np.log(leaves.y)
        made.append(leaves)
    return made


@pytest.fixture(scope="module")
def explained(lesson, samples):
    """Model -> explained variance in new plants, one for each sample."""
    orders = [("spectrum",), ("color",), ("size",), ("picture",), ("spectrum", "color"),
              ("spectrum", "size"), ("spectrum", "picture"), ("picture", "spectrum")]  # fmt: skip
    models = {" > ".join(order): lesson["sequence"](*order) for order in orders}
    pair = {name: StandardScaler() for name in ("spectrum", "picture")}
    models |= lesson["rivals"](pair, "regression", RidgeCV(np.logspace(-5, 3, 17)))
    tables = [mmlib.compare(models, leaves, n_folds=4, n_repeats=1).table for leaves in samples]
    return pd.DataFrame([table["R2"] for table in tables])


def test_the_color_tells_much_alone_and_adds_nothing_the_size_the_other_way_round(explained):
    color = explained["spectrum > color"] - explained["spectrum"]
    size = explained["spectrum > size"] - explained["spectrum"]
    assert (explained["color"] > 2.5 * explained["size"]).all()
    assert color.mean() < 0.01 and color.max() < 0.02
    assert size.min() > 0.04 and (size > 5 * color).all()
    assert abs(size.mean() / explained["size"].mean() - 1) < 0.35


def test_the_spectrum_alone_is_at_its_ceiling(explained, samples):
    known = [np.corrcoef(np.log(leaves.info["chlorophyll"]), leaves.y)[0, 1] ** 2
             for leaves in samples]  # fmt: skip
    assert ((explained["spectrum"] - known).abs() < 0.05).all()


def test_the_order_decides_who_explains_and_hardly_how_much(explained):
    ends = explained[["spectrum > picture", "picture > spectrum"]]
    assert ((ends.max(axis=1) - ends.min(axis=1)) < 0.03).all()
    assert (explained["picture"] > 0.7).all()
    assert (ends.max(axis=1) - explained["picture"] < 0.3).all()
    assert (ends.max(axis=1) - explained["spectrum"] < 0.17).all()
    shared = explained["spectrum"] + explained["picture"] - ends.mean(axis=1)
    assert (shared > 0.6).all()


def test_all_that_look_at_the_target_are_level_and_comdim_is_behind(explained):
    level = explained[["SO-PLS", "ROSA", "MB-PLS", "early"]]
    assert (level.max(axis=1) - level.min(axis=1) < 0.03).all()
    assert (level.min(axis=1) - explained["ComDim"] > 0.05).all()


def test_what_scores_and_saliences_are_said_to_be(lesson, samples):
    for leaves in samples:
        train, _ = leaves.split(seed=0)
        model = lesson["sequence"]("spectrum", "picture")
        model.fit(train.X, train.y, scores__groups=train.groups)
        errors = held_out_error(model)
        single = (errors.index.get_level_values(0) == 0) | (errors.index.get_level_values(1) == 0)
        assert errors[single].min() > 1.5 * errors.min()
        table = explained_variance(model)
        assert table["target"].iloc[0] == table["target"].max() > 0.5
        assert table["spectrum"].iloc[0] < 0.5
        T = model[:-1].transform(train.X)
        np.testing.assert_allclose(np.corrcoef(T.T), np.eye(T.shape[1]), atol=1e-6)
        truth = np.column_stack([np.log(train.info[n]) for n in ("chlorophyll", "area")])
        find = np.abs(np.corrcoef(T.T, truth.T)[: T.shape[1], T.shape[1] :])
        picture = list(model["scores"].sources_).index("picture")
        # "Mostly" is more than half of the variance.
        assert find[0, 0] ** 2 > 0.5 and find[0, 1] < 0.2
        assert find[picture, 1] > 0.6 and find[picture, 1] > 2 * find[picture, 0]
        pair = {name: StandardScaler() for name in ("spectrum", "picture")}
        common = lesson["rivals"](pair, "regression", None)["ComDim"]
        common.fit(train.X, train.y, scores__groups=train.groups)
        told = explained_variance(common)["target"].to_numpy()
        bars = saliences(common)
        assert told[0] < 0.1 and told.argmax() > 0
        assert bars.iloc[told.argmax()].min() > 0.03  # both blocks vary along it
        assert bars.iloc[0].min() < 0.03  # the largest belongs to one of them


def test_classes_tell_the_same_and_no_ceiling_is_passed(lesson):
    found = []
    for seed in SEEDS:
        plants = with_features(mmlib.make_leaves(seed=seed))
        plants.X["spectrum"] = lesson["absorbance"](plants.X["spectrum"])
        pair = {name: StandardScaler() for name in ("spectrum", "image")}
        plain = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        result = mmlib.compare(lesson["rivals"](pair, "classification", plain), plants, 4, 1)
        assert result.above_ceiling() == []
        found.append(result.table["mean"])
    mean = pd.DataFrame(found).mean()
    level = mean[["SO-PLS", "ROSA", "MB-PLS", "early"]]
    assert level.max() - level.min() < 0.025
    assert level.min() - mean["ComDim"] > 0.03


def test_noise_explains_what_is_left_in_training_and_nothing_in_new_plants(samples):
    gained = []
    for seed, leaves in enumerate(samples):
        few = leaves.take(leaves.groups < 24)
        few.X["broken"] = np.random.default_rng(seed).normal(size=(len(few), 200))
        steps = {name: StandardScaler() for name in ("spectrum", "broken")}
        models = {
            n: scores_fusion(SOPLS({"spectrum": 6, "broken": k}), blocks=steps, task="regression")
            for n, k in {"with": 3, "without": 0}.items()
        }
        fitted = models["with"].fit(few.X, few.y)
        parts = explained_variance(fitted)["target"].groupby(level="block").sum()
        assert parts["broken"] > 0.8 * (1 - parts["spectrum"])
        judged = mmlib.compare(models, few, n_folds=4, n_repeats=1).table["R2"]
        gained.append(judged["with"] - judged["without"])
    assert max(gained) < 0.02 and np.mean(gained) < -0.02
