"""The whole ladder: every fusion of the course with sensible defaults for some data."""

from ..data import DataError
from .blocks import feature_blocks


def on_features(data, raw=(), n_components=15, random_state=0, **options):
    """A net whose encoders are given features instead of pixels and bands.

    With some hundred samples this is where a net should begin: a table of features that
    somebody thought about, one linear layer for each modality, and a small head.

    Parameters
    ----------
    data : MultimodalData
        Shapes and task are looked at; nothing is fitted.
    raw : sequence of str
        Modalities that the net shall see as they are.
    n_components : int
        Principal components of a spectrum.
    random_state : int
    **options
        Of `mmlib.FusionClassifier`, or of `mmlib.FusionRegressor` for a quantity.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks" and "model". Give groups to ``fit`` as ``model__groups``;
        `mmlib.compare` does so by itself.

    Examples
    --------
    >>> import mmlib
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = mmlib.fusion.on_features(leaves, epochs=5).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (100, 5)
    """
    from sklearn.pipeline import Pipeline

    from ..encoders import TableEncoder
    from ..training import FusionClassifier, FusionRegressor

    unknown = [name for name in raw if name not in data.modalities]
    if unknown:
        raise DataError(
            f"raw names {unknown[0]!r}, but the modalities are {', '.join(data.modalities)}."
        )
    encoders = {name: TableEncoder for name in data.modalities if name not in raw}
    options = {"encoders": encoders, "random_state": random_state} | options
    estimator = FusionClassifier if data.task == "classification" else FusionRegressor
    blocks = feature_blocks(data, raw, n_components, random_state)
    return Pipeline([("blocks", blocks), ("model", estimator(**options))])
