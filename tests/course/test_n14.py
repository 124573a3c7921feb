"""Pictures of explanations say what they draw."""

import numpy as np
import pandas as pd
import pytest

from mmlib.course.figures.n14 import plot_bands, plot_maps, plot_parts


def test_every_bar_is_named_and_minus_zero_is_zero():
    table = pd.DataFrame({"a": [10.0, -0.2], "b": [1.0, 2.0]}, index=["x", "y z"])
    fig, said = plot_parts(table)
    assert said == "X: a 10, b 1 points. Y z: a 0, b 2 points."
    assert len(fig.axes[0].patches) == 4
    with pytest.raises(ValueError, match="empty"):
        plot_parts(table.iloc[:0])


def test_a_modality_looks_alike_whatever_stands_beside_it():
    parts = ["redundant", "only spectrum", "only image", "synergy"]
    shares = plot_parts(pd.DataFrame([[1.0, 2]], columns=parts[1:3]))[0].axes[0].patches
    split = plot_parts(pd.DataFrame([[1.0, 2, 3, 4]], columns=parts))[0].axes[0].patches
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in split]
    assert looks[1:3] == [(bar.get_facecolor(), bar.get_hatch()) for bar in shares]
    assert len(set(looks)) == 4


def test_small_numbers_keep_a_decimal():
    assert plot_parts(pd.DataFrame({"a": [0.26]}, index=["x"]), "bits")[1] == "X: a 0.3 bits."


def test_bands_are_compared_by_size_whatever_the_sign():
    fig, said = plot_bands([1, 2, 3], {"k": [0, -2, 1]}, [0, 0, -5])
    assert said == "The planted change is largest at 3 nm; k is largest at 2 nm."
    assert fig.axes[1].get_xlabel() == "wavelength (nm)"


def test_bands_of_several_samples_are_drawn_as_their_mean():
    fig, _ = plot_bands([1, 2], {"k": [[1, 0], [3, 1]]}, [0, 1])
    assert fig.axes[0].lines[0].get_ydata().tolist() == [1, 0.25]


def test_a_map_off_the_lesion_is_said_to_miss_it():
    picture, mask = np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), bool)
    mask[:2] = True
    said = plot_maps(picture, mask, {"A": ~mask * 1.0, "B": mask * -1.0})[1]
    assert "A: 0 % of the map lies on them, its peak not." in said
    assert "B: 100 % of the map lies on them, its peak too." in said
    with pytest.raises(ValueError, match="size"):
        plot_maps(picture, mask, {"A": np.zeros((3, 3))})


def test_a_ring_marks_the_peak_of_each_map_whatever_its_sign():
    values = np.zeros((4, 4))
    values[1, 3], values[2, 0] = 1.0, -2.0
    fig, _ = plot_maps(np.zeros((4, 4, 3), np.uint8), np.ones((4, 4), bool), {"A": values})
    (ring,) = fig.axes[1].lines
    assert ring.get_xydata().tolist() == [[0, 2]] and ring.get_marker() == "o"
    assert ring.get_markerfacecolor() == "none"
    assert not fig.axes[0].lines


def test_a_leaf_without_lesions_can_be_drawn():
    nothing = np.zeros((4, 4), bool)
    assert "cover 0 %" in plot_maps(np.zeros((4, 4, 3), np.uint8), nothing, {"A": nothing})[1]
