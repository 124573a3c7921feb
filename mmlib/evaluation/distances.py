"""How far a sample lies from the components of others, along them and beside them."""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from ..features.blocks import default_block
from ..features.letters import letter_shares
from ..features.words import is_text

TINY = 1e-6  # of a standard deviation: below, single precision holds rounding only


def columns_of(shape):
    """The default steps of a modality, up to scaling: nothing in them is fitted.

    Of a text not its words, since every new text has some that were not there before.
    """
    if is_text(shape):
        return FunctionTransformer(letter_shares)
    fitted = ("StandardScaler", "Compress")
    default = default_block(shape, 15)
    steps = [step for step in default if type(step).__name__ not in fitted]
    return make_pipeline(*steps) if steps else FunctionTransformer()


def how_far(far, table):
    """The larger of both distances, each over its textbook limit.

    Where nothing varied in training, the largest step away from it, over what is rounding.
    """
    scale, *both = far
    table = clip(scale.transform(table))
    if not both:
        return np.maximum(np.abs(table).max(1) / TINY - 1, 0)
    return np.max([m.predict_residuals(table) / m.critical_value_ for m in both], axis=0)


def clip(table):
    """No single column may decide alone: one that is hardly ever filled would."""
    return np.clip(table, -5, 5)
