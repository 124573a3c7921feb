"""How often each way of judging errs, in simulated studies of two equal models."""

from pathlib import Path

import pandas as pd

STORED = Path(__file__).with_suffix(".csv")


def load_error_rates():
    """Percent of studies in which one of two equal models is called better; 5 are allowed.

    Made by ``benchmarks/error_rates.py``, a thousand studies a row; see "How often the judging
    errs" in the book.

    Returns
    -------
    pandas.DataFrame
        One row for each design, such as "10x30", ten groups of 30 samples; one column for each
        way of judging.

    Examples
    --------
    >>> from mmlib.course.error_rates import load_error_rates
    >>> bool(load_error_rates().loc["10x30", "folds"] > 10)
    True
    """
    return pd.read_csv(STORED, index_col="cell")
