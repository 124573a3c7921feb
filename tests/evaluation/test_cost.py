"""Accuracy against cost: prices added up, the cascade judged on the folds of the comparison."""

from functools import partial

import numpy as np
import pytest
from sklearn.base import clone

import mmlib
from mmlib import DataError
from mmlib.data.splits import group_folds
from mmlib.evaluation.cost import NAME, Prices, weigh_costs
from mmlib.fusion.cascade import CascadeClassifier
from mmlib.fusion.early import early_fusion

PRICES = Prices({"image": 0.5, "spectrum": 12.0}, "EUR")


@pytest.fixture(scope="module")
def setting():
    leaves = mmlib.make_leaves(n_plants=40, leaves_per_plant=3, seed=2)
    leaves.X["image"] = leaves.X["image"][:, ::3, ::3]
    models = {f"{name} only": early_fusion(leaves, modalities=[name]) for name in leaves.X}
    models["early"] = early_fusion(leaves)
    judge = partial(mmlib.compare, data=leaves, random_state=3)
    result = judge(models, n_folds=3, n_repeats=1)
    return leaves, models, judge, result, weigh_costs(result, PRICES, models, judge, 3)


def test_the_cascade_is_what_each_training_part_makes_of_it(setting):
    leaves, models, _, result, costs = setting
    said, asked = np.empty_like(leaves.y), []
    for train, test in group_folds(leaves, 3, 1, random_state=3):
        train, test = leaves.take(train), (leaves.take(test), test)
        own = CascadeClassifier(models["image only"], models["early"], random_state=3)
        own = clone(own).fit(train.X, train.y, groups=train.groups)
        said[test[1]] = own.predict(test[0].X)
        asked += own.unsure({"image": test[0].X["image"]}).tolist()
    row = costs.table.loc[NAME]
    assert row["score"] == pytest.approx((said == leaves.y).mean())
    assert row["measured"] == pytest.approx(100 * np.mean(asked))
    assert row["price"] == pytest.approx(0.5 + 12 * np.mean(asked))
    text = costs.said[-1]
    assert f"{100 * np.mean(asked):.0f} % of the samples need all" in text
    assert f"{row['score']:.3f} instead of {result.table.loc['early', 'mean']:.3f}" in text


def test_prices_add_up_and_the_best_for_its_price_is_marked(setting):
    *_, result, costs = setting
    table = costs.table
    assert table["price"].drop(NAME).to_dict() == {
        "image only": 0.5, "spectrum only": 12.0, "early": 12.5,
    }  # fmt: skip
    assert table["price"].is_monotonic_increasing
    for _, row in table.iterrows():
        as_cheap = table[table["price"] <= row["price"]]
        assert row["best for its price"] == (row["score"] >= as_cheap["score"].max() - 1e-9)
    for name in result.models:
        assert table.loc[name, "score"] == result.table.loc[name, "mean"]


def test_the_curve_runs_from_the_first_model_to_the_second(setting):
    *_, result, costs = setting
    curve = costs.curve
    ends = curve.iloc[[0, -1]].to_numpy()
    mean = result.table["mean"]
    assert ends == pytest.approx(np.array([[0.5, mean["image only"]], [12.5, mean["early"]]]))
    _, said = costs.plot()
    for name in ("image only", "spectrum only", "early", NAME):
        assert f"{name} {costs.table.loc[name, 'score']:.2f} at" in said
    assert "(EUR)" in said


def test_the_cheaper_modality_comes_first_whichever_it_is(setting):
    _, models, judge, result, _ = setting
    turned = Prices({"image": 9, "spectrum": 2})
    costs = weigh_costs(result, turned, models, judge, 3)
    assert "every sample is measured by spectrum" in costs.said[-1]


def test_prices_that_are_none_are_refused(setting):
    result = setting[3]
    with pytest.raises(DataError, match="no price for 'spectrum'"):
        weigh_costs(result, Prices({"image": 1}))
    for odd in (-1, np.inf, np.nan):
        with pytest.raises(DataError, match="must be 0 or more"):
            weigh_costs(result, Prices({"image": odd, "spectrum": 1}))


def test_of_a_quantity_there_are_prices_and_no_cascade():
    leaves = mmlib.make_leaves(n_plants=20, leaves_per_plant=2, target="chlorophyll")
    models = {"spectrum only": early_fusion(leaves, modalities=["spectrum"]),
              "early": early_fusion(leaves)}  # fmt: skip
    judge = partial(mmlib.compare, data=leaves)
    result = judge(models, n_folds=2, n_repeats=1)
    costs = weigh_costs(result, PRICES, models, judge)
    assert costs.metric == "RMSE" and NAME not in costs.table.index and costs.curve is None
    best = costs.table["score"].idxmin()
    assert costs.table.loc[best, "best for its price"]
    assert costs.plot()[1].startswith("RMSE against the price")
