"""Make the table of notebook 20: word counts against word vectors, with few labels and many.

``python benchmarks/words.py`` writes mmlib/course/word_study.csv and prints what it says. It
needs the extra "text" and takes about three minutes.
"""

from pathlib import Path

import mmlib
from mmlib.course import word_study

STORE = Path(word_study.__file__).with_name("word_study.csv")

if __name__ == "__main__":
    table = word_study.run(mmlib.load_coffee(), random_state=20)
    table.to_csv(STORE, index=False, lineterminator="\n")
    print(word_study.means(table).round(3))
    print(word_study.means(table, over=word_study.COUNTING).round(3))
