"""Calls that shall fail, and what Python says then."""


def error_of(function, *args, **options):
    """What Python says when a call fails that shall fail, as text.

    Parameters
    ----------
    function : callable
    *args, **options
        What it is called with.

    Returns
    -------
    str

    Raises
    ------
    AssertionError
        When the call goes through: then there is no mistake to show.

    Examples
    --------
    >>> from mmlib.course.failing import error_of
    >>> error_of(int, "many")
    "invalid literal for int() with base 10: 'many'"
    """
    try:
        function(*args, **options)
    except (RuntimeError, TypeError, ValueError) as error:
        return str(error)
    raise AssertionError("The call did not fail.")
