"""GloVe: word vectors whose products tell how often two words stand together."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def glove_weight(counts, x_max=10.0, power=0.75):
    """The weight of a pair in GloVe's sum of squares: 0 if never seen, 1 from `x_max` on.

    Examples
    --------
    >>> from mmlib.features.glove import glove_weight
    >>> glove_weight([0, 10, 1000]).tolist()
    [0.0, 1.0, 1.0]
    """
    counts = np.asarray(counts, float)
    return np.where(counts > 0, np.minimum(counts / x_max, 1) ** power, 0)


def glove(counts, size=25, n_sweeps=10, ridge=0.1, random_state=0, **weight):
    """GloVe: word vectors whose products, with a constant for each word, give the log counts.

    ``w_i @ c_j + a_i + b_j`` is fitted to the logarithm of count (i, j) by weighted least
    squares. The authors go down the gradient; here the words' vectors and the neighbors'
    vectors are solved for in turn, each time an ordinary weighted regression.

    Parameters
    ----------
    counts : pandas.DataFrame of shape (words, words)
        See `mmlib.features.text.count_neighbors`.
    size : int
    n_sweeps : int
        How often both halves are solved for.
    ridge : float
        Added to the sum of squares: this times the squares of all coefficients.
    random_state : int
        Of the vectors that it starts from.
    **weight : float
        `x_max` and `power` of `glove_weight`.

    Returns
    -------
    vectors : pandas.DataFrame of shape (words, size)
        The sum of both vectors of each word.
    fitted : ndarray of shape (words, words)
        The log counts as they are fitted, of all pairs.

    References
    ----------
    Pennington, Socher & Manning (2014), doi:10.3115/v1/D14-1162.

    Examples
    --------
    >>> from mmlib.features.glove import glove
    >>> from mmlib.features.text import count_neighbors
    >>> counts = count_neighbors(["dark and smoky", "dark, smoky"], min_count=2)
    >>> glove(counts, size=1)[0].shape
    (2, 1)
    """
    table = np.asarray(counts, float)
    weights = glove_weight(table, **weight)
    logs = np.log(np.where(table > 0, table, 1))
    rng = np.random.default_rng(random_state)
    one, two = ([0.1 * rng.standard_normal((len(table), size)), np.zeros(len(table))] for _ in "12")
    for _ in range(n_sweeps):
        one = weighted_regressions(weights, logs, *two, ridge)
        two = weighted_regressions(weights.T, logs.T, *one, ridge)
    fitted = one[0] @ two[0].T + one[1][:, None] + two[1]
    return pd.DataFrame(one[0] + two[0], counts.index), fitted


def weighted_regressions(weights, logs, vectors, offsets, ridge):
    """Half a sweep of `glove`: each row of the log counts regressed on the columns' vectors.

    Parameters
    ----------
    weights, logs : ndarray of shape (rows, columns)
    vectors, offsets : ndarray of shape (columns, size) and (columns,)
        Held fixed.
    ridge : float

    Returns
    -------
    vectors, offsets : ndarray of shape (rows, size) and (rows,)
        For each row its slopes and its constant.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.features.glove import weighted_regressions
    >>> columns = np.array([[0.0], [1.0], [2.0]])
    >>> line = weighted_regressions(np.ones((1, 3)), np.array([[1.0, 3, 5]]), columns, 0, 1e-9)
    >>> [float(part.item().__round__(3)) for part in line]
    [2.0, 1.0]
    """
    design = np.column_stack([vectors, np.ones(len(vectors))])
    width = design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    weights = csr_array(weights)
    left = (weights @ squares).reshape(-1, width, width) + ridge * np.eye(width)
    right = weights.multiply(logs - offsets).tocsr() @ design
    found = np.linalg.solve(left, right[:, :, None])[:, :, 0]
    return found[:, :-1], found[:, -1]
