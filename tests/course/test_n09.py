import numpy as np

from mmlib.course.figures.n09 import plot_graph


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
