"""The scale without an end: independent evidence adds up, repeated evidence does not."""

import numpy as np
import pytest

from mmlib.explain import interaction
from mmlib.explain.separation import separation


@pytest.mark.parametrize("n_classes", [2, 3, 5, 12])
def test_a_share_leads_back_to_the_distance_it_came_from(n_classes):
    rng = np.random.default_rng(0)
    for distance in (0.0, 0.7, 2.0, 4.0):
        heard = rng.normal(size=(200_000, n_classes))
        heard[:, 0] += distance
        share = (heard.argmax(1) == 0).mean()
        luck = 0.05 + 0.03 * distance
        assert separation(share, n_classes) == pytest.approx(distance**2, abs=luck)


def shares(first, second, n_classes=4, alike=False):
    """Right answers of two sources and of both, by how far each sets classes apart."""
    rng, n = np.random.default_rng(1), 200_000
    noise = rng.normal(size=(2, n, n_classes))
    if alike:
        noise[1] = noise[0]
    heard = noise.copy()
    for source, distance in zip(heard, (first, second), strict=True):
        source[:, 0] += distance
    both = heard[0] if alike else first * heard[0] + second * heard[1]
    right = [(x.argmax(1) == 0).mean() for x in (*heard, both)]
    names = frozenset("a"), frozenset("b"), frozenset("ab")
    return {frozenset(): 1 / n_classes} | dict(zip(names, right, strict=True))


@pytest.mark.parametrize("strength", [1.0, 2.0, 2.8])
def test_independent_sources_do_not_seem_to_repeat_each_other(strength):
    worth = shares(strength, strength)
    apart = {team: separation(share, 4) for team, share in worth.items()}
    assert abs(interaction(apart, "a", "b")) < 0.05 * apart[frozenset("ab")] + 0.05
    if strength > 1.5:  # while in right answers there is no room left
        assert interaction(worth, "a", "b") < -0.1


def test_copies_repeat_each_other_as_much_as_one_of_them_is_worth():
    apart = {team: separation(share, 4) for team, share in shares(2.0, 2.0, alike=True).items()}
    assert interaction(apart, "a", "b") == pytest.approx(-apart[frozenset("a")])


def test_ends_and_arrays():
    assert separation(0.1, 2) == 0 and separation(1.0, 2) == 64 == separation([1.0], 5)[0]
    assert (np.diff(separation(np.linspace(0.2, 0.999, 50), 5)) > 0).all()
