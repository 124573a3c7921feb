"""Ways to fool oneself, each beside the right way.

Every function makes a mistake on purpose and returns two accuracies: what the mistake
reports, and what the same procedure is worth when it is judged fairly. They are for
teaching; nothing else in mmlib uses them.
"""

from typing import NamedTuple

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ..data.splits import group_folds
from ..evaluation.compare import compare


class Claim(NamedTuple):
    """What a mistake reports, and what is true; both are accuracies.

    Examples
    --------
    >>> from mmlib.course.mistakes import Claim
    >>> print(Claim(reported=0.553, fair=0.25))
    reported: 55 %, judged fairly: 25 %
    """

    reported: float
    fair: float

    def __str__(self):
        return f"reported: {100 * self.reported:.0f} %, judged fairly: {100 * self.fair:.0f} %"


def noise(n=100, columns=2000, classes=4, random_state=0):
    """Random numbers and random labels: nothing to learn, so chance is all there is."""
    rng = np.random.default_rng(random_state)
    return rng.standard_normal((n, columns)), rng.permutation(np.arange(n) % classes)


def repeat(mistake, times=20):
    """The mean claim of a mistake made with the seeds 0, 1, 2, ...: one seed is an anecdote."""
    return Claim(*np.mean([mistake(random_state=seed) for seed in range(times)], axis=0).tolist())


def select_before_split(k=20, random_state=0):
    """On noise, choose the `k` best columns with all samples, then cross-validate on them.

    The columns were chosen with the labels of the test samples. The fair way chooses them
    anew in each fold, from its training part.
    """
    X, y = noise(random_state=random_state)
    model = KNeighborsClassifier(5)
    best = SelectKBest(f_classif, k=k)
    return Claim(
        _cross_validate(model, best.fit_transform(X, y), y),
        _cross_validate(make_pipeline(best, model), X, y),
    )


def scale_before_split(random_state=0):
    """On noise, standardize with the mean and spread of all samples, then cross-validate."""
    X, y = noise(columns=50, random_state=random_state)
    model = SVC()
    return Claim(
        _cross_validate(model, StandardScaler().fit_transform(X), y),
        _cross_validate(make_pipeline(StandardScaler(), model), X, y),
    )


def borrow_scaler(data, n_folds=5):
    """Standardize spectra with the means and spreads of as many pixels.

    This mistake reports too little. One scaler over all columns side by side would do no
    harm: it treats each column by itself.
    """

    spectra = np.asarray(data.X["spectrum"], float)
    pixels = data.X["image"].reshape(len(data), -1)[:, : spectra.shape[1]].astype(float)
    scores = []
    for train, test in group_folds(data, n_folds):
        for fitted_on in (pixels, spectra):
            scaler = StandardScaler().fit(fitted_on[train])
            model = SVC(gamma=1 / spectra.shape[1])
            model.fit(scaler.transform(spectra[train]), data.y[train])
            scores.append(model.score(scaler.transform(spectra[test]), data.y[test]))
    return Claim(np.mean(scores[::2]), np.mean(scores[1::2]))


def score_on_training_samples(random_state=0):
    """On noise, late fusion of two forests, scored on the samples they were trained on.

    Each forest has ten columns of its own; their probabilities are averaged. The fair
    score is that of a second half of the samples, which the forests have not seen.
    """
    X, y = noise(columns=20, random_state=random_state)
    # With uneven halves a class common in one is rare in the other: below chance.
    half, other = train_test_split(
        np.arange(len(y)), test_size=0.5, stratify=y, random_state=random_state
    )
    average = np.zeros((len(y), len(np.unique(y))))
    for block in (X[:, :10], X[:, 10:]):
        forest = RandomForestClassifier(50, random_state=random_state).fit(block[half], y[half])
        average += forest.predict_proba(block)
    right = np.unique(y)[average.argmax(1)] == y
    return Claim(right[half].mean(), right[other].mean())


def choose_on_test_samples(settings=100, n_test=40, classes=4, random_state=0):
    """Take the best of many settings (or epochs) by test score, and report that score.

    The labels are noise, so every setting only guesses. The fair score is that of the
    chosen setting on new samples.
    """
    rng = np.random.default_rng(random_state)
    truth = rng.integers(classes, size=2 * n_test)
    right = rng.integers(classes, size=(settings, 2 * n_test)) == truth
    tested, fresh = right[:, :n_test].mean(1), right[:, n_test:].mean(1)
    return Claim(tested.max(), fresh[tested.argmax()])


def split_at_random(model, data, n_folds=5):
    """Ignore the groups, so that siblings stand on both sides of the split."""

    torn = data.take(np.arange(len(data)))
    torn.groups = None
    options = {"n_folds": n_folds, "n_repeats": 1}
    return Claim(
        compare({"model": model}, torn, **options).table["mean"].item(),
        compare({"model": model}, data, **options).table["mean"].item(),
    )


def fits(report, y):
    """Whether a confusion matrix can be about the samples with the labels `y`.

    Its rows must add up to how often each class occurs. A report that fails this is
    about other samples. One that passes may still be another model's: only computing it
    anew shows that.
    """
    counts = np.unique(y, return_counts=True)[1]
    rows = np.asarray(report).sum(1)
    return len(rows) == len(counts) and bool((rows == counts).all())


def _cross_validate(model, X, y):
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_score(model, X, y, cv=folds).mean()
