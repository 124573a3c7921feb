"""How many groups show which gain? The table behind `mmlib.evaluation.planning`.

``python benchmarks/power.py FOLDER [--studies 1000] [--write]`` simulates studies of known truth:
two modalities of ten columns, two or four classes, and linear discriminant analysis with OAS
shrinkage of the better modality alone and of both, in the project's own folds, judged by its own
interval. Every study is judged at all strengths of both modalities: these only
move the means of the classes. A fusion is "shown to help" as `mmlib.evaluation.verdict` says
it. What was simulated is then read off at round accuracies and gains, and written into the package
(``--write``) as ``mmlib/evaluation/power.csv``. Whatever is done is kept in FOLDER.
"""

import argparse
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from error_rates import _oas
from scipy.special import nctdtr, stdtrit
from scipy.stats import norm

import mmlib
from mmlib.data.splits import group_folds, most_folds
from mmlib.evaluation import power_table
from mmlib.evaluation.intervals import interval_by_groups, smallest_error, unsteadiness
from mmlib.evaluation.jobs import run_jobs

COLUMNS, REPEATS = 10, 5
FIRST = (
    0.5,
    0.7,
    0.9,
    1.15,
    1.5,
    1.9,
    2.5,
    3.2,
    4.2,
    5.5,
)  # shift of a class in the better modality
SECOND = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0, 1.25, 1.6)  # that of the other, as a share
GROUPS = (12, 20, 40, 80, 160, 320, 640, 1280)
MOST = 3200  # samples of a study
PER_GROUP = (1, 3, 10)
CLASSES = (2, 4)
ALIKE = (0.2, 0.5, 0.8)
ACCURACY = (0.6, 0.7, 0.8, 0.9)
DESIGN = ("classes", "groups", "per_group", "alike")
GAIN = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16)


def job(classes, groups, per_group, alike, studies, seed):
    """One row for each pair of strengths: sums over studies."""
    rng = np.random.default_rng([seed, classes, groups, per_group, round(100 * alike)])
    group = np.repeat(np.arange(groups), per_group)
    y = group % classes
    given = None if per_group == 1 else group
    data = mmlib.MultimodalData({"table": np.zeros((len(y), 1))}, y, groups=given)
    n_folds = most_folds(data, 5)
    folds = group_folds(data, n_folds, REPEATS, int(rng.integers(1_000_000)))
    shared = rng.normal(size=(studies, groups, 2 * COLUMNS))[:, group]
    X = alike**0.5 * shared + (1 - alike) ** 0.5 * rng.normal(size=shared.shape)
    pairs = list(product(FIRST, SECOND))
    alone = np.empty((len(FIRST), studies, REPEATS, len(y)), bool)
    both = np.empty((len(pairs), studies, REPEATS, len(y)), bool)
    one_hot = np.eye(classes)[y]
    sums, second = one_hot.T @ X, X.transpose(0, 2, 1) @ X
    for k, (train, test) in enumerate(folds):
        known = _fit(X[:, test], one_hot[test], sums, second, one_hot[train].sum(0))
        for wrong, strengths, p in (
            (alone, [(s, 0.0) for s in FIRST], COLUMNS),
            (both, [(s, s * share) for s, share in pairs], 2 * COLUMNS),
        ):
            for row, answers in zip(wrong, _answers(known, y[test], p, strengths), strict=True):
                row[:, k // n_folds, test] = answers != y[test]
    sizes = np.mean([[len(train), len(test)] for train, test in folds], 0)
    return [
        _judge(alone[k // len(SECOND)], both[k], group, sizes) | {"first": s, "second": share}
        for k, (s, share) in enumerate(pairs)
    ]


def _fit(part, one_hot, sums, second, counts):
    """Of the training part, the rest of `part`: means and covariance of noise, in its own scale."""
    means = (sums - one_hot.T @ part) / counts[:, None]
    within = second - part.transpose(0, 2, 1) @ part
    within = (within - (means * counts[:, None]).transpose(0, 2, 1) @ means) / counts.sum()
    scale = np.sqrt(np.einsum("spp->sp", within))[:, None]
    return part / scale, means / scale, within / scale / scale.transpose(0, 2, 1), scale, counts


def _answers(known, y, p, strengths):
    """What discriminant analysis says of the test part, at each strength of both modalities."""
    part, means, within, scale, counts = known
    part, means, scale = part[:, :, :p], means[:, :, :p], scale[:, :, :p]
    shifts, classes = [], range(len(counts))
    for start in range(0, p, COLUMNS):
        shift = np.zeros((len(counts), p))
        shift[classes, [start + k for k in classes]] = 1
        shifts.append(shift / scale)
    inverse = np.linalg.inv(_oas(within[:, :p, :p], counts.sum()))
    weights = [inverse @ x.transpose(0, 2, 1) for x in (means, *shifts)]
    projected = [part @ weight for weight in weights]
    for strength in strengths:
        moved = sum(s * shift for s, shift in zip(strength, shifts, strict=False))
        center = means + moved
        weight = weights[0] + sum(s * w for s, w in zip(strength, weights[1:], strict=False))
        offset = np.log(counts / counts.sum()) - (center * weight.transpose(0, 2, 1)).sum(2) / 2
        score = projected[0] + sum(s * x for s, x in zip(strength, projected[1:], strict=False))
        yield (score + (moved @ weight + offset[:, None])[:, y]).argmax(2)


def _judge(alone, both, group, sizes):
    """How often both are shown to be better than one, and what decides that."""
    n_groups, per_group = group.max() + 1, len(group) // (group.max() + 1)
    difference = (alone.mean(1) - both.mean(1)).reshape(len(alone), n_groups, per_group)
    by_group = difference.mean(2)
    mean = by_group.mean(1)
    without = (n_groups * mean[:, None] - by_group) / (n_groups - 1)
    steady = unsteadiness([both, alone], *sizes, counts=True)
    each = np.ones(n_groups)
    least = smallest_error(mean, True, per_group)
    found = interval_by_groups(mean, without, each, steady, least=least)
    return {
        "n": len(alone),
        "accuracy": 1 - float(alone.mean()),
        "gain": float(mean.mean()),
        "shown": float(((found.p < 0.05) & (mean > 0)).mean()),
        "harm": float(((found.p < 0.05) & (mean < 0)).mean()),
        "error": float(np.sqrt(np.square(found.error).mean())),
        "spread": float(mean.std()),
        "discordance": float((both != alone).mean()),
        "unsteady": float(np.mean(steady)),
    }


def settings(studies, per_job=100):
    designs = [
        (k, g, m, a)
        for k, g, m, a in product(CLASSES, GROUPS, PER_GROUP, ALIKE)
        if (m > 1 or a == ALIKE[0]) and g * m <= MOST
    ]
    return [dict(zip(DESIGN, design, strict=True)) | {"studies": per_job, "seed": seed}
            for seed in range(max(1, studies // per_job)) for design in designs]  # fmt: skip


def read_off(found):
    """Power at round accuracies and gains, from what was simulated around them.

    A gain that two modalities, the second no better than the first, do not reach has no row.
    """
    keys = [*DESIGN, "first", "second"]
    means = found.groupby(keys, as_index=False).mean(numeric_only=True)
    total = found.groupby(keys, as_index=False)["n"].sum()["n"]
    lowest = 0.5 / total
    means["probit"] = norm.ppf(means["shown"].clip(lowest, 1 - lowest))
    rows = []
    for design, part in means.groupby(list(DESIGN)):
        curves = {}
        for _, line in part.groupby("first"):
            line = line.sort_values("gain")
            here = [np.interp(g, line["gain"], line["probit"], np.nan, np.nan) for g in GAIN]
            curves[line["accuracy"].mean()] = here
        accuracies, values = np.array(list(curves)), np.array(list(curves.values()))
        for accuracy, (k, gain) in product(ACCURACY, enumerate(GAIN)):
            there = np.isfinite(values[:, k])
            if there.sum() > 1:
                z = np.interp(accuracy, accuracies[there], values[there, k], np.nan, np.nan)
                rows.append((*design, accuracy, gain, np.round(norm.cdf(z), 3)))
    table = pd.DataFrame(rows, columns=[*DESIGN, "accuracy", "gain", "power"]).dropna()
    single = table["per_group"] == 1
    # A single sample is like no other; and of samples that are all alike one is as good as ten.
    copies = [table[single].assign(alike=a) for a in (*ALIKE, 1.0)]
    copies += [table[single].assign(alike=1.0, per_group=m) for m in PER_GROUP[1:]]
    table = pd.concat([table[~single], *copies])
    table = table[table["groups"] * table["per_group"] <= MOST]
    return table.sort_values(list(table.columns[:6]), ignore_index=True)


def agreement(found):
    """How far `FirstResults.power`, which knows the error alone, is from what was seen."""
    keys = [*DESIGN, "first", "second"]
    means = found.groupby(keys, as_index=False).mean(numeric_only=True)
    usual = means["accuracy"].between(0.55, 0.95) & means["gain"].between(0.01, 0.16)
    means, freedom = means[usual], means["groups"][usual] - 1
    expected = 1 - nctdtr(freedom, means["gain"] / means["error"], stdtrit(freedom, 0.975))
    off = 100 * (expected - means["shown"])
    print(f"points by which it is off: mean {off.mean():.1f}, typical {off.std():.1f}, "
          f"largest {off.abs().max():.1f}")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = run_jobs(job, settings(options.studies), options.folder)
    table = read_off(found)
    agreement(found)
    if options.write:
        path = Path(power_table.__file__).with_name("power.csv")
        table.to_csv(path, index=False, lineterminator="\n")
    shown = table[(table[["classes", "alike", "accuracy"]] == [2, 0.5, 0.8]).all(axis=1)]
    shown = shown.pivot(index=["per_group", "groups"], columns="gain", values="power")
    print((100 * shown).round(0).to_markdown())


if __name__ == "__main__":
    main()
