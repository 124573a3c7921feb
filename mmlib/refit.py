"""A fit that fails leaves the estimator as it was, instead of half old and half new."""

from contextlib import contextmanager


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
    >>> from mmlib.refit import all_or_nothing
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
