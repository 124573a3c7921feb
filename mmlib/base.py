"""What everybody needs: how things are said, what a spectrum is, fits that are whole, and bars."""

import sys
from contextlib import contextmanager

import numpy as np
from sklearn import model_selection as ms
from sklearn.compose import TransformedTargetRegressor
from sklearn.utils.validation import has_fit_parameter


class DataError(ValueError):
    """A fault in the data, said in one sentence: what is wrong, where, and what to do.

    Examples
    --------
    >>> import mmlib
    >>> try:
    ...     mmlib.make_leaves(n_plants=10, water=-1)
    ... except mmlib.DataError as fault:
    ...     print(fault)
    The knob water is -1: it must lie between 0 and 3.
    """


def plural(noun):
    """Many of a thing: groups, batches, studies.

    Examples
    --------
    >>> from mmlib.base import plural
    >>> plural("group"), plural("batch"), plural("class"), plural("assay"), plural("study")
    ('groups', 'batches', 'classes', 'assays', 'studies')
    """
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


@contextmanager
def all_or_nothing(estimator):
    """Around a fit: where it raises, what an earlier fit has left is put back.

    Without it a second fit that stops at a fault would leave, say, new classes and old weights.

    Parameters
    ----------
    estimator : estimator
        Its fitted attributes are replaced in a fit, not changed in place.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from mmlib.base import all_or_nothing
    >>> model = SimpleNamespace(classes_=["raw", "ripe"])
    >>> try:
    ...     with all_or_nothing(model):
    ...         model.classes_ = ["left", "right"]
    ...         raise ValueError
    ... except ValueError:
    ...     model.classes_
    ['raw', 'ripe']
    """
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


def fit_options(model, groups):
    """Groups by the name under which this model's `fit` takes them, if it does.

    Parameters
    ----------
    model : estimator
        Whose `fit` has an argument "groups", or whose `cv` keeps groups whole; or a pipeline
        with such steps.
    groups : array-like of shape (samples,) or None

    Returns
    -------
    dict
        For ``model.fit(X, y, **options)``; empty where the model takes no groups.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> from mmlib.base import fit_options
    >>> from mmlib.fusion.late import LateFusionClassifier
    >>> fit_options(SVC(), groups=[1, 1, 2])
    {}
    >>> list(fit_options(make_pipeline(LateFusionClassifier({})), groups=[1, 1, 2]))
    ['latefusionclassifier__groups']
    """
    by_group = (ms.GroupKFold, ms.StratifiedGroupKFold, ms.LeaveOneGroupOut, ms.GroupShuffleSplit)
    if groups is None:
        return {}
    if has_fit_parameter(model, "groups") or isinstance(getattr(model, "cv", None), by_group):
        return {"groups": groups}
    if isinstance(model, TransformedTargetRegressor) and model.regressor is not None:
        return fit_options(model.regressor, groups)  # its fit hands them on
    if hasattr(model, "steps"):
        return {
            f"{name}__{key}": value
            for name, step in model.steps
            if hasattr(step, "fit")  # not "passthrough"
            for key, value in fit_options(step, groups).items()
        }
    return {}


def is_spectrum(x):
    """Whether rows are spectra: one axis, of 50 bands or more. Fewer columns are a plain table.

    Parameters
    ----------
    x : array of shape (samples, ...), or the shape of one sample, a tuple

    Returns
    -------
    bool

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.base import is_spectrum
    >>> is_spectrum(np.zeros((3, 50))), is_spectrum((49,)), is_spectrum((48, 48, 3))
    (True, False, False)
    """
    shape = x if isinstance(x, tuple) else np.shape(x)[1:]
    return len(shape) == 1 and int(shape[0]) >= 50


def varies(x):
    """Which columns hold more than rounding; for pictures, which channels.

    A column of single-precision numbers that are all alike has a spread above zero.

    Parameters
    ----------
    x : array of shape (samples, ..., columns)

    Returns
    -------
    ndarray of bool, shape (columns,)
        Where the standard deviation is above a millionth of the mean.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.base import varies
    >>> varies(np.array([[1.0, 5.0], [2.0, 5.0 + 1e-7]])).tolist()
    [True, False]
    """
    axes = tuple(range(x.ndim - 1))
    spread = x.std(axes, dtype=np.float64)
    return spread > 1e-6 * np.abs(x.mean(axes, dtype=np.float64)) + 1e-12


def with_bar(runs, total, what, progress=None, done=0):
    """The same things one by one, while a bar, or whoever wants to know, is told how many came.

    Parameters
    ----------
    runs : iterable
    total : int
    what : str
        What they are, in one word.
    progress : bool or callable, optional
        True for a bar; by default only in a terminal. A function is called with the number done,
        `total` and `what`: before the first and after each.
    done : int
        How many were done before.

    Yields
    ------
    object
        Of `runs`.

    Examples
    --------
    >>> from mmlib.base import with_bar
    >>> list(with_bar("ab", 2, "fits", lambda *told: print(*told)))
    0 2 fits
    1 2 fits
    2 2 fits
    ['a', 'b']
    """
    if callable(progress):
        progress(done, total, what)
        for run in runs:
            done += 1
            progress(done, total, what)
            yield run
        return
    if sys.stderr.isatty() if progress is None else progress:
        from tqdm.auto import tqdm

        runs = tqdm(runs, total=total, initial=done, desc=what, leave=False)
    yield from runs
