"""The pictures of notebook 04: what moving weight from one block to the other does."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from mmlib import MultimodalData
from mmlib.course.figures.n04 import draw_block_weights

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
    assert text.startswith("Accuracy along weight of the signal block from 0 to 1: nearest neigh")


def test_the_number_of_neighbors_counts_for_the_neighbors_only(parts):
    few, many = (draw_block_weights(*parts, BLOCKS, neighbors=k)[0].axes[0].lines for k in (1, 50))
    assert not np.array_equal(few[0].get_ydata(), many[0].get_ydata())
    np.testing.assert_array_equal(few[1].get_ydata(), many[1].get_ydata())


def test_two_blocks_are_needed(parts):
    with pytest.raises(ValueError, match="Two blocks"):
        draw_block_weights(*parts, {"noise": StandardScaler()})
