"""What fusion gains on the real data sets, with plain scikit-learn models.

``python benchmarks/real_data.py [--repeats 5]`` prints a Markdown table: every modality alone,
the fusions, and the gain of the best fusion over the best single modality, split by the rule of
each data card. One row shows what the same models score when the split ignores the regions.

Brackets hold 95 % intervals (`mmlib.evaluation.interval_by_groups`). R2 is that of all samples
together.
"""

import argparse
from itertools import pairwise

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import mmlib
from mmlib import Select


class Product(ClassifierMixin, BaseEstimator):
    """Late fusion: the probabilities of several models, multiplied."""

    def __init__(self, models):
        self.models = models

    def fit(self, X, y):
        self.fitted_ = [clone(model).fit(X, y) for model in self.models]
        self.classes_ = self.fitted_[0].classes_
        return self

    def predict_proba(self, X):
        product = np.prod([model.predict_proba(X) for model in self.fitted_], axis=0)
        return product / product.sum(1, keepdims=True)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(1)]


def forest(*blocks):
    return make_pipeline(make_union(*blocks), RandomForestClassifier(200, random_state=0))


def forest_regression(*blocks):
    trees = ExtraTreesRegressor(100, min_samples_leaf=2, max_features=0.4, random_state=0)
    return make_pipeline(make_union(*blocks), trees)


def discriminant(*blocks):
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
    return make_pipeline(make_union(*blocks), model)


def ridge(*blocks):
    return make_pipeline(make_union(*blocks), RidgeCV(np.logspace(-2, 4, 13)))


def logistic(*blocks):
    return make_pipeline(make_union(*blocks), LogisticRegression(C=0.01, max_iter=2000))


def columns(modality, function, *steps):
    return make_pipeline(Select(modality), FunctionTransformer(function), *steps)


def flat(X):
    return X.reshape(len(X), -1)


def canopy(X):
    """Color and texture of whole pictures: there is no background to cut away."""
    from mmlib.features.measures import color_features, texture_features

    X = X / 255
    everything = np.ones(X.shape[:3], bool)
    found = color_features(X, everything) | texture_features(X, everything)
    return np.column_stack(list(found.values()))


def sound(X, bands=20, parts=8):
    """Log energy in mel bands over eight parts of the word, without its loudness."""
    from scipy.signal import stft

    frequency, _, spectrum = stft(X / 2**15, fs=8000, nperseg=256, noverlap=128, axis=1)
    mel = np.linspace(0, 2595 * np.log10(1 + 4000 / 700), bands + 1)  # O'Shaughnessy's scale
    edge = 700 * (10 ** (mel / 2595) - 1)
    inside = [(low <= frequency) & (frequency <= high) for low, high in pairwise(edge)]
    energy = np.stack([(abs(spectrum[:, band]) ** 2).mean(1) for band in inside], axis=1)
    rows = []
    for one, wave in zip(energy, X, strict=True):
        frames = max(int(np.flatnonzero(wave)[-1]) // 128 + 1, parts)
        log = np.log(one[:, :frames] + 1e-7)
        rows.append([part.mean(1) for part in np.array_split(log - log.mean(), parts, axis=1)])
    return np.array(rows).reshape(len(X), -1)


def alone(model, blocks):
    return {f"{key} only": model(block) for key, block in blocks.items()}


def studies(repeats):
    """Name, data, models, folds, repeats."""
    houston = mmlib.load_houston2013()
    spectrum = columns("spectrum", flat, PCA(30, random_state=0))
    height = columns("height", flat, PCA(8, random_state=0))
    models = alone(forest, {"spectrum": spectrum, "height": columns("height", flat)})
    models["early"] = forest(spectrum, height)
    yield "Houston, by region", houston, models, 2, repeats
    torn = houston.take(np.arange(len(houston)))
    torn.groups = None
    yield "Houston, random split: leaks", torn, models, 2, repeats

    blocks = {
        "spectrum": columns("spectrum", flat, StandardScaler(), PCA(40, random_state=0)),
        "image": columns("image", canopy, StandardScaler()),
        "height": columns("height", flat, StandardScaler()),
    }
    for target, model in (("species", discriminant), ("stem_diameter", forest_regression)):
        models = alone(model, blocks) | {"early": model(*blocks.values())}
        yield f"trees, {target}, by plot", mmlib.load_idtrees2020(target), models, 5, repeats

    for name, target, keys in (
        ("SA.112", "pH", ["spectrum", "terrain"]),
        ("SA.112", "pH", ["spectrum", "terrain", "sensors"]),
        ("SA.112", "organic_carbon", ["spectrum", "terrain"]),
        ("BB.250", "organic_carbon", ["satellite", "sensors"]),
    ):
        blocks = {key: columns(key, flat, StandardScaler()) for key in keys}
        models = alone(ridge, blocks) | {"early": ridge(*blocks.values())}
        split = "by block" if name == "BB.250" else "random: optimistic"
        data = mmlib.load_soil(name, target)
        yield f"soil {name}, {target}, {split}", data, models, 5, repeats

    digits = mmlib.load_digits_and_speech(noise=0.9)
    blocks = {
        "audio": columns("audio", sound, StandardScaler()),
        "image": columns("image", flat, StandardScaler()),
    }
    models = alone(logistic, blocks)
    models |= {"early": logistic(*blocks.values()), "late": Product(list(models.values()))}
    yield "speech and noisy digits, one speaker out", digits, models, 6, 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print("| data and split | one modality | fused | gain |\n|---|---|---|---|")
    for name, data, models, folds, repeats in studies(options.repeats):
        result = mmlib.compare(models, data, n_folds=folds, n_repeats=repeats)
        score = "R2" if data.task == "regression" else "accuracy"
        score_of = {name: result.left_out(name, score) for name in result.models}
        single, fused = (
            max(
                (m for m in models if result.presets[m].alone is alone),
                key=lambda m: score_of[m][0],
            )
            for alone in (True, False)
        )

        def show(values, names, form=".3f", result=result):
            mean, low, high = result.judge(values, names)[:3]
            return f"{mean:{form}} [{low:{form}}, {high:{form}}]"

        cells = [f"{m.removesuffix(' only')} {show(score_of[m], [m])}" for m in models]
        n = sum(preset.alone for preset in result.presets.values())
        more = score_of[fused] - score_of[single]
        gain = f"{fused} over {single}: {show(more, [fused, single], '+.3f')}"
        one, both = ", ".join(cells[:n]), ", ".join(cells[n:])
        print(f"| {name} ({score}) | {one} | {both} | {gain} |", flush=True)


if __name__ == "__main__":
    main()
