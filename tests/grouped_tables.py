"""Small tables with groups, and models that read them."""

import numpy as np
from sklearn.pipeline import make_pipeline

from mmlib import MultimodalData, Select


def table_data(n_groups=30, per_group=4, columns=3, signal=1.0, classes=3, seed=0, **options):
    """Groups with their own offset; the first column tells the classes apart."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), per_group)
    y = group % classes
    x = rng.normal(size=(len(y), columns)) + rng.normal(size=(n_groups, columns))[group]
    x[:, 0] += signal * y
    options = {"groups": group, **options}
    return MultimodalData({"table": x}, y=y, **options)


def quantity_data(seed=0, **options):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, 2))
    y = 3 * x[:, 0] + rng.normal(size=60)
    return MultimodalData({"table": x}, y=y, target_names=["nitrate (mg)"], **options)


def on_table(model):
    return make_pipeline(Select("table"), model)
