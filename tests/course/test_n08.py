"""Pictures of retrieval and of few labels show what they were given, and say so."""

import numpy as np
import pytest

import mmlib
from mmlib.course.figures.n08 import plot_few_labels, plot_retrieval
from mmlib.plots import to_png

SHARES = {"net": [[0.5, 0.7], [0.8, 0.9]], "early": [[0.6, 0.6], [0.7, 0.9]]}


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, leaves_per_plant=1)


@pytest.fixture(scope="module")
def places():
    a, b = np.random.default_rng(0).normal(size=(2, 20, 3))
    return {"spectrum": a, "image": a + 0.3 * b}


@pytest.mark.parametrize("ask, other", [("image", "spectrum"), ("spectrum", "image")])
def test_the_closest_are_drawn_in_order_and_the_rank_is_told(leaves, places, ask, other):
    fig, text = plot_retrieval(leaves, places, sample=3, ask=ask, n=3)
    q, g = (places[k] / np.linalg.norm(places[k], axis=1, keepdims=True) for k in (ask, other))
    order = np.argsort(-(q[3] @ g.T)).tolist()
    assert f"in place {order.index(3) + 1} of 20" in text
    titles = [ax.get_title() for ax in fig.axes]
    expected = [f"place {i + 1}:\n" + ("its own" if row == 3 else f"leaf {row}")
                for i, row in enumerate(order[:3])]  # fmt: skip
    assert titles[2:] == expected
    alike = sum(leaves.y[row] == leaves.y[3] for row in order[:3])
    assert f" {alike} of the 3 closest {'is' if alike == 1 else 'are'} of the same" in text
    drawn = [fig.axes[0], fig.axes[1], fig.axes[2]]
    for ax, name, row in zip(drawn, (ask, other, other), (3, 3, order[0]), strict=True):
        if name == "image":
            np.testing.assert_array_equal(ax.images[0].get_array(), leaves.X["image"][row])
        else:
            np.testing.assert_allclose(ax.lines[-1].get_ydata(), leaves.X["spectrum"][row])


def test_the_same_arguments_give_the_same_picture(leaves, places):
    assert to_png(plot_retrieval(leaves, places)[0]) == to_png(plot_retrieval(leaves, places)[0])


@pytest.mark.parametrize("wrong", [{"ask": "sound"}, {"sample": 20}, {"sample": -1}])
def test_what_is_not_there_cannot_be_asked_for(leaves, places, wrong):
    with pytest.raises(ValueError):
        plot_retrieval(leaves, places, **wrong)


def test_lines_are_means_and_differ_in_more_than_color():
    fig, text = plot_few_labels(SHARES, [5, 50], ceiling=0.95)
    assert text.endswith("net 60 / 85 %, early 60 / 80 %.")
    lines = [container.lines[0] for container in fig.axes[0].containers]
    np.testing.assert_allclose(lines[0].get_ydata(), [0.6, 0.85])
    assert len({line.get_marker() for line in lines}) == 2
    assert [t.get_text() for t in fig.axes[0].get_xticklabels()] == ["5", "50"]
    assert [t.get_text() for t in fig.axes[0].texts] == ["ceiling"]


def test_bars_stand_side_by_side_around_their_number_of_labels():
    fig, _ = plot_few_labels(SHARES, [5, 50], ceiling=0.95, what="joint ceiling")
    one, two = (container.lines[0].get_xdata() for container in fig.axes[0].containers)
    assert (one < two).all()
    np.testing.assert_allclose(np.sqrt(one * two), [5, 50])
    assert fig.axes[0].texts[0].get_text() == "joint ceiling"


def test_rows_must_fit_the_labels():
    with pytest.raises(ValueError, match="one row for each of the 3"):
        plot_few_labels(SHARES, [5, 10, 50])
