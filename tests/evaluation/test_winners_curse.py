"""A model that was chosen by its score is expected to score less, as it then does."""

from types import SimpleNamespace

import numpy as np
import pytest

from mmlib.evaluation.choice import BASELINE
from mmlib.evaluation.winners_curse import expected_score


class Data(SimpleNamespace):
    def __len__(self):
        return len(self.y)


def result(predictions, y, groups=None, metric="accuracy", labels=True):
    data = Data(y=y, groups=groups, labels=np.unique(y) if labels else None)
    predictions = {name: np.atleast_2d(each) for name, each in predictions.items()}
    return SimpleNamespace(
        data=data, predictions=predictions, models=list(predictions), metric=metric
    )


Y = np.arange(60) % 3


def guesses(n, seed, n_repeats=1):
    rng = np.random.default_rng(seed)
    return {f"guess {k}": rng.integers(0, 3, (n_repeats, 60)) for k in range(n)}


def test_guessers_are_expected_to_guess_however_well_the_luckiest_did():
    best, expected = [], []
    for seed in range(40):
        found = result(guesses(10, seed), Y)
        best.append(max((each == Y).mean() for each in found.predictions.values()))
        expected.append(expected_score(found, draws=100, random_state=seed).mean)
    assert np.mean(best) > 0.42
    assert np.mean(expected) == pytest.approx(1 / 3, abs=0.02)


def test_who_is_always_chosen_scores_what_the_table_says():
    found = result({"sure": np.where(np.arange(60) < 45, Y, -1), **guesses(5, 0)}, Y)
    expected = expected_score(found)
    assert expected.mean == pytest.approx(0.75, abs=0.01)
    assert expected.low < 0.75 < expected.high and next(iter(expected.chosen)) == "sure"
    assert sum(expected.chosen.values()) == pytest.approx(1)


def test_groups_are_drawn_as_a_whole():
    """Ten groups, in each of which all are right or all wrong, tell as much as ten samples."""
    groups = np.arange(60) // 6
    right = groups % 2 == 0
    found = result({"one": np.where(right, Y, -1)}, Y, groups)
    alone = result({"one": np.where(right, Y, -1)}, Y)
    wide, narrow = expected_score(found), expected_score(alone)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_classes_count_alike_by_balanced_accuracy():
    y = np.repeat([0, 1], [50, 10])
    found = result({"always 0": np.zeros(60, int)}, y, metric="balanced accuracy")
    assert expected_score(found).mean == pytest.approx(0.5)


def test_a_rare_class_of_two_groups_counts_though_it_is_not_always_left_to_judge():
    groups = np.arange(60) // 3
    y = (groups >= 18).astype(int)
    rng = np.random.default_rng(0)
    said = np.where(rng.random(60) < np.where(y, 1 / 3, 0.95), y, 1 - y)
    table = np.mean([(said == y)[y == k].mean() for k in (0, 1)])
    found = result({"one": said, "other": said}, y, groups, "balanced accuracy")
    assert expected_score(found).mean == pytest.approx(table, abs=0.03)


def test_the_smallest_error_of_a_quantity_is_chosen_and_its_root_is_told():
    y = np.linspace(0, 1, 60)
    models = {"far": y + 2.0, "near": y + 0.5, BASELINE: y}
    expected = expected_score(result(models, y, metric="RMSE", labels=False))
    assert expected.chosen == {"near": 1.0} and expected.mean == pytest.approx(0.5)


def test_few_groups_have_no_interval_and_one_group_has_nothing():
    few = expected_score(result(guesses(2, 0), Y, np.arange(60) % 5))
    assert few.mean > 0 and np.isnan(few.low) and np.isnan(few.high)
    assert np.isnan(expected_score(result(guesses(2, 0), Y, np.zeros(60))).mean)


def test_the_same_number_gives_the_same_answer_and_repeats_are_averaged():
    found = result(guesses(4, 1, n_repeats=3), Y)
    assert expected_score(found) == expected_score(found)
    assert expected_score(found) != expected_score(found, random_state=1)
