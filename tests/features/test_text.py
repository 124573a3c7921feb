"""Word vectors: counts by hand, PPMI by hand, GloVe against its own model and its gradient."""

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib import DataError
from mmlib.features.text import (
    WordMeans,
    count_neighbors,
    glove,
    glove_weight,
    nearest,
    ppmi,
    ppmi_vectors,
    weighted_regressions,
    word2vec,
)


def tasters(n=400, seed=0, n_words=12, kinds=("roast", "fruit")):
    """Notes of six words, four of them of one kind; the other two are of any note."""
    rng = np.random.default_rng(seed)
    label = rng.integers(len(kinds), size=n)
    own = [[f"{kinds[k]}{i}" for i in rng.zipf(1.3, 4) % n_words] for k in label]
    common = rng.choice(["and", "very", "taste", "a bit"], (n, 2))
    return [" ".join(rng.permutation([*a, *b])) for a, b in zip(own, common, strict=True)], label


def named(table):
    names = [f"w{k}" for k in range(len(table))]
    return pd.DataFrame(table, names, names)


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


def test_glove_gives_seen_pairs_weights_up_to_one_and_unseen_none():
    assert glove_weight([0, 1, 16, 99], x_max=16).tolist() == [0, 0.125, 1, 1]
    assert glove_weight([0, 1, 99], power=0).tolist() == [0, 1, 1]


def test_glove_refits_counts_that_its_own_model_made():
    rng = np.random.default_rng(1)
    one, own = rng.normal(size=(12, 2)), rng.normal(size=12)
    logs = one @ one.T + own[:, None] + own + 3
    fitted = glove(named(np.exp(logs)), 2, n_sweeps=400, ridge=1e-9, x_max=1e-9)[1]
    np.testing.assert_allclose(fitted, logs, atol=1e-4)


def test_glove_stops_where_the_gradient_of_its_loss_is_zero():
    """Half a sweep is exact, and from sweep to sweep the loss falls."""
    rng = np.random.default_rng(2)
    table = rng.poisson(2.0, (15, 15)).astype(float)
    table = table + table.T
    seen = table > 0
    logs, weights = np.log(np.where(seen, table, 1)), glove_weight(table)
    vectors, offsets = rng.normal(size=(15, 3)), rng.normal(size=15)
    found, own = weighted_regressions(weights, logs, vectors, offsets, 0.5)
    residual = found @ vectors.T + own[:, None] + offsets - logs
    np.testing.assert_allclose((weights * residual) @ vectors + 0.5 * found, 0, atol=1e-9)
    np.testing.assert_allclose((weights * residual).sum(1) + 0.5 * own, 0, atol=1e-9)
    losses = [
        (weights * (glove(named(table), 3, n_sweeps=n, ridge=1e-6)[1] - logs) ** 2).sum()
        for n in (1, 3, 10)
    ]
    assert losses[0] > losses[1] > losses[2]


def test_glove_without_weights_over_all_pairs_has_no_minimum():
    """The objective as a tutorial prints it: squared difference to the log share over 2 sigma²."""
    counts = count_neighbors(tasters()[0])
    fitted = glove(counts, size=3)[1]
    with np.errstate(divide="ignore"):
        terms = (fitted - np.log(counts.to_numpy())) ** 2
    assert (counts.to_numpy() == 0).any() and np.isinf(terms.sum())
    for sigma in (0.1, 10):  # no sigma helps
        assert np.isinf((terms / (2 * sigma**2)).sum())


@pytest.mark.parametrize("seed", range(10, 14))
def test_without_weights_frequent_pairs_of_other_notes_are_told_worse(seed):
    notes, _ = tasters(1600, seed, n_words=80)
    first, second = (count_neighbors(part, min_count=3) for part in (notes[:400], notes[400:]))
    second = second.reindex(first.index, axis=0).reindex(first.index, axis=1).fillna(0).to_numpy()
    often = second >= 10
    logs = np.log(np.maximum(second, 1) / 3)  # as many notes as in the first part
    error = {
        power: np.sqrt(np.mean((glove(first, 8, power=power)[1] - logs)[often] ** 2))
        for power in (0.75, 0)
    }
    assert error[0.75] < error[0]


def test_skip_gram_with_random_words_ends_at_the_mutual_information():
    """Levy & Goldberg (2014): of one pair, the best product is the log ratio minus log k."""
    together, word, neighbor, total, k = 30.0, 100.0, 60.0, 1000.0, 5
    products = np.linspace(-5, 5, 200001)
    negative = k * word * neighbor / total
    loss = together * np.logaddexp(0, -products) + negative * np.logaddexp(0, products)
    best = np.log(together * total / (word * neighbor)) - np.log(k)
    assert products[loss.argmin()] == pytest.approx(best, abs=1e-3)


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


def test_word2vec_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    monkeypatch.setitem(sys.modules, "gensim", None)
    with pytest.raises(DataError, match=r'pip install "mmlib\[text\]"'):
        word2vec(["dark"] * 9)


@pytest.mark.parametrize("skip_gram", [False, True])
def test_word2vec_finds_words_of_one_kind_and_repeats_itself(skip_gram):
    pytest.importorskip("gensim", reason='needs pip install "mmlib[text]"')
    notes, _ = tasters(1000)
    one, two = (word2vec(notes, 8, skip_gram) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert nearest(one, "fruit2", 1)[0].startswith("fruit")
    with pytest.raises(DataError, match="lower min_count"):
        word2vec(["only rare words"])
