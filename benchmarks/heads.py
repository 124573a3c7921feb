"""Make the table of notebook 23: where pictures meet, and what registration leaves over.

``python benchmarks/heads.py`` writes mmlib/course/head_study.csv. It needs the extra "medical"
and takes a quarter of an hour. ``python benchmarks/heads.py nets`` makes one part anew (or
"volumes", or "slices") and keeps the others.
"""

import sys
from pathlib import Path

import pandas as pd

import mmlib
from mmlib.course import head_study

STORE = Path(head_study.__file__).with_name("head_study.csv")
DRAWS = range(3)
PARTS = {
    "volumes": lambda: [head_study.run_volumes(mmlib.load_ct_mri())],
    "slices": lambda: [head_study.run_slices(draw) for draw in DRAWS],
    "nets": lambda: [head_study.run_nets(draw) for draw in DRAWS],
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        made = PARTS[part]()
        kept = pd.read_csv(STORE) if STORE.exists() else made[0][:0]
        table = pd.concat([kept[kept["study"] != part], *made])
        table.to_csv(STORE, index=False, lineterminator="\n")
        print(head_study.stored(part).describe().loc[["mean", "std"]].round(3).T)
