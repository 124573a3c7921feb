"""What the sliders try is what would be computed by hand, and the picture says it."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from mmlib import MultimodalData
from mmlib.course.experiments import draw_block_weights, draw_neighbors, place_samples

BLOCKS = {"noise": StandardScaler(), "signal": StandardScaler()}


@pytest.fixture(scope="module")
def parts():
    rng = np.random.default_rng(0)
    y = np.arange(120) % 2
    tables = {
        "noise": rng.normal(size=(120, 4)),
        "signal": y[:, None] + rng.normal(0, 0.1, (120, 2)),
    }
    return MultimodalData(tables, y).split()


def test_all_weight_on_a_block_leaves_what_it_knows(parts):
    fig, text = draw_block_weights(*parts, BLOCKS)
    for line in fig.axes[0].lines:
        accuracy = line.get_ydata()
        assert accuracy[0] < 0.75 and accuracy[-1] == 1
    assert text.startswith("Accuracy along weight of the signal block from 0 to 1: 15 nearest ")


def test_the_number_of_neighbors_counts_for_the_neighbors_only(parts):
    few, many = (draw_block_weights(*parts, BLOCKS, neighbors=k)[0].axes[0].lines for k in (1, 50))
    assert not np.array_equal(few[0].get_ydata(), many[0].get_ydata())
    np.testing.assert_array_equal(few[1].get_ydata(), many[1].get_ydata())


def test_two_blocks_are_needed(parts):
    with pytest.raises(ValueError, match="Two blocks"):
        draw_block_weights(*parts, {"noise": StandardScaler()})


def test_two_far_clouds_stay_apart():
    rng = np.random.default_rng(0)
    side = np.arange(40) % 2
    at = place_samples({"a": rng.normal(size=(40, 3)) + 20 * side[:, None]})
    gap = np.linalg.norm(at[side == 0].mean(0) - at[side == 1].mean(0))
    assert gap > 2 * at[side == 0].std()


@pytest.mark.parametrize("signals", [1.0, 2.0])
def test_neighbors_in_both_share_the_class_more_often(signals):
    def share(modality):
        sentence = draw_neighbors(4, modality, signals)[1]
        return float(sentence.split(": ")[1].split(" %")[0])

    assert share("both") > max(share("spectrum"), share("image"))


def test_the_same_settings_give_the_same_picture_and_more_neighbors_more_links():
    def links(k):
        return int(draw_neighbors(k)[1].split(" samples, ")[1].split()[0])

    assert draw_neighbors(3)[1] == draw_neighbors(3)[1]
    assert links(8) > links(2) >= 120
