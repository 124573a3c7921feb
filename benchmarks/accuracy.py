"""How near do the course's models come to the ceilings of the simulated leaves?

``python benchmarks/accuracy.py [--repeats 2] [--quick]`` prints a Markdown table: every
single-modality baseline, early and intermediate fusion. "By plant" is the accuracy within
the bundled 1,200 leaves, cross-validated, with a 95 % interval. "New leaves" is the accuracy
of the model trained on all of them, on 4,000 other leaves: their number makes it the
steadier estimate, with a standard error below 0.8 points.
"""

import argparse

import mmlib
from mmlib.features import image_baselines, spectrum_baselines
from mmlib.fusion.early import early_fusion
from mmlib.fusion.intermediate import FusionClassifier
from mmlib.nets.augment import mirror_and_shift


def ladder(data, quick):
    """Models by the ceiling they are compared with."""
    models = {
        **{("spectrum", name): model for name, model in spectrum_baselines().items()},
        **{("image", name): model for name, model in image_baselines().items()},
        ("joint", "early fusion"): early_fusion(data),
    }
    if not quick:
        scratch = {"augment": mirror_and_shift, "mixup": 0, "random_state": 0}
        cnn = {name: "cnn" for name in data.modalities}
        models |= {
            ("spectrum", "CNN"): FusionClassifier(
                "spectrum", encoders={"spectrum": "cnn"}, **scratch
            ),
            ("image", "CNN"): FusionClassifier("image", encoders={"image": "cnn"}, **scratch),
            ("joint", "CNNs on raw bands and pixels"): FusionClassifier(encoders=cnn, **scratch),
            ("image", "taught to measure"): FusionClassifier("image", random_state=0),
            ("joint", "components of bands, taught to measure pixels"): FusionClassifier(
                random_state=0
            ),
        }
    return models


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="without the neural networks")
    options = parser.parse_args()
    data = mmlib.load_leaves()
    models = ladder(data, options.quick)
    names = {f"{kind}: {name}": kind for kind, name in models}
    result = mmlib.compare(
        dict(zip(names, models.values(), strict=True)), data, n_repeats=options.repeats
    )
    ceilings = mmlib.ceilings(data)
    new = mmlib.make_leaves(800, seed=1000)
    print("| model | by plant | 95 % interval | new leaves | ceiling | below it, points |")
    print("|---|---|---|---|---|---|")
    for (name, kind), model in zip(names.items(), models.values(), strict=True):
        row, ceiling = result.table.loc[name], ceilings[kind][0]
        score = model.fit(data.X, data.y).score(new.X, new.y)
        print(
            f"| {name} | {row['mean']:.3f} | {row['low']:.3f} to {row['high']:.3f} "
            f"| {score:.3f} | {ceiling:.3f} | {100 * (ceiling - score):.1f} |"
        )
    print(f"\nModels wholly above their ceiling: {result.above_ceiling() or 'none'}.")


if __name__ == "__main__":
    main()
