"""What notebook 24 says in words of the stored study; `run` makes a part of it anew."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.course.camera_study import CAMERAS, accuracies, mean_and_interval, run, stored


@pytest.fixture(scope="module")
def shares():
    return accuracies(stored())


@pytest.fixture(scope="module")
def city():
    try:
        return mmlib.load_houston2013()
    except DataError as error:
        pytest.skip(str(error))


def low_and_high(shares, split, camera, over):
    row = mean_and_interval(shares.loc[split, [camera, over]], over=over).loc[camera]
    return row["low"], row["high"]


def test_every_step_up_helps_on_average(shares):
    mean = shares.loc["region"].mean()
    steps = list(CAMERAS)
    for heights in ("", " + heights"):
        assert (np.diff([mean[name + heights] for name in steps]) > 0).all()
    assert all(mean[f"{name} + heights"] > mean[name] for name in steps)


def test_neither_144_bands_nor_3_with_heights_are_shown_to_be_better(shares):
    for split in ("region", "random"):
        low, high = low_and_high(shares, split, "3 bands + heights", "144 bands")
        assert low < 0 < high
    for part in (range(5), range(5, 10)):
        some = shares.loc["region"].loc[part, ["3 bands + heights", "144 bands"]]
        row = mean_and_interval(some, over="144 bands").iloc[0]
        assert row["low"] < 0 < row["high"]


def test_each_step_gains_some_points_with_a_lower_end_near_zero(shares):
    steps = [("4 bands", "3 bands"), ("7 bands", "4 bands"), ("144 bands", "7 bands"),
             ("144 bands + heights", "144 bands")]  # fmt: skip
    for camera, over in steps:
        low, high = low_and_high(shares, "region", camera, over)
        assert -0.01 < low < 0.01 and high > 0.03


def test_the_random_split_is_higher_surer_and_has_another_order(shares):
    region, random = (mean_and_interval(shares.loc[split]) for split in ("region", "random"))
    assert (random["mean"] > region["mean"] + 0.08).all()
    assert ((random["high"] - random["low"]) < (region["high"] - region["low"])).all()
    assert np.ptp(random["mean"]) < np.ptp(region["mean"]) - 0.03
    assert region["mean"]["3 bands + heights"] < region["mean"]["144 bands"]
    high = [f"{name} + heights" for name in CAMERAS]
    assert (random["mean"][high] > random["mean"]["144 bands"] - 0.01).all()
    assert abs(random["mean"]["3 bands + heights"] - random["mean"]["144 bands"]) < 0.02


def test_grass_gains_by_infrared_and_roads_and_roofs_little():
    table = stored()
    plain = table[(table["split"] == "region") & ~table["heights"]]
    sums = plain.groupby(["camera", "cover"])[["right", "pixels"]].sum()
    recall = (sums["right"] / sums["pixels"]).unstack("camera")
    gains = (recall["4 bands"] - recall["3 bands"]).sort_values(ascending=False)
    assert set(gains.index[:2]) == {"healthy grass", "synthetic grass"}
    assert gains[["road", "commercial", "residential", "highway", "railway"]].max() < 0.08


def test_the_first_five_repeats_show_a_gain_by_infrared_and_the_last_five_do_not(shares):
    ends = []
    for part in (range(5), range(5, 10)):
        some = shares.loc["region"].loc[part, ["4 bands", "3 bands"]]
        ends.append(mean_and_interval(some, over="3 bands").loc["4 bands", "low"])
    assert ends[0] > 0.005 and ends[1] < -0.005


def test_on_raw_bands_144_seem_to_lose_by_a_wide_margin(city, shares):
    offer = {"144 bands": CAMERAS["144 bands"]}
    raw = accuracies(run(city, offer, [False], ["region"], 2, components=False))["144 bands"]
    fair = shares.loc[raw.index]
    assert (fair["3 bands + heights"] - raw).mean() > 0.07
    assert (fair["3 bands + heights"] - fair["144 bands"]).mean() < 0.03


def test_a_part_made_anew_is_what_is_stored(city, shares):
    again = accuracies(run(city, {"3 bands": CAMERAS["3 bands"]}, [False], ["region"], 1))
    assert (again["3 bands"] - shares.loc[again.index, "3 bands"]).abs().max() < 0.005
