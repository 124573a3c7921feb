import numpy as np
import pytest

from mmlib.course.figures.n09 import draw_neighbors, place_samples, plot_graph


def test_links_are_drawn_once_and_counted_by_class():
    ring = np.roll(np.eye(4), 1, 0) + np.roll(np.eye(4), -1, 0)
    positions = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    fig, text = plot_graph(ring + np.eye(4), positions, ["a", "a", "b", "b"], ["raw", "ripe"])
    assert text == "4 samples, 4 links: 50 % join two of the same class."
    within, across = fig.axes[0].collections
    assert len(within.get_segments()) == len(across.get_segments()) == 2
    assert np.allclose(within.get_segments()[0], [[0, 0], [1, 0]])
    marks = {line.get_marker() for line in fig.axes[0].lines[:2]}
    assert len(marks) == 2  # not by color alone


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
