"""Comparing models so that the winner is one.

`compare` gives every model the same folds, which keep groups whole, fits a fresh copy in
each and keeps what it did (`cache`), scores it (`metrics`), and says how far the scores can
be trusted (`intervals`), which models can be told apart (`comparison`, `verdict`), which one to
keep (`choice`), and how much of its score was luck (`winners_curse`).
"""

from ..data.splits import group_folds
from .baseline import with_baseline
from .choice import best_model, better_than_guessing
from .compare import compare
from .comparison import Comparison
from .intervals import interval, interval_by_groups, p_value
from .metrics import calibration_error, classification_scores, regression_scores, reliability
from .verdict import verdict
from .winners_curse import expected_score

__all__ = [
    "Comparison",
    "best_model",
    "better_than_guessing",
    "calibration_error",
    "classification_scores",
    "compare",
    "expected_score",
    "group_folds",
    "interval",
    "interval_by_groups",
    "p_value",
    "regression_scores",
    "reliability",
    "verdict",
    "with_baseline",
]
