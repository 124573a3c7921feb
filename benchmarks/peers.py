"""Other libraries and a plain loop beside the ladder, on the same arrays and splits.

    python benchmarks/peers.py                                    what is installed here
    python benchmarks/peers.py fusilli=DIR/bin/python nirs4all=DIR/bin/python

The peers want versions of their own, so each is best installed by its own instructions
(``pip install fusilli``, ``pip install nirs4all``) in an environment of its own, whose
Python is named as above. A peer that is not there is skipped with a message.

Every method gets 1,200 leaves to train on and 2,000 leaves of other plants to predict:
the spectrum (211 bands after standard normal variate, scaled) and the 33 features of the
picture (scaled), both fitted on the training leaves. Each runs in a process of its own
and with one thread; printed are accuracy, seconds of training and peak memory.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = (0, 1, 2)
METHODS_FILE = Path(__file__).with_name("peer_methods.py")


def main(arguments):
    """Print a Markdown table: method, accuracy over the seeds, seconds, memory."""
    pythons = dict(argument.split("=", 1) for argument in arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            make_arrays(seed, Path(folder) / f"{seed}.npz")
        for peer, methods in METHODS.items():
            python = pythons.get(peer, sys.executable)
            if subprocess.run(
                [python, "-c", f"import {IMPORTS[peer]}"], capture_output=True
            ).returncode:
                print(f"{peer}: not installed for {Path(python).name}, skipped", file=sys.stderr)
                continue
            for method in methods:
                runs = [measure(python, peer, method, Path(folder) / f"{s}.npz") for s in SEEDS]
                rows.append((peer, method, [run for run in runs if run]))
    print("| library | method | accuracy (3 samples of leaves) | seconds | peak MB |")
    print("|---|---|---|---|---|")
    for peer, method, runs in rows:
        if not runs:
            print(f"| {peer} | {method} | failed | | |")
            continue
        accuracy = sum(run["accuracy"] for run in runs) / len(runs)
        each = ", ".join(f"{run['accuracy']:.3f}" for run in runs)
        seconds = sorted(run["seconds"] for run in runs)[len(runs) // 2]
        memory = max(run["memory"] for run in runs)
        print(f"| {peer} | {method} | {accuracy:.3f} ({each}) | {seconds:.1f} | {memory:.0f} |")


def make_arrays(seed, path):
    """Training and test arrays, the same for every method."""
    import numpy as np
    from chemotools.scatter import StandardNormalVariate
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import mmlib
    from mmlib.features import ColorTexture

    train = mmlib.make_leaves(240, seed=seed)
    test = mmlib.make_leaves(400, seed=10_000 + seed)
    spectrum = make_pipeline(StandardNormalVariate(), StandardScaler())
    image = make_pipeline(ColorTexture(), StandardScaler())
    arrays = {
        "spectrum": spectrum.fit_transform(train.X["spectrum"]),
        "image": image.fit_transform(train.X["image"]),
        "new_spectrum": spectrum.transform(test.X["spectrum"]),
        "new_image": image.transform(test.X["image"]),
    }
    arrays = {name: x.astype(np.float32) for name, x in arrays.items()}
    np.savez(path, **arrays, y=train.y, new_y=test.y, groups=train.groups)


def measure(python, peer, method, path):
    """Run one method in a process of its own; None where it failed."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [python, str(METHODS_FILE), peer, method, str(path)]
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            command, capture_output=True, text=True, env=os.environ | one, cwd=scratch
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"accuracy"')]
    if done.returncode or not lines:
        print(f"{peer}, {method}: failed\n{done.stderr[-1500:]}", file=sys.stderr)
        return None
    return json.loads(lines[-1])


METHODS = {
    "mmlib": [
        *("early", "early, blocks as given", "late", "intermediate", "attention"),
        *("contrastive", "graph", "tensor"),
    ],
    "plain PyTorch": ["concatenation"],
    "fusilli": [
        "tabularfusion.concat_data:ConcatTabularData",
        "tabularfusion.concat_feature_maps:ConcatTabularFeatureMaps",
        "tabularfusion.crossmodal_att:TabularCrossmodalMultiheadAttention",
        "tabularfusion.channelwise_att:TabularChannelWiseMultiAttention",
        "tabularfusion.decision:TabularDecision",
    ],
    "nirs4all": [
        *(
            f"{fusion}, {head}"
            for fusion in ("early", "late by labels", "late by probabilities", "feature merge")
            for head in ("logistic regression", "discriminant analysis")
        ),
        "intermediate, multiblock PLS",
    ],
}
IMPORTS = {"mmlib": "mmlib", "plain PyTorch": "torch", "fusilli": "fusilli", "nirs4all": "nirs4all"}

if __name__ == "__main__":
    main(sys.argv[1:])
