"""Is the gain that a verdict reports the true one, and how good is the model that is kept?

``python benchmarks/gains.py FOLDER [--studies 200]`` simulates studies as ``error_rates.py`` does:
two modalities that know equally much, and their fusion, which is truly better. "race": fusion
against the single modality with the better score. "inside": against the one that three inner
folds choose in each training part, as `mmlib.evaluation.with_baseline` does. The model kept is the
one with the best score, or, as was done before, the simplest within one standard error of it;
its expected accuracy is the mean over all studies, of models trained in folds. "Trained on all":
what is kept is then fitted to all samples, and its accuracy on new ones follows from its weights.
"""

import argparse

import numpy as np
from error_rates import _blocks, _columns, _design, _oas
from scipy.special import ndtr

import mmlib
from mmlib.data.splits import group_folds, most_folds
from mmlib.evaluation.intervals import interval_by_groups, smallest_error, unsteadiness
from mmlib.evaluation.jobs import run_jobs

CELLS = {"10x30": 1.8, "40x1": 1.5, "60x5": 1.2, "10x4": 1.5}  # G x m -> shift of a class
NAMES = ("A", "B", "AB")


def job(cell, studies, seed, signal):
    """Sums over studies of gains and of the accuracy of what is kept."""
    rng = np.random.default_rng([seed, *cell.encode()])
    n_groups, per_group = map(int, cell.split("x"))
    group, y = _design(n_groups, per_group, 2, "classes in groups", rng)
    data = mmlib.MultimodalData({"table": rng.normal(size=(len(y), 2))}, y,
                                groups=None if per_group == 1 else group)  # fmt: skip
    X = _columns(studies, group, 20, rng)
    for label in range(2):
        X[:, y == label, label::10] += signal
    wrong = {name: np.empty((studies, 5, len(y)), np.float32) for name in NAMES}
    inside = np.empty_like(wrong["A"])
    folds = group_folds(data, most_folds(data, 5), 5, int(rng.integers(1_000_000)))
    for k, (train, test) in enumerate(folds):
        found = _wrong(X, y, train, test)
        for name in NAMES:
            wrong[name][:, k // 5, test] = found[name]
        part = data.take(train)
        inner = [
            _wrong(X, y, train[a], train[b]) for a, b in group_folds(part, most_folds(part, 3))
        ]
        a, b = (np.concatenate([x[name] for x in inner], 1).mean(1) for name in ("A", "B"))
        inside[:, k // 5, test] = np.where((b < a)[:, None], found["B"], found["A"])
    score = {name: 1 - x.mean((1, 2)) for name, x in wrong.items()}
    true = {"A": (score["A"] + score["B"]).mean() / 2, "AB": score["AB"].mean()}
    best = np.maximum(score["A"], score["B"])
    fused = score["AB"] > best + 0.005
    better = np.where((score["B"] > score["A"])[:, None, None], wrong["B"], wrong["A"])
    error, shown = {}, {}
    for name, x in (("race", better), ("inside", inside), ("fixed", wrong["A"])):
        sums = (x - wrong["AB"]).mean(1) @ np.eye(n_groups, dtype=np.float32)[group]
        sizes = np.bincount(group)
        mean = sums.sum(1) / len(y)
        without = (sums.sum(1, keepdims=True) - sums) / (len(y) - sizes)
        steady = unsteadiness([wrong["AB"], x], len(folds[0][0]), len(folds[0][1]), counts=True)
        least = smallest_error(mean, True, len(y) / n_groups)
        found = interval_by_groups(mean, without, sizes, steady, least=least)
        error[name], shown[name] = found.error, (found.low > 0).mean()
    far = score["AB"] - best > error["race"]
    expected = [np.where(kept, true["AB"], true["A"]).mean() for kept in (fused, far)]
    whole = _trained_on_all(X, y, signal)
    alone = np.where(score["B"] > score["A"], whole["B"], whole["A"])
    found = {
        "true": true["AB"] - true["A"],
        "race": (score["AB"] - best).mean(),
        "inside": (score["AB"] - 1 + inside.mean((1, 2))).mean(),
        **{f"shown, {name}": x for name, x in shown.items()},
        "fusion": true["AB"],
        "single": true["A"],
        "kept": expected[0],
        "kept, one error": expected[1],
        "trained on all: fusion": whole["AB"].mean(),
        "trained on all: kept": np.where(fused, whole["AB"], alone).mean(),
        "trained on all: best of each": np.max([*whole.values()], 0).mean(),
    }
    return {name: float(value) for name, value in found.items()}


def _wrong(X, y, train, test):
    """Wrong answers of discriminant analysis, model -> (studies, samples)."""
    scores = _scores(X[:, train], y[train])
    return {name: (X[:, test][:, :, _blocks(10)[name]] @ weight + offset[:, None]).argmax(2)
            != y[test] for name, (weight, offset) in scores.items()}  # fmt: skip


def _trained_on_all(X, y, signal):
    """True accuracy of the models on new groups, whose columns are normal with variance one."""
    found, shift = {}, np.zeros((2, X.shape[2]))
    for label in range(2):
        shift[label, label::10] = signal
    for name, (weight, offset) in _scores(X, y).items():
        apart = weight[:, :, 1] - weight[:, :, 0]
        middle = apart @ shift[:, _blocks(10)[name]].T + (offset[:, 1] - offset[:, 0])[:, None]
        found[name] = ndtr(middle / np.linalg.norm(apart, axis=1)[:, None] * [-1, 1]).mean(1)
    return found


def _scores(known, y):
    """Weights and offsets of each class, model -> (studies, columns, 2), (studies, 2)."""
    means = np.stack([known[:, y == c].mean(1) for c in range(2)], 1)
    rest = known - means[:, y]
    scale = rest.std(1, keepdims=True)
    rest, means = rest / scale, means / scale
    cov = rest.transpose(0, 2, 1) @ rest / len(y)
    found = {}
    for name in NAMES:
        block = _blocks(10)[name]
        center = means[:, :, block].transpose(0, 2, 1)
        weight = np.linalg.solve(_oas(cov[:, block][:, :, block], len(y)), center)
        offset = np.log(np.bincount(y) / len(y)) - (center * weight).sum(1) / 2
        found[name] = weight / scale[:, 0, block, None], offset
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--studies", type=int, default=400)
    options = parser.parse_args()
    settings = [
        {"cell": cell, "studies": 100, "seed": seed, "signal": signal}
        for seed in range(max(1, options.studies // 100))
        for cell, signal in CELLS.items()
    ]
    found = run_jobs(job, settings, options.folder)
    means = 100 * found.groupby("cell", sort=False).mean(numeric_only=True)
    print(means.drop(columns=["studies", "seed", "signal"]).round(1).to_markdown())


if __name__ == "__main__":
    main()
