"""Which fusion, when? The tables that notebook 12 reads.

``python benchmarks/which_one.py FOLDER [--jobs 2] [--seeds 5]`` runs the whole ladder in every
situation, with every number of labels and several seeds, then on the real data. Results
lie in FOLDER; stop the run when you like and start it again. At the end
``mmlib/course/study_leaves.csv`` and ``study_real.csv`` are written anew.
"""

import argparse
from pathlib import Path

import pandas as pd

import mmlib
from mmlib.course import study as which_one
from mmlib.course import study_findings
from mmlib.evaluation.choices import in_words
from mmlib.evaluation.verdict import verdict
from mmlib.evaluation.wording import LOWER_IS_BETTER
from mmlib.fusion.balanced import balanced

HOME = Path(which_one.__file__).parent
REAL = {  # name -> loader and folds: the rarest class must have a group for each
    "Houston, land cover": (mmlib.load_houston2013, 2),
    "trees, species": (mmlib.load_idtrees2020, 4),
    "soil SA.112, pH": (lambda: mmlib.load_soil("SA.112"), 4),
}


def on_real_data(folder, repeats, n_jobs):
    """The ladder on each real data set, without the rungs on pixels, which take long."""
    parts = []
    for name, (load, n_folds) in REAL.items():
        data = load()
        models = mmlib.fusion.ladder(data, forests=True, pixels=False)
        if data.labels is not None:
            models = balanced(models, data.y)
        options = {"n_folds": n_folds, "n_repeats": repeats, "n_jobs": n_jobs}
        options["store"] = folder / "real"
        result = mmlib.compare(models, data, **options)
        found = verdict(result)
        print(name, result, found.answer, found.others, sep="\n")
        parts += [{"data": name, **row} for row in rows_of(result, found)]
    return pd.DataFrame(parts)


def rows_of(result, found):
    """For each model its score, and how much better it is than the best single modality."""
    best = {"best_single": found.best_single, "reference": found.reference}
    sign = -1 if result.metric in LOWER_IS_BETTER else 1
    for name, row in result.table.iterrows():
        ends = {"gain": 0.0, "low": 0.0, "high": 0.0}
        if name != found.best_single:
            difference, low, high, _ = result.paired(name, found.best_single)
            bounds = sorted([sign * low, sign * high])
            ends = {"gain": sign * difference, "low": bounds[0], "high": bounds[1]}
        kept = in_words(result.choices[name]).get("modalities kept", "")
        yield {
            "model": name,
            "score": result.metric,
            "value": row["mean"],
            **ends,
            **best,
            "kept": kept,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=2, help="on the real data")
    options = parser.parse_args()
    seeds = range(options.seeds)
    table = which_one.run(options.folder / "leaves", options.jobs, True, seeds=seeds)
    table.round(4).to_csv(HOME / "study_leaves.csv", index=False)
    print(study_findings.decide(table).to_markdown(index=False))
    real = on_real_data(options.folder, options.repeats, options.jobs)
    real.round(4).to_csv(HOME / "study_real.csv", index=False)


if __name__ == "__main__":
    main()
