"""Make the table of notebook 21: sentence, picture and sound, fused by nets and by linear models.

``python benchmarks/sound.py`` writes mmlib/course/sound_study.csv and prints what it says. It
takes about three minutes.
"""

from pathlib import Path

import pandas as pd

import mmlib
from mmlib.course import sound_study

STORE = Path(sound_study.__file__).with_name("sound_study.csv")
PAIRINGS = range(3)

if __name__ == "__main__":
    tables = {}
    for pairing in PAIRINGS:
        digits = mmlib.load_digits_and_speech(noise=0.9, random_state=pairing)
        data = sound_study.three_modalities(digits, random_state=pairing)
        tables[pairing] = sound_study.run(data, sound_study.models(random_state=pairing))
    table = pd.concat(tables, names=["pairing"]).reset_index("pairing")
    table.to_csv(STORE, index=False, lineterminator="\n")
    print(sound_study.means(table).round(3))
    print(sound_study.means(table, over=sound_study.PRODUCT["nets"]).round(3))
