"""The model that is kept has the best score; simplicity decides where scores are level."""

from types import SimpleNamespace

import pandas as pd
import pytest
from grouped_tables import on_table, quantity_data, table_data
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

from mmlib.evaluation import compare
from mmlib.evaluation.choice import best_model, better_than_guessing


def scored(metric="accuracy", **scores):
    table = pd.DataFrame({"mean": {name.replace("_", " "): x for name, x in scores.items()}})
    return SimpleNamespace(metric=metric, table=table)


def test_the_best_score_wins_also_where_a_simpler_model_is_near():
    found = best_model(scored(single=0.85, early=0.86, late=0.80))
    assert (found.name, found.given_up) == ("early", 0.0)
    assert found.answer == "'early' has the best accuracy."


@pytest.mark.parametrize(
    "behind, said",
    [(0.004, "by 0.4 points, which is given up."), (0.00004, "by 0.004 points, which"),
     (0.0, "'single' has the best accuracy")],
)  # fmt: skip
def test_of_level_models_the_simplest_is_kept_and_its_price_is_said(behind, said):
    found = best_model(scored(single=0.85 - behind, early=0.85))
    assert found.name == "single" and found.given_up == pytest.approx(behind)
    assert said in found.answer


def test_a_margin_of_ones_own_is_singular_too():
    found = best_model(scored(single=0.84, early=0.85), tie=0.02)
    assert "of 'early' is higher by 1.0 points" in found.answer


def test_errors_are_near_by_their_size():
    assert best_model(scored("RMSE", line=1004.0, net=1000.0)).name == "line"
    found = best_model(scored("RMSE", line=1006.0, net=1000.0))
    assert found.name == "net"


def test_what_was_chosen_inside_is_no_model_to_keep():
    assert best_model(scored(single=0.7, best_single=0.9, best_early=0.95)).name == "single"


def test_guessing_is_beaten_by_what_learned_something():
    data = table_data(n_groups=60, signal=2.0)
    models = {"guess": DummyClassifier(), "bayes": on_table(GaussianNB())}
    assert better_than_guessing(compare(models, data, 5, 2)) == ["bayes"]
    models = {"mean": DummyRegressor(), "line": on_table(LinearRegression())}
    assert better_than_guessing(compare(models, quantity_data(), 5, 2)) == ["line"]


def test_five_groups_tell_nothing_about_guessing():
    data = table_data(n_groups=4, per_group=10, classes=2, signal=5.0)
    assert better_than_guessing(compare({"bayes": on_table(GaussianNB())}, data, 2, 2)) is None


def test_labels_of_noise_beat_guessing_in_one_of_twenty_studies():
    wins = 0
    for seed in range(30):
        data = table_data(n_groups=20, per_group=2, classes=2, signal=0.0, seed=seed)
        models = {
            name: on_table(GaussianNB(var_smoothing=v))
            for name, v in zip("abc", (0.01, 1, 9), strict=True)
        }
        wins += bool(better_than_guessing(compare(models, data, 4, 2)))
    assert wins <= 4
