"""The same question about the same training part is answered once.

Models that are compared stand on the same training parts, and many of them begin with the same
step: what one has worked out there, the others are told. An answer is kept in memory under a
digest of all that was asked, so that other samples, other labels or another setting never get it.
"""

from collections import OrderedDict
from functools import wraps

import joblib


def remembered(most):
    """Let a function keep its last answers.

    Parameters
    ----------
    most : int
        Answers that are kept. They should be small, and nobody may change them.

    Returns
    -------
    decorator
        Of a function whose answer depends on its arguments alone: arrays, numbers, texts,
        functions of a module.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.remembered import remembered
    >>> @remembered(most=2)
    ... def total(x):
    ...     print("adding")
    ...     return x.sum()
    >>> float(total(np.ones(3))), float(total(np.ones(3)))
    adding
    (3.0, 3.0)
    """

    def decorate(function):
        answers = OrderedDict()

        @wraps(function)
        def ask(*question, **named):
            key = joblib.hash([question, named])
            answer = answers.get(key)  # in one step, since threads may share them
            if answer is None:
                answer = answers[key] = function(*question, **named)
                if len(answers) > most:
                    answers.popitem(last=False)
            return answer

        return ask

    return decorate
