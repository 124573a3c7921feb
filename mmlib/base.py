"""What everybody needs: how a fault is said, and fits that are whole or not at all."""

from contextlib import contextmanager

from sklearn import model_selection as ms
from sklearn.compose import TransformedTargetRegressor
from sklearn.utils.validation import has_fit_parameter


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


class DataError(ValueError):
    """A fault in the data, said in one sentence: what, where, and what to do."""


def fit_options(model, groups):
    """Groups by the name under which this model's `fit` takes them, if it does."""
    by_group = (ms.GroupKFold, ms.StratifiedGroupKFold, ms.LeaveOneGroupOut, ms.GroupShuffleSplit)
    if groups is None:
        return {}
    if has_fit_parameter(model, "groups") or isinstance(getattr(model, "cv", None), by_group):
        return {"groups": groups}
    if isinstance(model, TransformedTargetRegressor) and model.regressor is not None:
        return fit_options(model.regressor, groups)  # its fit hands them on
    if hasattr(model, "steps"):
        name, last = model.steps[-1]
        return {f"{name}__{key}": value for key, value in fit_options(last, groups).items()}
    return {}
