"""Counting against vectors: who is labeled, who is tested, and what the stored table says."""

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.course import word_study
from mmlib.data import Samples
from mmlib.evaluation import interval


def panel(n_tasters=24, seed=0):
    """Two coffees a taster, each told by a word of its own and some that tell nothing."""
    rng = np.random.default_rng(seed)
    y = np.tile([0, 1], n_tasters)
    common = rng.choice(["and", "very", "taste", "nice"], (len(y), 3))
    own = np.array([["smoky", "burnt"], ["lemon", "lime"]])[y, rng.integers(2, size=len(y))]
    data = mmlib.MultimodalData({"n": rng.random((len(y), 1))}, y, np.repeat(range(n_tasters), 2))
    notes = [" ".join([*some, word]) for some, word in zip(common, own, strict=True)]
    data.X = Samples(notes=np.array(notes, object))
    return data


def test_the_stored_table_is_whole():
    table = word_study.stored()
    names = [word_study.COUNTING, *word_study.LEARNERS]
    assert len(table) == len(names) * len(word_study.TASTERS) * table["draw"].nunique()
    assert table["draw"].nunique() == 10 and not table.isna().to_numpy().any()
    assert list(dict.fromkeys(table["model"])) == names
    assert table["accuracy"].between(0.25, 0.7).all()


def test_a_draw_by_itself_is_that_of_the_whole_run():
    data, options = panel(), {"tasters": [6, 12], "learners": ["PPMI + SVD"], "draws": 3}
    whole, part = (word_study.run(data, only=o, **options) for o in (None, [2]))
    assert len(whole) == 3 * 2 * 2
    pd.testing.assert_frame_equal(part, whole[whole["draw"] == 2].reset_index(drop=True))


@pytest.mark.parametrize("taught", [False, True])
def test_neither_labels_nor_notes_of_the_tested_tasters_reach_a_model(taught, monkeypatch):
    """What they wrote, and what it was, may be anything: all models are the same."""
    data, learned = panel(), []
    parts = np.array_split(np.random.default_rng(0).permutation(24), 3)
    tested = np.isin(data.groups, parts[0])
    if taught:
        data.X["notes"][tested] = "secret secret secret secret secret"
        data.y[tested] = 0

    def learn(notes):
        learned.extend(notes)
        return word_study.ppmi_vectors(notes, 4)

    monkeypatch.setitem(word_study.LEARNERS, "PPMI + SVD", learn)
    word_study.run(data, [16], ["PPMI + SVD"], draws=3, only=[0])
    assert sorted(learned) == sorted(panel().X["notes"][~tested])


def test_no_draw_shares_a_tested_taster_with_another():
    data, seen = panel(), []
    for draw in range(3):
        before = data.take(np.arange(len(data)))
        parts = np.array_split(np.random.default_rng(0).permutation(24), 3)
        before.y = np.where(np.isin(data.groups, parts[draw]), 1 - data.y, data.y)
        table = word_study.run(before, [16], [], draws=3, only=[draw])
        seen.append(table["accuracy"].item())  # only the test was turned round
    assert max(seen) < 0.1


def test_too_many_labeled_tasters_are_refused():
    with pytest.raises(mmlib.DataError, match="17 tasters are wanted, but 16 are left"):
        word_study.run(panel(), [17], [], draws=3)


def test_means_correct_for_tasters_that_draws_share():
    table = word_study.stored()
    wide = table.pivot(index=["tasters", "draw"], columns="model", values="accuracy")
    gain = wide["CBOW"] - wide["TF-IDF"]
    found = word_study.means(table, over="TF-IDF").loc["CBOW"]
    for n, shared in ((100, 0), (1000, 216.2)):
        np.testing.assert_allclose(found.loc[n], interval(gain[n], n, shared))
    assert "TF-IDF" not in word_study.means(table, over="TF-IDF").index.get_level_values("model")
    assert len(word_study.means(table)) == 25


def test_the_lesson_s_sentence_stands_in_the_stored_table():
    """word2vec is ahead with 10 and 30 tasters; with 1000 counting is ahead of GloVe and CBOW."""
    gain = word_study.means(word_study.stored(), over="TF-IDF")
    for name in ("CBOW", "skip-gram"):
        assert gain.loc[name, 10]["low"] > 0 and gain.loc[name, 30]["low"] > 0
        assert gain.loc[name, 300]["low"] < 0 < gain.loc[name, 300]["high"]
        assert gain.loc[name, 1000]["high"] < 0
    assert (gain.xs(1000, level="tasters")["mean"] < 0).all()
    assert (gain.xs(10, level="tasters")["mean"] > 0).all()


def test_what_a_missing_extra_says():
    try:
        import gensim  # noqa: F401
    except ImportError:
        with pytest.raises(mmlib.DataError, match=r"mmlib\[text\]"):
            word_study.run(panel(), [6], ["CBOW"], draws=3)
