"""Make the table of notebook 24: which camera tells the land cover of Houston?

``python benchmarks/cameras.py`` writes mmlib/course/camera_study.csv and prints what it says. It
takes about four minutes.
"""

from pathlib import Path

import mmlib
from mmlib.course import camera_study

STORE = Path(camera_study.__file__).with_name("camera_study.csv")

if __name__ == "__main__":
    table = camera_study.run(mmlib.load_houston2013())
    table.to_csv(STORE, index=False, lineterminator="\n")
    shares = camera_study.accuracies(table)
    for split in camera_study.SPLITS:
        print(split, camera_study.mean_and_interval(shares.loc[split]).round(3), sep="\n")
