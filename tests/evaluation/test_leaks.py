"""Each leak is found under its code, and clean data raise no more alarms than is said."""

import numpy as np
import pytest

import mmlib
from mmlib.evaluation.leaks import Leak, find_leaks
from mmlib.evaluation.shortcut_tests import ALARM


def clean(seed=0, n=60, per_group=2, task="classification", info=True):
    """Random spectra and pictures; what is measured and the label know nothing of each other."""
    rng, units = np.random.default_rng(seed), n // per_group
    group = np.repeat(np.arange(units), per_group)
    y = rng.permutation(np.arange(units) % 3)[group]
    if task == "regression":
        y = rng.normal(size=units)[group] + 0.1 * rng.normal(size=n)
    shared, own = rng.normal(size=(units, 80))[group], rng.normal(size=(n, 80))
    columns = {
        "operator": rng.permutation(np.array(["Ann", "Bob"])[np.arange(n) % 2]),
        "day": np.array(["May 1", "May 2", "May 3"])[rng.integers(0, 3, units)[group]],
    }
    return mmlib.MultimodalData(
        {
            "spectrum": np.cumsum(0.7 * (shared + own), axis=1),
            "image": rng.integers(0, 256, (n, 24, 24, 3)).astype(np.uint8),
        },
        y,
        groups=group if per_group > 1 else None,
        ids=[f"s{k:02d}" for k in range(n)],
        info=columns if info else {},
        task=task,
    )


KINDS = {"per_group": 1}, {"task": "regression"}, {"per_group": 5, "n": 100}


@pytest.mark.parametrize("kinds", [[{}], KINDS])
def test_clean_data_raise_no_more_alarms_than_is_said(kinds):
    drawn = [clean(seed, **kinds[seed % len(kinds)]) for seed in range(20)]
    alarms = sum(bool(find_leaks(data)) for data in drawn)
    assert ALARM == 0.01 and alarms <= 1  # more than one of 20 by luck: in 1.7 %


def only(data, code):
    (leak,) = find_leaks(data)
    assert leak.code == code and str(leak).startswith(f"{code} {leak.where}: {leak.what}")
    assert all(isinstance(part, str) and part for part in leak[:6])
    return leak


def test_a_group_that_is_the_label():
    data = clean(info=False)
    data.groups = data.y + 10
    assert only(data, "L1").what == "group says the same as label"


@pytest.mark.parametrize("name", ["Operator", "batch_no", "Messtag", "date"])
def test_a_column_on_the_measuring_goes_with_the_label(name):
    data = clean(info=False)
    data.info[name] = np.where(data.y == data.y[-1], "x", "y")
    odd = np.flatnonzero(data.y != data.y[-1])[:2]  # one group apart
    data.info[name][odd] = "x"
    leak = only(data, "L2")
    assert repr(name) in leak.where and "the label tells it for 29 of 30 groups" in leak.what
    data.info = {"variety": data.info[name]}  # which the sample has, not the measuring
    assert find_leaks(data) == []


def test_what_only_the_label_says_of_an_operator_is_not_said_of_the_spectrum():
    data, rng = clean(info=False), np.random.default_rng(5)
    data.X["spectrum"] = data.X["spectrum"] + 9 * data.y[:, None]  # the label is there to be seen
    data.info["operator"] = np.where((data.y == 2) ^ (rng.random(60) < 0.3), "x", "y")
    assert "L3" not in {leak.code for leak in find_leaks(data)}


def test_times_of_a_day_are_that_day():
    data = clean(info=False)
    data.info["date"] = np.array([f"2024-05-0{y + 1}T10:{k:02d}:00" for k, y in enumerate(data.y)])
    assert only(data, "L2").code == "L2"


def test_an_operator_whom_the_spectrum_knows():
    data = clean()
    shift = (data.info["operator"] == "Ann")[:, None] * np.linspace(0, 60, 80)
    data.X["spectrum"] = data.X["spectrum"] + shift
    leak = only(data, "L3")
    assert leak.where == "spectrum" and "it tells the operator of new groups" in leak.what


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_background_that_tells_the_label(task):
    data = clean(task=task)
    pictures, shade = data.X["image"].copy(), np.argsort(np.argsort(data.y)) * 3
    pictures[:, :2] = shade[:, None, None, None]
    data.X["image"] = pictures
    leak = only(data, "L4")
    assert "its edge alone tells the " + ("label" if task == "classification" else "target") in (
        leak.what
    )


def test_an_order_that_tells_the_label_is_certain_only_with_a_drift():
    data = clean(info=False)
    data = data.take(np.argsort(data.y, kind="stable"))
    leak = only(data, "L5")
    assert not leak.sure and "they stand in the order of the label" in leak.what
    drift = np.arange(60)[:, None] * np.sin(np.arange(80) / 9)
    data.X["spectrum"] = data.X["spectrum"] + drift
    leak = only(data, "L5")
    assert leak.sure and "and the spectrum drifts in that order" in leak.what
    mixed = clean(info=False)
    mixed.X["spectrum"] = mixed.X["spectrum"] + drift  # a drift alone tells nothing of the label
    assert find_leaks(mixed) == []


@pytest.mark.parametrize("name", ["spectrum", "image"])
def test_near_twins_in_different_groups(name):
    data = clean(info=False)
    values, rng = data.X[name].copy(), np.random.default_rng(1)
    noise = rng.integers(0, 3, values[3].shape) if name == "image" else 0.01 * rng.normal(size=80)
    values[40] = np.clip(values[3], 0, 250) + noise if name == "image" else values[3] + noise
    data.X[name] = values
    leak = only(data, "L6")
    assert "s03 and s40, of different groups, are nearly the same" in leak.what
    assert "more pair" not in leak.what
    values[50], values[51] = values[40], values[4]
    data.X[name] = values
    several = only(data, "L6").what
    assert several.endswith("(and 3 more pairs)")
    data.groups = np.where(np.isin(np.arange(60), [3, 40, 50, 4, 51]), 99, data.groups)
    assert find_leaks(data) == []  # the same group: nothing is torn apart


@pytest.mark.parametrize("name", [lambda k, y: f"{'abc'[y]}_{k}", lambda k, y: f"{k}-wine{y}-x"])
def test_ids_that_carry_the_label_are_remarked(name):
    data = clean(info=False)
    ids = [name(k, y) for k, y in enumerate(data.y)]
    data = mmlib.MultimodalData(
        dict(data.X), data.y, groups=data.groups, ids=ids,
        target_names=["wine0", "wine1", "wine2"],
    )  # fmt: skip
    leak = only(data, "L7")
    assert not leak.sure and ids[0] in leak.what


def test_few_groups_missing_values_and_many_samples_are_no_fault():
    data = clean(n=20)
    data.info["operator"] = np.where(data.y == 2, "x", "y")
    assert find_leaks(data) == []  # ten groups: nothing is tested
    data = clean()
    data.X["spectrum"] = data.X["spectrum"].copy()
    data.X["spectrum"][5:9] = np.nan
    assert find_leaks(data) == []
    shift = (data.info["operator"] == "Ann")[:, None] * np.linspace(0, 60, 80)
    data.X["spectrum"] = data.X["spectrum"] + shift
    assert only(data, "L3").where == "spectrum"
    assert find_leaks(clean(n=3000, per_group=5)) == []


def test_one_large_group_is_no_fault():
    data = clean(n=120, per_group=1)
    data.groups = np.maximum(np.arange(120) - 106, 0)  # 107 samples of one, 13 of one each
    assert isinstance(find_leaks(data), list)


def test_leaves_have_no_leak():
    assert find_leaks(mmlib.make_leaves(40)) == []
    assert isinstance(Leak("L1", *"abcde"), Leak)


def test_pictures_of_one_color_are_no_twins():
    data = clean()
    data.X["image"] = data.X["image"].copy()
    data.X["image"][[3, 40]] = 7, 90, 3
    assert find_leaks(data) == []
