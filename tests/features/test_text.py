"""Word vectors: neighbors counted by hand, PPMI by hand, means of words."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tasting_notes import named, tasters

from mmlib import DataError
from mmlib.features.glove import glove
from mmlib.features.text import WordMeans, count_neighbors, nearest, ppmi, ppmi_vectors


@pytest.mark.parametrize("by_distance, far", [(True, 0.5), (False, 1.0)])
def test_neighbors_are_counted_within_the_window_and_in_both_directions(by_distance, far):
    counts = count_neighbors(["Dark, smoky; ash ash"], 2, min_count=1, by_distance=by_distance)
    assert counts.index[0] == "ash" and counts.columns.equals(counts.index)
    assert counts.loc["dark", "smoky"] == 1 and counts.loc["dark", "ash"] == far
    assert counts.loc["smoky", "ash"] == 1 + far and counts.loc["ash", "ash"] == 2
    np.testing.assert_array_equal(counts, counts.T)


def test_a_rare_word_keeps_its_place_but_has_no_row():
    counts = count_neighbors(["dark odd smoky", "dark odd2 smoky"], window=1, min_count=2)
    assert counts.index.tolist() == ["dark", "smoky"] and not counts.to_numpy().any()


def test_no_text_and_only_rare_words_are_said():
    for notes in ([], ["a b c"], ["rare words only"]):
        with pytest.raises(DataError, match="lower min_count"):
            count_neighbors(notes)


def test_ppmi_is_the_log_of_observed_over_expected_cut_at_zero():
    table = np.array([[8.0, 1, 0], [1, 4, 2], [0, 2, 6]])
    got = ppmi(named(table), smoothing=1).to_numpy()
    for i, j in np.ndindex(3, 3):
        expected = table[i].sum() * table[:, j].sum() / table.sum()
        want = max(0.0, np.log(table[i, j] / expected)) if table[i, j] else 0.0
        assert got[i, j] == pytest.approx(want)


def test_smoothing_makes_rare_neighbors_count_for_less():
    table = named(np.array([[0, 90, 2.0], [90, 0, 0], [2, 0, 0]]))
    assert ppmi(table).iloc[0, 2] < ppmi(table, smoothing=1).iloc[0, 2]


def test_all_components_give_the_table_back():
    notes, _ = tasters()
    table = ppmi(count_neighbors(notes))
    vectors = ppmi_vectors(notes, size=999)
    assert vectors.shape == table.shape
    left, values, _ = np.linalg.svd(table)
    np.testing.assert_allclose(np.abs(vectors), np.abs(left * np.sqrt(values)), atol=1e-6)


@pytest.mark.parametrize(
    "learn, least",
    [(ppmi_vectors, 0.9), (lambda notes: glove(count_neighbors(notes), ridge=1)[0], 0.75)],
)
def test_vectors_learned_without_labels_tell_two_kinds_of_notes_apart(learn, least):
    notes, label = tasters(1600, n_words=40)
    means = WordMeans(learn(notes)).fit_transform(notes)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(means[:60], label[:60])
    assert model.score(means[60:], label[60:]) > least


def test_the_nearest_word_is_of_the_same_kind():
    vectors = ppmi_vectors(tasters(800)[0])
    for word, kind in (("roast2", "roast"), ("fruit2", "fruit")):
        assert nearest(vectors, word, 1)[0].startswith(kind)


def test_a_note_is_the_mean_of_its_words_and_the_order_is_lost():
    vectors = pd.DataFrame([[1.0, 0], [0, 3]], ["bitter", "sweet"])
    means = WordMeans(vectors).fit_transform(["Bitter bitter, sweet", "sweet bitter bitter", "x"])
    np.testing.assert_allclose(means, [[2 / 3, 1], [2 / 3, 1], [0, 0]])


def test_vectors_are_learned_from_the_training_texts_only():
    notes, label = tasters()
    model = make_pipeline(WordMeans(), LogisticRegression())
    fitted = clone(model).fit([*notes[:200], "novel novel novel novel novel"], [*label[:200], 0])
    assert "novel" in fitted[0].vectors_.index
    fitted = model.fit(notes[:200], label[:200])
    pd.testing.assert_frame_equal(fitted[0].vectors_, ppmi_vectors(notes[:200]))
    assert fitted.score(notes[200:], label[200:]) > 0.9


def test_word_means_refuse_what_is_no_table():
    with pytest.raises(DataError, match="one row for each word"):
        WordMeans({"dark": [1.0]}).fit(["dark"])


def test_a_word_without_vector_is_said():
    with pytest.raises(DataError, match="'tea' has no vector"):
        nearest(pd.DataFrame([[1.0]], ["mud"]), "tea")
