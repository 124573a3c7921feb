"""How often do an interval, and the verdict that one model is better, err?

``python benchmarks/error_rates.py FOLDER [--studies 2000] [--quick] [--write]`` simulates studies
in which the truth is known, judges each in seven ways, and prints Markdown tables. Whatever is done
is kept in FOLDER, so that it can be stopped and taken up. ``--first-seed 7000`` takes other studies
than those of the tables in the book. "G x m": G groups of m samples.

Each study has three blocks of columns. Column k of a block is shifted in class k; half of
the variance of every column is shared by a group. Discriminant analysis with OAS shrinkage (in
regression: ridge) is fitted to block A, to B, to A and B, to A and C, in the project's own
folds. A against B, and A and B against A and C, are equal by construction: 5 % may be told
apart, half of them each way. A and B against A is a gain. All studies of a job are fitted at once.
"""

import argparse

import numpy as np
from scipy.special import stdtrit

import mmlib
from mmlib.course.error_rates import STORED
from mmlib.data.splits import group_folds, most_folds
from mmlib.evaluation.intervals import (
    OF_SPREADS,
    interval_by_groups,
    smallest_error,
    unsteadiness,
)
from mmlib.evaluation.jobs import run_jobs

PAIRS = {"equal": ("A", "B"), "equal, overlapping": ("AB", "AC"), "gain": ("AB", "A"),
         "one score": ("A", None)}  # fmt: skip
PLAIN = {
    "classes": 2,
    "columns": 10,
    "signal": 1.2,
    "repeats": 5,
    "folds": 5,
    "kind": "classes in groups",
}
CELLS = {
    "40x1": {}, "300x1": {}, "60x5": {}, "30x5": {}, "10x4": {}, "10x30": {}, "6x7": {},
    "hard, 60x5": {"signal": 0.6}, "hard, 40x1": {"signal": 0.6}, "hard, 10x4": {"signal": 0.6},
    "easy, 60x5": {"signal": 2.0}, "easy, 40x1": {"signal": 2.0}, "easy, 10x30": {"signal": 2.0},
    "nearly perfect, 60x5": {"signal": 2.8}, "nearly perfect, 40x1": {"signal": 2.8},
    "nearly perfect, 20x2": {"signal": 2.8}, "nearly perfect, 300x1": {"signal": 2.8},
    "3 columns, 40x1": {"columns": 3}, "3 columns, 10x4": {"columns": 3},
    "3 columns, 60x5": {"columns": 3}, "30 columns, 30x5": {"columns": 30},
    "5 classes, 30x5": {"classes": 5, "signal": 2.0}, "3 classes, 60x5": {"classes": 3},
    "5 classes, 100x1": {"classes": 5, "signal": 2.0}, "4 classes, 20x6": {"classes": 4},
    "across, 10x30": {"kind": "classes across groups"},
    "across, 60x5": {"kind": "classes across groups"},
    "across, 6x12": {"kind": "classes across groups"},
    "unequal, 60x5": {"kind": "unequal groups"}, "unequal, 20x6": {"kind": "unequal groups"},
    "unequal, 10x15": {"kind": "unequal groups"},
    "very unequal, 20x6": {"kind": "very unequal groups"},
    "one repeat, 40x1": {"repeats": 1}, "one repeat, 60x5": {"repeats": 1},
    "3 folds, 40x1": {"folds": 3}, "10 folds, 60x5": {"folds": 10}, "weak, 300x1": {"signal": 0.7},
    "regression, 40x1": {"kind": "regression"}, "regression, 300x1": {"kind": "regression"},
    "regression, 60x5": {"kind": "regression"}, "regression, 30x5": {"kind": "regression"},
    "regression, 10x4": {"kind": "regression"}, "regression, 10x30": {"kind": "regression"},
    "regression, 6x7": {"kind": "regression"},
}  # fmt: skip


def job(cell, studies, seed, classes, columns, signal, repeats, folds, kind):
    """Rows of one job: for each pair and way of judging, how many studies miss the truth."""
    rng = np.random.default_rng([seed, *cell.encode()])
    n_groups, per_group = map(int, cell.split()[-1].split("x"))
    group, y = _design(n_groups, per_group, classes, kind, rng)
    ungrouped = per_group == 1
    task = "regression" if kind == "regression" else "classification"
    options = {"groups": None if ungrouped else group, "task": task}
    data = mmlib.MultimodalData({"table": rng.normal(size=(len(y), 2))}, y, **options)
    n_folds = most_folds(data, folds)
    folds = group_folds(data, n_folds, repeats, int(rng.integers(1_000_000)))
    fit = _ridge if kind == "regression" else _discriminant
    losses = fit(studies, group, y, columns, signal, folds, n_folds, rng)
    rows = []
    for pair, names in PAIRS.items():
        parts = [losses[name] for name in names if name]
        for way, low, high in _judge(parts, group, folds, n_folds, kind, rng):
            truth = 0.0 if pair.startswith("equal") else ((low + high) / 2).mean()
            if pair == "one score" and kind == "regression":
                truth = np.sqrt(low * high).mean() if way == "mmlib" else truth
            counts = {"above": low > truth, "below": high < truth, "found": low > 0}
            counts = {name: int(missed.sum()) for name, missed in counts.items()}
            means = {"width": float((high - low).mean()), "mean": float((low + high).mean() / 2)}
            rows.append({"pair": pair, "way": way, "n": studies} | counts | means)
    return rows


def _design(n_groups, per_group, classes, kind, rng):
    sizes = np.full(n_groups, per_group)
    if kind == "unequal groups":
        sizes = rng.integers(
            max(1, per_group // 3), 2 * per_group - max(1, per_group // 3) + 1, n_groups
        )
    if kind == "very unequal groups":
        sizes = per_group * rng.lognormal(-0.5, 1.0, n_groups)
        sizes = np.maximum(1, np.round(sizes).astype(int))
    group = np.repeat(np.arange(n_groups), sizes)
    y = np.arange(len(group)) % classes if kind == "classes across groups" else group % classes
    return group, np.arange(len(group)) / 1.0 if kind == "regression" else y


def _columns(studies, group, columns, rng):
    n_groups = group.max() + 1
    shared = rng.standard_normal((studies, n_groups, columns), np.float32)[:, group]
    own = rng.standard_normal((studies, len(group), columns), np.float32)
    return np.sqrt(np.float32(0.5)) * (shared + own)


def _blocks(p):
    return {"A": np.r_[0:p], "B": np.r_[p : 2 * p], "AB": np.r_[0 : 2 * p],
            "AC": np.r_[0:p, 2 * p : 3 * p]}  # fmt: skip


def _discriminant(studies, group, y, p, signal, folds, n_folds, rng):
    """Wrong answers, model -> (studies, repeats, samples), and so for `_ridge`: squared errors."""
    X = _columns(studies, group, 3 * p, rng)
    for label in range(y.max() + 1):
        X[:, y == label, label % p :: p] += signal
    wrong = {name: np.empty((studies, len(folds) // n_folds, len(y)), np.float32)
             for name in _blocks(p)}  # fmt: skip
    one_hot = np.eye(y.max() + 1, dtype=np.float32)[y]
    sums, second = one_hot.T @ X, X.transpose(0, 2, 1) @ X
    for k, (train, test) in enumerate(folds):
        part = X[:, test]
        counts = one_hot[train].sum(0)[:, None]
        means = (sums - one_hot[test].T @ part) / counts
        within = second - part.transpose(0, 2, 1) @ part
        within = (within - (means * counts).transpose(0, 2, 1) @ means) / len(train)
        scale = np.sqrt(np.einsum("spp->sp", within))[:, None]
        within = within / scale / scale.transpose(0, 2, 1)
        means, part = means / scale, part / scale
        for name, block in _blocks(p).items():
            shrunk, center = _oas(within[:, block][:, :, block], len(train)), means[:, :, block]
            weight = np.linalg.solve(shrunk, center.transpose(0, 2, 1))
            offset = (
                np.log(counts[:, 0] / len(train)) - (center * weight.transpose(0, 2, 1)).sum(2) / 2
            )
            answer = (part[:, :, block] @ weight + offset[:, None]).argmax(2)
            wrong[name][:, k // n_folds, test] = answer != y[test]
    return wrong


def _oas(cov, n):
    """Chen and others (2010), doi:10.1109/TSP.2010.2053029, for columns of variance one."""
    p = cov.shape[1]
    square = np.square(cov).mean((1, 2))
    shrinkage = np.minimum((square + 1) / np.maximum((n + 1) * (square - 1 / p), 1e-9), 1)[
        :, None, None
    ]
    return (1 - shrinkage) * cov + shrinkage * np.eye(p, dtype=cov.dtype)


def _ridge(studies, group, y, p, signal, folds, n_folds, rng):
    X = _columns(studies, group, 3 * p + 1, rng).astype(float)
    X[:, :, -1] += signal * X[:, :, :-1].sum(2) / np.sqrt(p)  # the last column is the quantity
    square = {name: np.empty((studies, len(folds) // n_folds, len(y))) for name in _blocks(p)}
    for k, (train, test) in enumerate(folds):
        mean = X[:, train].mean(1, keepdims=True)
        known, part = X[:, train] - mean, X[:, test] - mean
        second = known.transpose(0, 2, 1) @ known
        for name, block in _blocks(p).items():
            weight = np.linalg.solve(
                second[:, block][:, :, block] + np.eye(len(block)), second[:, block, -1:]
            )
            square[name][:, k // n_folds, test] = (part[:, :, block] @ weight - part[:, :, -1:])[
                :, :, 0
            ] ** 2
    return square


def _judge(losses, group, folds, n_folds, kind, rng):
    """Each way of judging, and the ends of its 95 % intervals."""
    finish = np.sqrt if kind == "regression" else np.asarray
    sign = (
        1 if kind == "regression" and len(losses) == 1 else -1
    )  # of losses, so that more is better
    start = 1.0 if kind != "regression" and len(losses) == 1 else 0.0
    sizes = np.bincount(group)
    n_groups = len(sizes)
    member = np.eye(n_groups, dtype=losses[0].dtype)[group]
    mean = start
    without, by_fold = start, start
    tests = np.zeros((len(folds) // n_folds, len(group), n_folds), losses[0].dtype)
    for k, (_, test) in enumerate(folds):
        tests[k // n_folds, test, k % n_folds] = 1 / len(test)
    for loss, way in zip(losses, (sign, -sign)[: len(losses)], strict=True):
        sums = loss @ member
        total = sums.sum(2, keepdims=True)
        mean = mean + way * finish(total[:, :, 0] / len(group)).mean(1)
        without = without + way * finish((total - sums) / (len(group) - sizes)).mean(1)
        by_fold = by_fold + way * finish(np.einsum("srn,rnf->srf", loss, tests)).reshape(
            len(loss), -1
        )
    n_train, n_test = (np.mean([len(part[k]) for part in folds]) for k in (0, 1))
    pseudo = n_groups * mean[:, None] - (n_groups - 1) * without
    count = len(folds)
    spread = by_fold.std(1, ddof=1) * np.sqrt(1 / count + n_test / n_train)
    center = by_fold.mean(1)
    yield "folds", *_ends(center, spread, count - 1)
    yield "folds, groups' freedom", *_ends(center, spread, min(count, n_groups) - 1)
    plain = pseudo.std(1, ddof=1) / np.sqrt(n_groups)
    yield "groups", *_ends(mean, plain, n_groups - 1)
    widened = plain * np.sqrt((n_train + n_test) / n_train)
    yield "groups, widened", *_ends(mean, widened, n_groups - 1)
    draws = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=400) / n_groups
    yield "bootstrap of groups", *np.quantile(pseudo @ draws.T, [0.025, 0.975], axis=1)
    flips = rng.choice([-1.0, 1.0], size=(400, n_groups)) / n_groups
    reach = np.quantile(np.abs((pseudo - mean[:, None]) @ flips.T), 0.95, axis=1)
    yield "signs of groups", mean - reach, mean + reach
    unsteady = unsteadiness(losses, n_train, n_test, counts=kind != "regression")
    if kind == "regression" and len(losses) == 1:
        found = interval_by_groups(np.log(mean), np.log(without), sizes, unsteady, spread=1.0)
        yield "mmlib", np.exp(found.low), np.exp(found.high)
    else:
        quantity, per_group = kind == "regression", len(group) / n_groups
        least = 1.0 if len(losses) == 1 else smallest_error(mean, not quantity, per_group)
        spread = OF_SPREADS if quantity else 0.0
        found = interval_by_groups(mean, without, sizes, unsteady, least=least, spread=spread)
        yield "mmlib", found.low, found.high


def _ends(mean, error, freedom):
    reach = stdtrit(freedom, 0.975) * error
    return mean - reach, mean + reach


def settings(studies, cells=None, per_job=250, first=0):
    names = cells or CELLS
    return [{"cell": name, "studies": min(per_job, studies), "seed": seed} | PLAIN | CELLS[name]
            for seed in range(first, first + max(1, studies // per_job))
            for name in names]  # fmt: skip


def table(found, pair):
    """Percent of studies that miss the truth: all, and those whose interval lies above it."""
    part = found[found["pair"] == pair]
    sums = part.groupby(["cell", "way"], sort=False)[["above", "below", "found", "n"]].sum()
    missed = 100 * (sums["above"] + sums["below"]) / sums["n"]
    return missed.unstack(sort=False), (100 * sums["found"] / sums["n"]).unstack(sort=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--studies", type=int, default=2000)
    parser.add_argument("--quick", action="store_true", help="200 studies of each kind")
    parser.add_argument("--cells", nargs="*")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="the table that notebook 03 shows")
    options = parser.parse_args()
    studies = 200 if options.quick else options.studies
    wanted = settings(studies, options.cells, first=options.first_seed)
    found = run_jobs(job, wanted, options.folder)
    for pair in PAIRS:
        missed, seen = table(found, pair)
        print(f"\n{pair}: percent of intervals that miss the truth (5 wanted)\n")
        print(missed.round(1).to_markdown())
        if options.write and pair == "equal":
            missed.round(1).to_csv(STORED, lineterminator="\n")
        if pair == "gain":
            gains = found[(found["pair"] == pair) & (found["way"] == "mmlib")]
            means = gains.groupby("cell", sort=False)["mean"].mean()
            print("\ngain: percent of studies in which it is shown\n")
            print(seen.round(0).assign(points=(100 * means).round(1)).to_markdown())


if __name__ == "__main__":
    main()
