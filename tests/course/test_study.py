"""The long run over situations, labels and seeds: its arithmetic, and the table that is kept."""

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib import DataError
from mmlib.course import study as which_one
from mmlib.course.experiments import draw_situation
from mmlib.course.figures.n12 import plot_cost, plot_gains, plot_real
from mmlib.course.study import SITUATIONS, settings, stored
from mmlib.course.study_findings import decide, gains


def toy(scores, situation="s", per_class=10):
    """A table from {model: accuracy of each seed}."""
    return pd.DataFrame(
        [
            {"situation": situation, "per_class": per_class, "seed": seed, "model": name,
             "accuracy": value, "fit_seconds": 1.0 + k, "parameters": 0}
            for k, (name, values) in enumerate(scores.items())
            for seed, value in enumerate(values)
        ]
    )  # fmt: skip


def test_gains_are_paired_by_seed():
    from scipy.stats import ttest_1samp

    rng = np.random.default_rng(0)
    hard = rng.normal(0.7, 0.1, 6)  # some seeds are harder for both
    ahead = hard + rng.normal(0.02, 0.005, 6)
    found = gains(toy({"early": hard, "other": ahead})).set_index("model").loc["other"]
    low, high = ttest_1samp(ahead - hard, 0).confidence_interval(0.95)
    np.testing.assert_allclose(found[["mean", "low", "high"]].astype(float),
                               [np.mean(ahead - hard), low, high])  # fmt: skip


def test_one_seed_makes_no_interval():
    with pytest.raises(DataError, match="one seed"):
        gains(toy({"early": [0.5], "late": [0.6]}))
    with pytest.raises(DataError, match="no model 'best'"):
        gains(toy({"early": [0.5, 0.6]}), over="best")


def test_the_simplest_good_enough_is_taken():
    noise = np.array([-0.01, 0, 0.01, 0.005, -0.005])
    table = toy({"single": 0.5 + noise, "early": 0.80 + noise, "deep": 0.802 - noise})
    row = decide(table).iloc[0]
    assert row["best"] == "deep" and row["simplest good enough"] == "early"
    far = toy({"single": 0.5 + noise, "early": 0.80 + noise, "deep": 0.9 + noise})
    assert decide(far).iloc[0]["simplest good enough"] == "deep"


def test_one_job_gives_a_row_for_each_model():
    rows = which_one.score_ladder("no synergy", 5, 0, only=["early", "tensor"])
    assert [row["model"] for row in rows] == ["early", "tensor"]
    assert rows[0]["parameters"] == 0 < rows[1]["parameters"]
    assert all(0.2 < row["accuracy"] < 0.72 for row in rows)
    with pytest.raises(DataError, match="no situation 'x'"):
        which_one.score_ladder("x", 5, 0)


def test_the_stored_table_is_whole():
    table = stored()
    jobs = table.groupby(["situation", "per_class", "seed"])["model"].nunique()
    wanted = {tuple(s.values()) for s in settings()}
    assert set(jobs.index) == wanted and (jobs == table["model"].nunique()).all()
    assert set(table["model"]) == set(mmlib.fusion.ladder(mmlib.make_leaves(5), pixels=False))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_stored_score_lies_above_its_ceiling(situation):
    limits = mmlib.ceilings(mmlib.make_leaves(5, **SITUATIONS[situation]))
    table = stored()
    mean = table[table["situation"] == situation].groupby(["per_class", "model"])["accuracy"].mean()
    for (_, name), value in mean.items():
        best = limits[name.removesuffix(" only")] if name.endswith(" only") else limits["joint"]
        assert value < best[0] + 0.015  # 10,000 leaves: an error of half a point


def test_a_stored_job_can_be_repeated():
    table = stored().set_index(["situation", "per_class", "seed", "model"])["accuracy"]
    again = which_one.score_ladder("as bundled", 10, 0, only=["early", "late", "tensor"])
    for row in again:
        wanted = table["as bundled", 10, 0, row["model"]]
        assert row["accuracy"] == pytest.approx(wanted, abs=0.03)


def test_an_unknown_table_is_named():
    with pytest.raises(DataError, match="no table 'x'"):
        stored("x")


def test_pictures_say_what_they_show():
    table = toy({"early": [0.5, 0.6], "late": [0.7, 0.8]})
    fig, said = plot_gains(gains(table))
    assert "furthest ahead is late (20 points, s, 10 leaves per class)" in said
    assert fig.axes[0].get_xlabel() == "accuracy minus that of early (points)"
    assert "takes 2 times as long" in plot_cost(table)[1]


def test_accuracy_and_time_of_a_model_stand_in_one_line_with_its_name():
    table = toy({f"model {k}": [0.5 + k / 20, 0.6] for k in range(9)})
    left, right = plot_cost(table)[0].axes
    assert [tick.get_text() for tick in left.get_yticklabels()] == list(table["model"].unique())
    shown = [ax.get_lines()[0].get_xdata() for ax in (left, right)]
    mean = table.groupby("model", sort=False)[["accuracy", "fit_seconds"]].mean()
    np.testing.assert_allclose(shown, mean.T)


def test_the_picture_of_a_situation_has_its_ceilings():
    said = draw_situation("both see the same", 40)[1]
    assert "Ceilings: spectrum 0.37, image 0.37, late 0.37, joint 0.37" in said
    assert said.startswith("Accuracy of 9 models")


def test_the_picture_of_real_data_counts_who_is_better():
    real = stored("real")
    fig, said = plot_real(real)
    assert len(fig.axes) == real["data"].nunique()
    assert all(name in said for name in real["data"].unique())


def test_the_picture_of_real_data_has_points_for_shares_and_the_unit_of_a_quantity():
    real = stored("real")
    fig, _ = plot_real(real)
    units = [ax.get_xlabel().splitlines()[-1] for ax in fig.axes]
    assert units == ["(points)", "(points)", "(pH units)"]
    trees = real[real["data"] == "trees, species"]
    trees = trees[trees["model"] != trees["best_single"]]
    np.testing.assert_allclose(fig.axes[1].lines[1].get_xdata(), 100 * trees["gain"])


def test_real_data_hold_fusion_against_one_modality_with_the_same_kind_of_model():
    for _, part in stored("real").groupby("data"):
        single, fused = part[["best_single", "reference"]].iloc[0]
        assert fused == "early" + single.partition(" only")[2]
        assert {single, fused} < set(part["model"])


def test_nets_on_real_data_say_which_modalities_they_kept():
    real = stored("real").set_index(["data", "model"])["kept"]
    assert real["trees, species", "intermediate"] == real["trees, species", "graph"]
    assert "image" not in real["trees, species", "intermediate"]
    assert real["soil SA.112, pH", "tensor"] == "all (all 8 folds)"
    assert real.xs("early", level="model").isna().all()
