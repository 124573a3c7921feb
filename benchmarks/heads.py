"""Make the table of notebook 23: where pictures meet, and what registration leaves over.

``python benchmarks/heads.py`` writes mmlib/course/head_study.csv, each part as soon as it is done.
It needs the extra "medical" and takes a few minutes. ``python benchmarks/heads.py nets`` makes
one part anew (or "volumes", or "slices") and keeps the others.
"""

import sys
from pathlib import Path

import pandas as pd

import mmlib
from mmlib.course import head_study

STORE = Path(head_study.__file__).with_name("head_study.csv")
DRAWS = range(2)
PARTS = {
    "volumes": lambda: [head_study.run_volumes(mmlib.load_ct_mri())],
    "slices": lambda: map(head_study.run_slices, DRAWS),
    "nets": lambda: map(head_study.run_nets, DRAWS),
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        table = pd.read_csv(STORE) if STORE.exists() else pd.DataFrame({"study": []})
        table = table[table["study"] != part]
        for made in PARTS[part]():
            table = pd.concat([table, made]) if len(table) else made
            table.to_csv(STORE, index=False, lineterminator="\n")
        print(head_study.stored(part).agg(["mean", "std"]).round(3).T)
