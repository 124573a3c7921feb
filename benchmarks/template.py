"""Is what a small folder is told true? Thirty plants drawn anew, and their judge kept aside.

``python benchmarks/template.py FOLDER [--draws 20]`` draws studies of the size of the template of
lesson 16 (30 plants, six of each condition), compares the linear rungs on them as ``python -m mmlib
compare`` does, and looks up what is true: the accuracy of each model on 500 further plants,
trained on 24 plants as in a fold, averaged over all draws. An interval is right where it
holds that average; "helps" is right where early fusion truly is better.
"""

import argparse

import mmlib
from mmlib.base import fit_options
from mmlib.data.splits import group_folds
from mmlib.evaluation.baseline import with_baseline
from mmlib.evaluation.jobs import run_jobs
from mmlib.evaluation.verdict import verdict

NAMES = ("spectrum only", "image only", "early")


def job(seed, leaves_per_plant, n_repeats):
    """One draw: scores with their intervals, what the verdict says, and what is true."""
    data = mmlib.make_leaves(30, leaves_per_plant, seed=1000 + seed)
    ladder = mmlib.fusion.ladder(data, "quick", pixels=False)
    models = {name: ladder[name] for name in NAMES}
    result = mmlib.compare(with_baseline(models), data, n_folds=5, n_repeats=n_repeats)
    found = verdict(result)
    gain = result.paired(found.fused, found.baseline)
    row = {"helps": str(found.helps), "gain": gain[0], "gain, low": gain[1], "gain, high": gain[2]}
    chances = found.chances
    row |= (
        {f"probability, {name}": value for name, value in chances._asdict().items()}
        if chances
        else {}
    )
    new = mmlib.make_leaves(500, 2, seed=5000 + seed)
    train = data.take(next(iter(group_folds(data, 5, 1)))[0])
    for name, model in models.items():
        score = result.table.loc[name]
        row |= {name: score["mean"], f"{name}, low": score["low"], f"{name}, high": score["high"]}
        model.fit(train.X, train.y, **fit_options(model, train.groups))
        row[f"{name}, true"] = float((model.predict(new.X) == new.y).mean())
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--leaves", type=int, default=5, help="of each plant")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    settings = [
        {"seed": seed, "leaves_per_plant": options.leaves, "n_repeats": options.repeats}
        for seed in range(options.draws)
    ]
    found = run_jobs(job, settings, options.folder)
    for name in NAMES:
        true = found[f"{name}, true"].mean()
        held = found[f"{name}, low"].le(true) & found[f"{name}, high"].ge(true)
        print(f"{name}: true {true:.3f}, reported {found[name].mean():.3f}, held {held.mean():.0%}")
    gain = found["early, true"].mean() - max(found[f"{name}, true"].mean() for name in NAMES[:2])
    held = found["gain, low"].le(gain) & found["gain, high"].ge(gain)
    print(f"gain: true {gain:.3f}, reported {found['gain'].mean():.3f}, held {held.mean():.0%}")
    print(found["helps"].value_counts().to_string())
    print(found.filter(like="probability").mean().round(2).to_string())


if __name__ == "__main__":
    main()
