"""What notebook 21 says in words, over several seeds: other takes, pictures, noise, sentences."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.course import sound_study as study
from mmlib.data.clues import digit_sentences, sentence_ceilings
from mmlib.features import frames, sound

SEEDS = range(101, 106)
MODEL = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000, tol=1e-8))


def load(seed):
    return mmlib.load_digits_and_speech(noise=0.9, random_state=seed)


@pytest.fixture(scope="module")
def scores():
    """Seed -> model x speaker; what the random split says; what small references are worth."""
    new, mixed, reference = {}, {}, {}
    for seed in SEEDS:
        digits = load(seed)
        audio, speakers = digits.X["audio"], digits.groups
        table = sound.mfcc(sound.log_mel(audio))
        lengths = frames.lengths_of(audio, 200, 80, at_least=8)
        tables = {
            "MFCC": table,
            "spliced": frames.splice(table),
            "recording": frames.reference(table, lengths),
            "speaker": frames.reference(table, lengths, by=speakers),
        }
        X = {name: frames.part_means(one, 8, lengths) for name, one in tables.items()}
        reference[seed] = scores_of_small_references(digits, table, lengths, X)
        X["no time"] = frames.part_means(tables["recording"], 1, lengths)
        models = {name: make_pipeline(mmlib.Select(name), *MODEL) for name in X}
        result = mmlib.compare(models, mmlib.MultimodalData(X, digits.y, speakers), 6, 1)
        right = {name: result.predictions[name][0] == digits.y for name in X}
        new[seed] = pd.DataFrame(right).groupby(speakers).mean().T
        mixed[seed] = mmlib.compare(models, mmlib.MultimodalData(X, digits.y), 6, 1).table["mean"]
    return new, mixed, reference


def scores_of_small_references(digits, table, lengths, X):
    """Accuracy on new speakers whose reference was made from 1 or from 20 recordings."""
    rng, right = np.random.default_rng(0), {1: [], 20: []}
    for who in np.unique(digits.groups):
        new = digits.groups == who
        MODEL.fit(X["speaker"][~new], digits.y[~new])
        for n in right:
            for _ in range(3):
                some = rng.choice(np.flatnonzero(new), n, replace=False)
                mean = np.concatenate([table[k, : lengths[k]] for k in some]).mean(axis=0)
                right[n].append(MODEL.score(X["MFCC"][new] - np.tile(mean, 8), digits.y[new]))
    return {n: np.mean(values) for n, values in right.items()}


def test_the_random_split_gives_all_a_high_score_and_praises_splicing(scores):
    new, mixed, _ = scores
    for seed in SEEDS:
        assert mixed[seed].drop("no time").min() > 0.85
        assert mixed[seed]["spliced"] > mixed[seed]["MFCC"]
        mean = new[seed].mean(axis=1)
        assert mean["spliced"] < mean["MFCC"] < mixed[seed]["MFCC"] - 0.1
        assert abs(mixed[seed]["speaker"] - mixed[seed]["MFCC"]) < 0.02


def test_the_mean_of_the_speaker_helps_that_of_the_recording_hurts(scores):
    for table in scores[0].values():
        mean = table.mean(axis=1)
        assert mean["recording"] < mean["MFCC"] - 0.03
        assert mean["speaker"] > mean["MFCC"] + 0.03
        assert mean["speaker"] > mean["recording"] + 0.1


def test_a_reference_needs_some_recordings_but_not_many(scores):
    for seed in SEEDS:
        mean = scores[0][seed].mean(axis=1)
        assert scores[2][seed][1] < mean["MFCC"] < scores[2][seed][20] > mean["speaker"] - 0.04


def test_the_two_speakers_who_were_understood_worst_gain_more_than_the_others(scores):
    for table in scores[0].values():
        gain = (table.loc["speaker"] - table.loc["MFCC"])[table.loc["MFCC"].sort_values().index]
        assert gain[:2].mean() > gain[2:].mean() + 0.02


def test_the_mean_of_what_has_no_mean_tells_nothing(scores):
    assert all(table.loc["no time"].mean() < 0.16 for table in scores[0].values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_histogram_bears_disorder_and_frequencies_bear_a_shift(seed):
    rng, written = np.random.default_rng(seed), load_digits()
    plain = written.images
    shuffled = np.array([rng.permuted(p) for p in plain])
    steps = rng.integers(8, size=len(plain))
    shifted = np.array([np.roll(p, s, axis=1) for p, s in zip(plain, steps, strict=True)])

    def score(x):
        return cross_val_score(MODEL, x.reshape(len(x), -1), written.target, cv=5).mean()

    def counts(p):
        return np.array([np.bincount(x.astype(int).ravel(), minlength=17) for x in p])

    def sizes(p):
        return np.abs(np.fft.fft2(p))

    assert (counts(plain) == counts(shuffled)).all() and score(counts(plain)) < 0.35
    assert np.allclose(sizes(plain), sizes(shifted)) and score(sizes(plain)) > 0.75
    assert score(sizes(shuffled)) < 0.25 and score(shuffled) < 0.15
    assert score(shifted) < score(sizes(shifted)) - 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_product_of_three_gains_much_and_is_no_worse_than_one_table(seed):
    data = study.three_modalities(load(seed), random_state=seed)
    fitted = {name: model for name, model in study.models().items() if "linear" in name}
    mean = study.means(study.run(data, fitted))["mean"]
    product = mean["product of linear models"]
    assert product > mean["sound only, linear"] + 0.03
    assert product > mean["one linear model, early"] - 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bag_of_words_stays_below_its_ceiling_and_pairs_of_words_above_it(seed):
    y = np.tile(np.arange(10), 300)
    texts, best = digit_sentences(y, random_state=seed), sentence_ceilings()
    last = LogisticRegression(C=0.1, max_iter=1000, tol=1e-8)
    score = {
        n: cross_val_score(
            make_pipeline(CountVectorizer(ngram_range=(1, n)), last), texts, y
        ).mean()
        for n in (1, 2)
    }
    assert score[1] < best["as a bag"] + 0.02
    assert best["as a bag"] + 0.05 < score[2] < best["in order"] + 0.02
