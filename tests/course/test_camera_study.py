"""Cameras made of bands: what they see, how they are judged, and that the stored table is whole."""

import numpy as np
import pandas as pd
import pytest

from mmlib.base import DataError
from mmlib.course.camera_study import (
    CAMERAS,
    REPEATS,
    SEVEN,
    accuracies,
    mean_and_interval,
    run,
    stored,
    through_camera,
)
from mmlib.data.dataset import MultimodalData


@pytest.fixture(scope="module")
def field():
    """Two kinds in 20 regions of 6 pixels; the heights tell the region, the bands the kind."""
    rng = np.random.default_rng(0)
    region = np.repeat(np.arange(20), 6)
    y = region % 2
    spectrum = rng.normal(size=(120, 10)) + 1.2 * y[:, None] * np.linspace(0, 1, 10)
    height = 5 * rng.normal(size=(20, 3, 3, 1))[region] + 0.1 * rng.normal(size=(120, 3, 3, 1))
    return MultimodalData(
        {"spectrum": spectrum, "height": height},
        y,
        groups=region,
        axes={"spectrum": np.linspace(400, 1000, 10)},
        target_names=["soil", "tree"],
    )


def test_a_band_is_the_mean_of_the_wavelengths_in_it():
    axis = np.linspace(380, 1050, 144)
    spectra = np.random.default_rng(1).random((5, 144))
    seen = through_camera(spectra, axis, SEVEN)
    assert seen.shape == (5, 7)
    low, high = SEVEN["red"]
    np.testing.assert_allclose(seen[:, 3], spectra[:, (axis >= low) & (axis <= high)].mean(1))
    np.testing.assert_allclose(through_camera(np.ones((5, 144)), axis, SEVEN), 1)


def test_a_band_outside_the_axis_is_refused_with_what_there_is():
    with pytest.raises(DataError, match="400 to 700 nm"):
        through_camera(np.ones((2, 4)), [400, 500, 600, 700], {"heat": (9000, 12000)})


def test_every_pixel_is_tested_once_in_a_repeat_and_regions_stay_whole(field):
    table = run(field, {"all": None}, repeats=2)
    sums = table.groupby(["heights", "split", "repeat"])["pixels"].sum()
    assert (sums == 120).all() and len(sums) == 8
    by_region = table[table["split"] == "region"]["pixels"]
    assert (by_region % 6 == 0).all()


def test_what_recognizes_the_place_gains_by_the_random_split_alone(field):
    shares = accuracies(run(field, {"all": None}, repeats=3))
    gain = (shares["all + heights"] - shares["all"]).groupby(level="split").mean()
    assert gain["random"] > 0.1 > gain["region"]


def test_gains_are_taken_half_by_half():
    index = pd.MultiIndex.from_product(
        [["region"], range(5), range(2)], names=["split", "repeat", "fold"]
    )
    base = pd.Series(np.linspace(0.5, 0.9, 10), index)
    shares = pd.DataFrame({"a": base, "b": base + 0.03})
    row = mean_and_interval(shares, over="a").loc["b"]
    assert row.tolist() == pytest.approx([0.03, 0.03, 0.03])
    wide = mean_and_interval(shares).loc["b"]
    assert wide["low"] < 0.6 < wide["mean"] < 0.9 < wide["high"]


def test_the_stored_table_is_whole():
    table = stored()
    shares = accuracies(table)
    assert shares.shape == (2 * 2 * REPEATS, 2 * len(CAMERAS))
    assert shares.notna().all().all()
    setups = table.groupby(["camera", "heights", "split", "repeat"])["pixels"].sum()
    assert (setups == 2832).all()


def test_bands_are_given_as_they_are_without_components(field):
    """A tree does not care for the unit of a band, components do."""
    scaled = MultimodalData(
        {"spectrum": field.X["spectrum"] * 2.0 ** np.arange(10), "height": field.X["height"]},
        field.y, groups=field.groups, axes=field.axes, target_names=field.target_names,
    )  # fmt: skip

    def right(data, components):
        found = run(data, {"all": None}, [False], ["region"], 3, components)
        return found["right"].tolist()

    assert right(field, False) == right(scaled, False)
    assert right(field, True) != right(scaled, True)
