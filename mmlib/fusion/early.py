"""Early fusion: the modalities meet as columns of one table, before any model.

Each modality is brought to a block of columns, the blocks are put side by side,
and one model takes the lot. Nothing here is new machinery: the union is
scikit-learn's `FeatureUnion` (with groups, `mmlib.features.block_union`). The one thing
to add is the weight of a block, without which the modality with the most columns speaks
loudest.
"""

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from ..base import DataError
from ..data.mapping import Select
from ..features.block_ridge import BlockRidgeClassifier, BlockRidgeRegressor
from ..features.block_union import BlockUnion
from ..features.blocks import Blocks, BlockScale, default_block, wide_blocks


def early_fusion(
    data=None,
    blocks=None,
    classifier=None,
    block_scale=True,
    task=None,
    random_state=0,
    modalities=None,
):
    """One model on all modalities side by side.

    Parameters
    ----------
    data : MultimodalData, optional
        Only its modalities, their shapes and its task are looked at, to choose
        defaults; nothing is fitted.
    blocks : mapping of str to transformer or list of transformers, optional
        Modality -> how it becomes columns, instead of `default_block`. Without `data`,
        these are all the modalities.
    classifier : estimator, optional
        What decides (or, for regression, predicts) in the end. Where nothing is said:
        `mmlib.features.block_ridge` on `wide_blocks`, which chooses their weights.
    block_scale : bool
        Give all blocks the same total variance, with `BlockScale`. (Without a classifier
        they always begin alike.)
    task : {"classification", "regression"}, optional
        Taken from `data`; "classification" without it.
    random_state : int
    modalities : sequence of str, optional
        Which of the data's modalities to use; all of them where nothing is said.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps "blocks" and "model". It takes the whole mapping `X`. The first is
        `mmlib.features.blocks.Blocks`; with a classifier, a `BlockUnion` with one entry for
        each modality.

    Raises
    ------
    DataError
        When neither `data` nor `blocks` names a modality, or `blocks` names one
        that `data` has not.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> model.predict(leaves.X).shape
    (100,)
    """
    blocks = dict(blocks or {})
    names, task = names_and_task(data, blocks, task, "early_fusion", "blocks")
    names = names if modalities is None else list(modalities)
    if classifier is None:
        parts = {}
        for name in names:
            steps = blocks.get(name)
            made = {name: steps}
            if steps is None:
                made = wide_blocks(name, data.X[name].shape[1:], random_state)
            for part, steps in made.items():
                steps = steps if isinstance(steps, (list, tuple)) else [steps]
                parts[part] = make_pipeline(Select(name), *steps)
        return Pipeline([("blocks", Blocks(parts)), ("model", default_model(task))])
    union = []
    for name in names:
        steps = blocks.get(name)
        if steps is None:
            steps = default_block(data.X[name].shape[1:], random_state=random_state)
        steps = list(steps) if isinstance(steps, (list, tuple)) else [steps]
        weight = [BlockScale()] if block_scale else []
        union.append((name, make_pipeline(Select(name), *steps, *weight)))
    return Pipeline([("blocks", BlockUnion(union)), ("model", classifier)])


def curved_boundary(shrinkage=0.02, C=0.3):
    """A classifier for `early_fusion` whose boundaries may bend, without a network.

    Linear discriminant analysis leaves one axis fewer than there are classes. Their squares
    and products join them, and logistic regression decides. A product of two axes is where
    one instrument can change what the other means, which `mmlib.fusion.tensor` learns for
    all columns at once. What no straight axis shows at all stays hidden here.

    It needs samples: on the simulated leaves it beats the straight boundary from about
    seventy leaves a class, and is far behind it with ten.

    Parameters
    ----------
    shrinkage : float
        Of the covariance in the discriminant analysis, 0 to 1.
    C : float
        Of the logistic regression: smaller bends less.

    Returns
    -------
    sklearn.pipeline.Pipeline

    References
    ----------
    Squares and products of columns before a straight boundary: Hastie, Tibshirani & Friedman
    (2009), The Elements of Statistical Learning, doi:10.1007/978-0-387-84858-7, section 4.3.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.fusion.early import curved_boundary, early_fusion
    >>> leaves = mmlib.make_leaves(n_plants=40)
    >>> model = early_fusion(leaves, classifier=curved_boundary()).fit(leaves.X, leaves.y)
    >>> model.predict_proba(leaves.X).shape
    (200, 5)
    """
    return make_pipeline(
        StandardScaler(),
        LinearDiscriminantAnalysis(solver="eigen", shrinkage=shrinkage),
        StandardScaler(),
        PolynomialFeatures(2, include_bias=False),
        LogisticRegression(C=C, solver="newton-cholesky"),
    )


def names_and_task(data, given, task, function, argument):
    """The modalities to fuse and what is to be told, from data, or from what is given instead.

    Parameters
    ----------
    data : MultimodalData or None
    given : mapping of str to anything
        Modality -> the block or model that the user wants for it.
    task : str or None
    function, argument : str
        Whose argument `given` is, for the message.

    Returns
    -------
    names : list of str
    task : {"classification", "regression"}

    Raises
    ------
    DataError
        When no modality is named, or one that `data` has not, or for another task.

    Examples
    --------
    >>> from mmlib.fusion.early import names_and_task
    >>> names_and_task(None, {"spectrum": "PLS"}, None, "late_fusion", "models")
    (['spectrum'], 'classification')
    """
    names = list(given) if data is None else data.modalities
    unknown = [name for name in given if name not in names]
    if unknown or not names:
        raise DataError(
            f"{argument} names {unknown[0]!r}, but the modalities are {', '.join(names)}."
            if unknown
            else f"{function} needs the data, or {argument}: which modalities shall be joined?"
        )
    if task is None:
        task = "classification" if data is None else data.task
    if task not in ("classification", "regression"):
        raise DataError(f"task is {task!r}: it must be 'classification' or 'regression'.")
    return names, task


def default_model(task):
    """What decides at the end of `early_fusion` where nothing is said.

    Examples
    --------
    >>> from mmlib.fusion.early import default_model
    >>> type(default_model("regression")).__name__
    'BlockRidgeRegressor'
    """
    return BlockRidgeRegressor() if task == "regression" else BlockRidgeClassifier()
