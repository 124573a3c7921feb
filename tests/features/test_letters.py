"""What texts look like: another language or script is far away, and nothing is fitted."""

import numpy as np
import pytest

from mmlib.evaluation.applicability import ApplicabilityDomain
from mmlib.features.letters import letter_shares

ENGLISH = "dark roast smoky and bitter with some fruit a bit of honey lemon tea clean sweet".split()


def notes(n=80, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([" ".join(rng.choice(ENGLISH, rng.integers(5, 12))) for _ in range(n)], object)


@pytest.mark.parametrize(
    "text", ["горький вкус дыма и золы", "苦味强烈有烟熏味", "x" * 90, "7 7 7 7"]
)
def test_a_text_in_another_script_or_without_words_is_unlike_the_training(text):
    domain = ApplicabilityDomain().fit({"text": notes()})
    new = np.array([*notes(20, seed=1), text], object)
    found = domain.is_new({"text": new})["text"]
    assert found[-1] and found[:-1].mean() < 0.2


def test_shares_add_up_and_rows_do_not_depend_on_each_other():
    texts = ["Süß 12!", "", "ü u\u0308"]
    rows = letter_shares(texts)
    assert rows[0, :32].sum() == pytest.approx(1) and not rows[1].any()
    np.testing.assert_array_equal(rows[2], letter_shares(["ü ü"])[0])
    np.testing.assert_array_equal(rows[:1], letter_shares(texts[:1]))
