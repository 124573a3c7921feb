"""What fusion gains on the real data sets, with plain scikit-learn models.

``python benchmarks/real_data.py [--repeats 5]`` prints a Markdown table: the single modalities,
early fusion, and the gain of fusion over the best single modality with its 95 % interval, split
by the rule of each data card. One row shows what the same models score when the split ignores
the regions.
"""

import argparse

import numpy as np
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import mmlib
from mmlib import Select
from mmlib.features import ColorTexture


def forest(*blocks):
    model = RandomForestClassifier(200, min_samples_leaf=2, random_state=0)
    return make_pipeline(make_union(*blocks), model)


def discriminant(*blocks):
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")
    return make_pipeline(make_union(*blocks), model)


def ridge(*blocks):
    return make_pipeline(make_union(*blocks), RidgeCV(np.logspace(-2, 4, 13)))


def flat(modality):
    return make_pipeline(Select(modality), FunctionTransformer(_flatten))


def _flatten(X):
    return X.reshape(len(X), -1)


def scaled(modality, components=None):
    steps = [Select(modality), StandardScaler()]
    return make_pipeline(*steps, *([PCA(components, random_state=0)] if components else []))


def studies():
    """Name, data, blocks by modality, model around blocks, folds."""
    houston = mmlib.load_houston2013()
    yield (
        "Houston, by region",
        houston,
        {"spectrum": flat("spectrum"), "height": flat("height")},
        forest,
        2,
    )
    ungrouped = houston.take(np.arange(len(houston)))
    ungrouped.groups = None
    yield (
        "Houston, random split: leaks",
        ungrouped,
        {"spectrum": flat("spectrum"), "height": flat("height")},
        forest,
        2,
    )
    pictures = make_pipeline(Select("image"), ColorTexture(shape=False), StandardScaler())
    for target, model in (("species", discriminant), ("stem_diameter", ridge)):
        blocks = {
            "spectrum": scaled("spectrum", 40),
            "image": pictures,
            "height": scaled("height"),
        }
        yield f"trees, {target}, by plot", mmlib.load_idtrees2020(target), blocks, model, 5
    for name, target in (
        ("SA.112", "pH"),
        ("SA.112", "organic_carbon"),
        ("BB.250", "organic_carbon"),
    ):
        data = mmlib.load_soil(name, target)
        first, *others = data.modalities
        blocks = {first: scaled(first, 10)} | {key: scaled(key) for key in others}
        yield f"soil {name}, {target}", data, blocks, ridge, 5


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print("| data and split | single modalities | early fusion | gain over the best single |")
    print("|---|---|---|---|")
    for name, data, blocks, model, folds in studies():
        models = {f"{key} only": model(block) for key, block in blocks.items()}
        models["early"] = model(*blocks.values())
        result = mmlib.compare(models, data, n_folds=folds, n_repeats=options.repeats)
        metric = "R2" if data.task == "regression" else "accuracy"
        mean = result.scores.groupby("model")[metric].mean()
        singles = mean.drop("early")
        gain = result.paired("early", singles.idxmax(), metric)
        listed = ", ".join(f"{key} {mean[f'{key} only']:.3f}" for key in blocks)
        print(
            f"| {name} ({metric}) | {listed} | {mean['early']:.3f} "
            f"| {gain[0]:+.3f} [{gain[1]:+.3f}, {gain[2]:+.3f}] |",
            flush=True,
        )


if __name__ == "__main__":
    main()
