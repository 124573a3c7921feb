"""Pictures of cubes and of chosen wavelengths show what was computed, and say so."""

import numpy as np
import pytest

from mmlib.course.exercises.e17 import EXERCISES
from mmlib.course.figures.n17 import as_seen, plot_band_scores, plot_kept, plot_maps
from mmlib.data.leaves.hyperspectral import CAMERA

AXIS = np.array([500.0, 600, 700, 800])


def test_a_gray_card_is_gray_and_a_green_one_green():
    gray = as_seen(np.full((2, 3, 71), 0.3))
    assert gray.shape == (2, 3, 3) and np.ptp(gray) < 0.08
    green = as_seen(np.where((CAMERA > 500) & (CAMERA < 590), 0.3, 0.03)[None])[0]
    assert green[1] > green[0] and green[1] > green[2]


def test_numbers_share_one_scale_and_colors_are_left_as_they_are():
    maps = {"true": np.eye(3), "told": 2 * np.eye(3), "seen": np.zeros((3, 3, 3))}
    fig, said = plot_maps(maps, "mg")
    drawn = [ax.images[0] for ax in fig.axes if ax.images]
    assert drawn[0].get_clim() == drawn[1].get_clim()
    assert said == (
        "true: mean 0.3, from 0.0 to 1.0 mg; told: mean 0.7, from 0.0 to 2.0 mg; pictures: seen."
    )
    assert fig.axes[-1].get_ylabel() == "mg"


def test_what_is_no_object_is_left_out_of_the_numbers():
    hole = np.array([[1.0, np.nan], [3.0, 2.0]])
    assert plot_maps({"leaf": hole}, "mg")[1] == "leaf: mean 2.0, from 1.0 to 3.0 mg."
    fig, said = plot_maps({"A": np.zeros((2, 2, 3))})
    assert said == "pictures: A." and len(fig.axes) == 1  # no scale where nothing is measured


def test_a_mask_is_black_and_white_and_no_part_of_the_scale():
    fig, said = plot_maps({"leaf": np.eye(2) > 0, "at 670 nm": np.full((2, 2), 0.3)}, "reflectance")
    mask, band = (ax.images[0] for ax in fig.axes if ax.images and ax.get_title())
    assert mask.get_cmap().name == "gray" and mask.get_clim() == (0, 1)
    assert 0.25 < band.get_clim()[0] < band.get_clim()[1] < 0.35
    assert said == "at 670 nm: mean 0.3, from 0.3 to 0.3 reflectance; leaf: 50 % of the pixels."


def test_pictures_have_a_frame_and_empty_places_have_none():
    fig, _ = plot_maps({name: np.ones((2, 2, 3)) for name in "ABC"}, columns=2)
    assert [ax.axison for ax in fig.axes] == [True, True, True, False]
    assert fig.axes[0].spines["top"].get_visible()


def test_names_of_neighbors_stand_in_rows_of_their_own():
    marks = {"chlorophyll": (500, 540), "anthocyanin": 520, "water": 700}
    fig, _ = plot_band_scores(AXIS, {"VIP": np.array([0.1, 0.2, 1.7, 1.1])}, marks)
    rows = {(text.get_text(), text.xy[0]): text.get_position()[1] for text in fig.axes[0].texts}
    assert rows[("chlorophyll", 500)] == rows[("water", 700)] == 0
    assert 0 < rows[("anthocyanin", 520)] < rows[("chlorophyll", 540)]


def test_band_scores_are_drawn_as_given_and_the_peak_is_named():
    fig, said = plot_band_scores(AXIS, {"VIP": np.array([0.1, 0.2, 1.7, 1.1])}, {"water": 700})
    assert fig.axes[0].lines[0].get_ydata().tolist() == [0.1, 0.2, 1.7, 1.1]
    assert said == "Largest VIP at 700 nm, above 1 in 2 of 4 bands."
    assert "water" in [text.get_text() for text in fig.axes[0].texts]


def test_every_fold_has_a_row_and_every_method_a_marker():
    fig, said = plot_kept(AXIS, {"VIP": [[0, 1], [1, 3]], "interval PLS": [[2], [2]]})
    lines = fig.axes[0].lines
    assert [line.get_xdata().tolist() for line in lines] == [[500, 600], [600, 800], [700], [700]]
    assert len({float(line.get_ydata()[0]) for line in lines}) == 4
    assert lines[0].get_marker() != lines[2].get_marker()
    assert said == (
        "VIP: 1 band kept in all 2 folds, 3 in at least one; "
        "interval PLS: 1 band kept in all 2 folds, 1 in at least one."
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_exercise_has_a_second_hint_that_differs(exercise):
    assert exercise.more and exercise.more != exercise.hint
