"""What a model that was chosen by a table then scores, and what is expected of it.

``python benchmarks/winners_curse.py [--seeds 15]`` draws studies of 30 plants with two leaves
each, compares models in them, chooses one, and looks it up on 300 leaves of other plants.
"""

import argparse

import numpy as np
import pandas as pd
from sklearn.base import clone

import mmlib
from mmlib.base import fit_options
from mmlib.course.study import SITUATIONS
from mmlib.evaluation.choice import best_model
from mmlib.evaluation.nested_choice import ModelSelectionCV
from mmlib.evaluation.winners_curse import expected_score

LEFT_OUT = ("attention", "contrastive", "tensor")  # for time


def study(situation, seed):
    """The score in the table, two expectations, and the truth."""
    knobs = SITUATIONS[situation]
    data = mmlib.make_leaves(30, 2, seed=seed, **knobs)
    new = mmlib.make_leaves(60, 5, seed=seed + 50_000, **knobs)
    models = mmlib.fusion.ladder(data, forests=True, pixels=False)
    models = {name: model for name, model in models.items() if name not in LEFT_OUT}
    result = mmlib.compare(models, data)
    nested = mmlib.compare({"nested": ModelSelectionCV(models)}, data, n_repeats=1)
    chosen = best_model(result).name
    model = clone(models[chosen])
    model.fit(data.X, data.y, **fit_options(model, data.groups))
    row = {"situation": situation, "true": model.score(new.X, new.y)}
    expectations = {"nested choice": nested.table.loc["nested", ["mean", "low", "high"]]}
    expectations["groups drawn"] = expected_score(result)[:3]
    for name, (mean, low, high) in expectations.items():
        row |= {name: mean, f"{name}: width": high - low}
        row[f"{name}: holds it"] = low <= row["true"] <= high
    return row | {"table": result.table.loc[chosen, "mean"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=15)
    seeds = range(2000, 2000 + parser.parse_args().seeds)
    rows = [study(name, seed) for name in ("as bundled", "both see the same") for seed in seeds]
    table = pd.DataFrame(rows)
    for name in ("table", "nested choice", "groups drawn"):
        table[f"{name}: squared error"] = (table[name] - table["true"]) ** 2
    means = table.groupby("situation").mean()
    of_errors = [column for column in means if column.endswith("squared error")]
    means[of_errors] = np.sqrt(means[of_errors])
    print(means.T.round(3).to_markdown())


if __name__ == "__main__":
    main()
