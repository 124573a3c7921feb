"""The study of damage: who is right at which severity, and from where on fusion is worse."""

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.data.corruptions import Corruption
from mmlib.data.damage import spectrum_noise
from mmlib.evaluation.robustness import break_even, right_answers, turning_points, with_intervals


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, seed=3)


def test_interval_is_that_of_plants_not_of_leaves():
    rng = np.random.default_rng(1)
    of_plant = rng.random(400)
    values = pd.DataFrame({"a": np.repeat(of_plant, 5)}, index=np.repeat(np.arange(400), 5))
    mean, low, high = with_intervals(values, n_draws=4000).loc["a"]
    error = of_plant.std(ddof=1) / np.sqrt(400)
    assert mean == pytest.approx(of_plant.mean())
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.06)
    leafwise = values.set_index(np.arange(2000))
    narrow = with_intervals(leafwise).loc["a"]
    assert (high - low) / (narrow["high"] - narrow["low"]) == pytest.approx(5**0.5, rel=0.1)


def test_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(2), 0
    for seed in range(200):
        of_plant = rng.random(60)
        leaf = rng.random((60, 5)) < of_plant[:, None]
        values = pd.DataFrame({"a": leaf.ravel()}, index=np.repeat(np.arange(60), 5))
        _, low, high = with_intervals(values, n_draws=300, random_state=seed).loc["a"]
        held += low <= 0.5 <= high
    assert 0.89 <= held / 200 <= 0.99


def test_intervals_need_two_groups():
    with pytest.raises(DataError, match="two groups"):
        with_intervals(pd.DataFrame({"a": [1, 0]}, index=[3, 3]))


def test_study_asks_the_same_model_about_every_copy(leaves):
    class Echo:
        """Right where the first band is below 0.5."""

        def predict(self, X):
            return np.where(X["spectrum"][:, 0] < 0.5, leaves.y, -1)

    def add(X, severity, random_state, modality):
        return {**X, modality: X[modality] + severity}

    found = {"up": Corruption(add, "spectrum", "reflectance", (0, 1))}
    asked = []

    def halve(image):
        asked.append(len(image))
        return image / 2

    right = right_answers({"echo": Echo()}, leaves, found, see={"image": halve})
    assert asked == [len(leaves)]  # the undamaged modality is looked at once
    assert right.mean().tolist() == [1.0, 0.0]
    assert right.index.tolist() == leaves.groups.tolist()
    assert right.columns.tolist() == [("up", 0, "echo"), ("up", 1, "echo")]


def test_study_refuses_a_quantity():
    with pytest.raises(DataError, match="regression"):
        right_answers({}, mmlib.make_leaves(5, target="chlorophyll"), {})


def test_break_even_is_where_the_curve_crosses():
    assert break_even([0, 2, 6], [0.9, 0.8, 0.4], 0.6) == pytest.approx(4)
    assert break_even([0, 2, 6], [0.9, 0.8, 0.7], 0.6) == float("inf")
    assert break_even([0, 2, 6], [0.5, 0.8, 0.7], 0.6) == 0
    assert break_even([0, 1, 2, 3], [0.9, 0.5, 0.9, 0.1], 0.7) == pytest.approx(0.5)


def test_turning_point_is_held_against_the_best_undamaged_modality():
    found = {"noise": Corruption(spectrum_noise, "b", "V", (0, 2))}
    means = {"early": (0.9, 0.5), "a only": (0.6, 0.6), "c only": (0.7, 0.7), "b only": (0.8, 0.1)}
    table = pd.Series({("noise", 2 * k, m): v[k] for m, v in means.items() for k in (0, 1)})
    point = turning_points(table.to_frame("mean"), found).loc["noise"]
    assert point["turns at"] == pytest.approx(1.0) and point["unit"] == "V"
    table = table.drop(index=["a only", "c only"], level=2)
    with pytest.raises(DataError, match="leaves alone"):
        turning_points(table.to_frame("mean"), found)
