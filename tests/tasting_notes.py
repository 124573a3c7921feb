"""Notes of two kinds of coffee, made up, for the tests of word vectors."""

import numpy as np
import pandas as pd


def tasters(n=400, seed=0, n_words=12, kinds=("roast", "fruit")):
    """Notes of six words, four of them of one kind; the other two are of any note."""
    rng = np.random.default_rng(seed)
    label = rng.integers(len(kinds), size=n)
    own = [[f"{kinds[k]}{i}" for i in rng.zipf(1.3, 4) % n_words] for k in label]
    common = rng.choice(["and", "very", "taste", "a bit"], (n, 2))
    return [" ".join(rng.permutation([*a, *b])) for a, b in zip(own, common, strict=True)], label


def named(table):
    names = [f"w{k}" for k in range(len(table))]
    return pd.DataFrame(table, names, names)
