"""Shares of right answers on a scale without an end, on which independent evidence adds up.

Nobody is right for more than 100 %. So two modalities that are each right for 90 % seem to
repeat each other, however different what they know may be. The squared distance between
classes, in standard deviations of the noise, has no such end: where two modalities err
independently, the distance for both together is the sum.
"""

import numpy as np
from scipy.special import ndtr, roots_hermitenorm


def separation(accuracy, n_classes, most=8.0):
    """Squared distance of classes, equally far from each other, that would be told so often.

    Parameters
    ----------
    accuracy : float or array
        Share of right answers. What is below guessing, ``1 / n_classes``, gives zero.
    n_classes : int
    most : float
        Distance that is given at most, since a perfect score only says "far".

    Returns
    -------
    float or array
        The square of d', in variances of the noise.

    References
    ----------
    Hacker & Ratcliff (1979), a table of d' for several alternatives, doi:10.3758/BF03208311.

    Examples
    --------
    Two independent modalities, each right for 84 % of two classes, are right for 92 % together:

    >>> from mmlib.explain.separation import separation
    >>> [round(separation(share, 2), 1) for share in (0.5, 0.8413, 0.9214)]
    [0.0, 2.0, 4.0]
    """
    distance = np.linspace(0, most, 801)
    node, weight = roots_hermitenorm(80)
    # The class that is there speaks louder than each of the others, whose noise is independent.
    right = ndtr(node[:, None] + distance) ** (n_classes - 1)
    share = weight @ right / weight.sum()
    share[0] = 1 / n_classes
    share = np.maximum.accumulate(share)
    found = np.square(np.interp(accuracy, share, distance))
    return found if np.ndim(found) else float(found)
