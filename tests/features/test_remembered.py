"""The same question is answered once, and no other question gets its answer."""

import numpy as np
import pytest

from mmlib.features.remembered import remembered


@pytest.fixture
def asked():
    return []


@pytest.fixture
def mean(asked):
    @remembered(most=2)
    def mean(x, labels=None):
        asked.append(x.copy())
        return x.mean()

    return mean


def test_the_same_question_is_answered_once(mean, asked):
    assert mean(np.arange(3.0)) == mean(np.arange(3.0)) == 1
    assert len(asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        (np.array([0, 1, 2.0000001]),),
        (np.arange(3),),
        (np.arange(3.0)[:, None],),
        (np.arange(3.0), np.array(["a", "b"])),
    ],
    ids=["value", "kind of number", "shape", "labels"],
)
def test_another_question_is_not_given_the_answer(mean, asked, other):
    mean(np.arange(3.0), np.array(["a", "a"]))
    mean(*other)
    assert len(asked) == 2


def test_an_array_that_was_changed_in_place_is_another_question(mean):
    x = np.zeros(3)
    before = mean(x)
    x += 1
    assert (before, mean(x)) == (0, 1)


def test_the_oldest_answer_goes_first(mean, asked):
    for value in (0, 1, 2, 2, 1, 0):
        assert mean(np.full(3, value)) == value
    assert len(asked) == 4  # of the first, which had gone, it is asked again


def test_a_question_that_failed_is_asked_again():
    @remembered(most=2)
    def moody(tries):
        tries.append(1)
        raise ValueError(f"{len(tries)} tries")

    tries = []
    for _ in range(2):
        tries.clear()
        with pytest.raises(ValueError, match="1 tries"):
            moody(tries)
