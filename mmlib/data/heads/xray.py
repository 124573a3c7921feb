"""An X-ray picture as the sum of what each voxel of a CT takes away: Beer and Lambert."""

import numpy as np

WATER = 0.02  # attenuation of water for the X-rays of a CT, per mm


def attenuation(hounsfield):
    """What a millimeter of tissue takes away: its attenuation coefficient, per mm.

    Parameters
    ----------
    hounsfield : array-like
        CT numbers: -1000 is air, 0 water.

    Returns
    -------
    ndarray
        Never below 0.

    Examples
    --------
    >>> from mmlib.data.heads.xray import attenuation
    >>> attenuation([-1000, 0, 1000])
    array([0.  , 0.02, 0.04])
    """
    return WATER * np.clip(1 + np.asarray(hounsfield, float) / 1000, 0, None)


def absorbance(hounsfield, spacing, axis=-1):
    """The natural absorbance along parallel rays through a CT: an X-ray picture.

    Parameters
    ----------
    hounsfield : array-like
        CT numbers of a volume.
    spacing : float
        Millimeters from one voxel to the next along the rays.
    axis : int
        Along which the rays run.

    Returns
    -------
    ndarray
        One axis less; ``exp(-absorbance)`` is the share of the rays that arrives.

    Examples
    --------
    >>> from mmlib.data.heads.xray import absorbance
    >>> absorbance([[0, 0, 0], [-1000, 1000, -1000]], spacing=2).round(2)
    array([0.12, 0.08])
    """
    return attenuation(hounsfield).sum(axis) * spacing
