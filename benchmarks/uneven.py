"""What deciding for balanced accuracy gains where a class is rare.

``python benchmarks/uneven.py [--seeds 5]`` prints a Markdown table. Each study has 60 healthy
plants and 8 that lack something, two leaves each, simulated; models of the ladder learn from it,
once as they are and once deciding for balanced accuracy, and are scored on 400 plants of each
kind. AUC, the area under the ROC curve, knows no threshold: it says what was there to be found.
"""

import argparse

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

import mmlib
from mmlib.base import fit_options
from mmlib.fusion.balanced import BalancedDecision

RARE = ("drought", "phosphorus deficiency", "nitrogen deficiency")
RUNGS = ("spectrum only", "spectrum only (forest)", "image only", "early", "late", "intermediate")


def two_classes(rare, plants, seed):
    """Leaves of so many healthy plants and so many with one other condition."""
    leaves = mmlib.make_leaves(5 * max(plants), leaves_per_plant=2, seed=seed)
    kept = []
    for name, count in zip(("healthy", rare), plants, strict=True):
        own = np.flatnonzero(np.asarray(leaves.target_names)[leaves.y] == name)
        kept += [k for k in own if leaves.groups[k] in np.unique(leaves.groups[own])[:count]]
    return leaves.take(np.sort(kept))


def study(rare, seed):
    train, new = two_classes(rare, (60, 8), seed), two_classes(rare, (400, 400), 1000 + seed)
    models = mmlib.fusion.ladder(train, forests=True, pixels=False)
    for name in RUNGS:
        fair = BalancedDecision(clone(models[name]))
        fair.fit(train.X, train.y, **fit_options(fair, train.groups))
        yield {
            "rare class": rare,
            "model": name,
            "most probable class": balanced_accuracy_score(new.y, fair.model_.predict(new.X)),
            "balanced decision": balanced_accuracy_score(new.y, fair.predict(new.X)),
            "AUC": roc_auc_score(new.y, fair.predict_proba(new.X)[:, 1]),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(parser.parse_args().seeds)
    rows = [row for rare in RARE for seed in seeds for row in study(rare, seed)]
    table = pd.DataFrame(rows).groupby(["rare class", "model"], sort=False).mean()
    print(table.reset_index().to_markdown(index=False, floatfmt=".2f"))


if __name__ == "__main__":
    main()
