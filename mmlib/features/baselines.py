"""Ready models of a spectrum alone or a picture alone, with the usual settings."""

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, SVR

from ..base import DataError
from ..data.mapping import Select
from .decomposition import PLS, PLSDA, Compress
from .images import ColorTexture, flatten
from .spectra import spectrum_steps
from .spectrum_block import ChosenPretreatment


def finals(task="classification", n_components=20, random_state=0):
    """Three usual ways to end a pipeline of scaled columns.

    Parameters
    ----------
    task : {"classification", "regression"}
    n_components : int
        Principal components, at most, before the linear model.
    random_state : int

    Returns
    -------
    dict of str to list
        Name -> unfitted steps: a support vector machine, a random forest, and
        a linear model on principal components.

    Raises
    ------
    DataError
        For an unknown task.

    Examples
    --------
    >>> from mmlib.features.baselines import finals
    >>> list(finals())
    ['SVM', 'random forest', 'LDA on PCA']
    """

    pca = Compress(n_components, random_state=random_state)
    if task == "classification":
        return {
            "SVM": [SVC(random_state=random_state)],
            "random forest": [RandomForestClassifier(200, random_state=random_state)],
            "LDA on PCA": [pca, LinearDiscriminantAnalysis()],
        }
    if task == "regression":
        # A support vector machine counts errors in units of y, so y is scaled, too.
        svr = TransformedTargetRegressor(SVR(), transformer=StandardScaler())
        return {
            "SVM": [svr],
            "random forest": [
                RandomForestRegressor(200, max_features="sqrt", random_state=random_state)
            ],
            "ridge on PCA": [pca, RidgeCV(np.logspace(-3, 5, 17))],
        }
    raise DataError(f"task is {task!r}: it must be 'classification' or 'regression'.")


def spectrum_baselines(modality="spectrum", task="classification", random_state=0):
    """Models that see the spectrum only.

    PLS and PLS-DA choose the number of latent variables on samples held out, PLS the
    pretreatment, too.

    Parameters
    ----------
    modality : str
        Which entry of the mapping `X` is the spectrum.
    task : {"classification", "regression"}
    random_state : int
        For the random forest and the principal components.

    Returns
    -------
    dict of str to sklearn.pipeline.Pipeline
        Unfitted; each takes the whole mapping `X`.

    Raises
    ------
    DataError
        For an unknown task.

    Examples
    --------
    >>> from mmlib.features.baselines import spectrum_baselines
    >>> list(spectrum_baselines())
    ['PLS-DA', 'SVM', 'random forest', 'LDA on PCA']
    >>> list(spectrum_baselines(task="regression"))
    ['PLS', 'SVM', 'random forest', 'ridge on PCA']
    """

    usual = finals(task, 20, random_state)
    models = {"PLS-DA": [PLSDA()], **usual} if task == "classification" else usual
    models = {
        name: make_pipeline(Select(modality), *spectrum_steps(), *last)
        for name, last in models.items()
    }
    if task == "classification":
        return models
    pls = [ChosenPretreatment(random_state=random_state), PLS()]
    return {"PLS": make_pipeline(Select(modality), *pls), **models}


def image_baselines(modality="image", task="classification", random_state=0):
    """Models that see the picture only, by its features or by its bare pixels.

    Parameters
    ----------
    modality : str
        Which entry of the mapping `X` holds the pictures.
    task : {"classification", "regression"}
    random_state : int
        For the random forest and the principal components.

    Returns
    -------
    dict of str to sklearn.pipeline.Pipeline
        Unfitted; each takes the whole mapping `X`.

    Raises
    ------
    DataError
        For an unknown task.

    Examples
    --------
    >>> from mmlib.features.baselines import image_baselines
    >>> list(image_baselines())
    ['SVM', 'random forest', 'LDA on PCA', 'SVM on pixels']
    """

    models = {
        name: make_pipeline(Select(modality), ColorTexture(), StandardScaler(), *last)
        for name, last in finals(task, 20, random_state).items()
    }
    models["SVM on pixels"] = make_pipeline(
        Select(modality),
        FunctionTransformer(flatten),
        Compress(50, random_state=random_state),
        StandardScaler(),
        *finals(task, 20, random_state)["SVM"],
    )
    return models
