"""Lay one picture or volume on another of the same object: registration, by SimpleITK.

Two instruments rarely see a sample in the same place. `register` looks for the motion (a shift,
and a rotation where wanted) after which a similarity of both is largest; `move` brings a picture
there; `left_over` says by how many millimeters one is still off, where the true motion is known.
A CT and an MRI, or a Raman map and a photograph through a microscope: the calls are the same.

SimpleITK, an optional package, searches and interpolates. What is here are its units and faults.
"""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import affine_transform

from ..base import DataError, varies

METRICS = ("mutual information", "correlation", "mean squares")


class Motion(NamedTuple):
    """From where a point is to where it is looked up: ``matrix @ point + shift``, in mm.

    A point counts from the first pixel, one coordinate for each axis of the array, in its order.

    Examples
    --------
    >>> from mmlib.features.registration import Motion, move
    >>> picture = np.array([[0.0, 1.0, 2.0]])
    >>> move(picture, Motion(np.eye(2), np.array([0.0, 0.5])), spacing=0.5)
    array([[1., 2., 0.]])
    """

    matrix: np.ndarray
    shift: np.ndarray

    def __call__(self, points):
        """Points (n, axes) in mm, moved."""
        return np.asarray(points, float) @ self.matrix.T + self.shift


def planted(shift, angles=(), center=None):
    """A motion to try a registration on: a rotation about a center, then a shift.

    Parameters
    ----------
    shift : sequence of float
        In mm, one for each axis.
    angles : sequence of float
        In degrees: one in a picture, three in a volume (in turn about each axis), or none.
    center : sequence of float, optional
        In mm, what stays in its place under the rotation; the first pixel where nothing is said.

    Returns
    -------
    Motion

    Raises
    ------
    DataError
        When the number of angles does not fit the number of axes.

    Examples
    --------
    >>> from mmlib.features.registration import planted
    >>> planted([0, 0], [90], center=[1, 1])([[1, 2]]).round(6)
    array([[0., 1.]])
    """
    axes = len(shift)
    if axes not in (2, 3) or len(angles) not in (0, 2 * axes - 3):
        raise DataError(
            f"A motion of {axes} axes with {len(angles)} angles cannot be: a picture has one "
            "angle, a volume three, and none means no rotation."
        )
    matrix = np.eye(axes)
    for k, angle in enumerate(np.radians(angles)):
        turn, plane = np.eye(axes), [(k + 1) % axes, (k + 2) % axes] if axes == 3 else [0, 1]
        turn[np.ix_(plane, plane)] = [
            [np.cos(angle), -np.sin(angle)],
            [np.sin(angle), np.cos(angle)],
        ]
        matrix = turn @ matrix
    center = np.zeros(axes) if center is None else np.asarray(center, float)
    return Motion(matrix, center - matrix @ center + np.asarray(shift, float))


def move(image, motion, spacing=1.0, outside=0.0):
    """The picture or volume as seen after a motion, interpolated linearly on the same grid.

    Parameters
    ----------
    image : ndarray with 2 or 3 axes
    motion : Motion
        At each point the value comes from ``motion(point)``.
    spacing : float
        Millimeters (or any other unit, the same for all) from one pixel to the next.
    outside : float
        What stands where nothing was measured.

    Returns
    -------
    ndarray of the same shape

    Examples
    --------
    >>> from mmlib.features.registration import move, planted
    >>> move([[1, 2], [3, 4]], planted([1, 0]))
    array([[3., 4.],
           [0., 0.]])
    """
    return affine_transform(
        np.asarray(image, float), motion.matrix, motion.shift / spacing, order=1, cval=outside
    )


def left_over(true, found, points):
    """By how many millimeters points are still off, on average, once `found` has undone `true`.

    Parameters
    ----------
    true : Motion
        By which a picture was moved.
    found : Motion
        By which `register` would move it back.
    points : array-like of shape (n, axes)
        In mm. What matters is inside the object, not in the corners of the picture.

    Returns
    -------
    float

    Examples
    --------
    >>> from mmlib.features.registration import left_over, planted
    >>> left_over(planted([3, 4]), planted([0, 0]), [[0, 0], [9, 9]])
    5.0
    """
    return float(np.linalg.norm(true(found(points)) - points, axis=1).mean())


def register(fixed, moving, spacing=1.0, metric="mutual information", rotate=True):
    """The motion that brings one picture or volume onto another of the same object.

    Parameters
    ----------
    fixed : ndarray with 2 or 3 axes
        Stays where it is.
    moving : ndarray of the same shape
        ``move(moving, found, spacing)`` lies on `fixed`.
    spacing : float
        Millimeters from one pixel to the next, in every direction.
    metric : {"mutual information", "correlation", "mean squares"}
        What shall be large (or small) where both lie on each other. Only the first works
        whatever the gray levels of the two mean.
    rotate : bool
        Look for a rotation too, besides a shift.

    Returns
    -------
    Motion

    Raises
    ------
    DataError
        When the extra "medical" is missing; when the shapes differ, a value is not finite, or a
        picture shows nothing; when the search breaks down, because the two hardly overlap.

    References
    ----------
    Mattes et al. (2003), doi:10.1109/TMI.2003.809072; Lowekamp et al. (2013),
    doi:10.3389/fninf.2013.00045 (SimpleITK).

    Examples
    --------
    >>> from mmlib.features.registration import register
    >>> found = register(photograph, raman_map, spacing=0.01)  # doctest: +SKIP
    """
    try:
        import SimpleITK as sitk
    except ImportError:
        raise DataError(
            'Registration is done by one more package: run pip install "mmlib[medical]".'
        ) from None
    fixed, moving = _checked(fixed, moving, spacing, metric)
    search = sitk.ImageRegistrationMethod()
    search.SetNumberOfThreads(1)  # several would add up in another order each time
    if metric == "mutual information":
        search.SetMetricAsMattesMutualInformation(32)
    elif metric == "correlation":
        search.SetMetricAsCorrelation()
    else:
        search.SetMetricAsMeanSquares()
    if fixed.size > 100_000:  # of a volume a tenth of the voxels says enough
        search.SetMetricSamplingStrategy(search.REGULAR)
        search.SetMetricSamplingPercentage(0.1, 1)
    search.SetInterpolator(sitk.sitkLinear)
    search.SetOptimizerAsRegularStepGradientDescent(2 * spacing, 0.005 * spacing, 100, 0.6)
    search.SetOptimizerScalesFromPhysicalShift()
    # Roughly first: pictures made smaller by these factors, and smoothed by half of them.
    factors = [f for f in (8, 4, 2, 1) if min(fixed.shape) / f >= 10][:3]
    search.SetShrinkFactorsPerLevel(factors)
    search.SetSmoothingSigmasPerLevel([f / 2 if f > 1 else 0 for f in factors])
    search.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    middle = [float(spacing * (n - 1) / 2) for n in fixed.shape]
    transform = _start(sitk, middle, rotate)
    search.SetInitialTransform(transform, inPlace=True)
    try:
        search.Execute(*(_as_image(sitk, x, spacing) for x in (fixed, moving)))
    except RuntimeError:
        raise DataError(
            f"The search for a motion by {metric} broke down: the two pictures hardly overlap or "
            "have nothing in common; bring them roughly onto each other first."
        ) from None
    origin = np.array(transform.TransformPoint([0.0] * fixed.ndim))
    ends = [transform.TransformPoint(row.tolist()) for row in np.eye(fixed.ndim)]
    return Motion((np.array(ends) - origin).T, origin)


def _start(sitk, middle, rotate):
    """No motion yet; its rotation is about the middle of the picture."""
    axes = len(middle)
    if not rotate:
        return sitk.TranslationTransform(axes)
    transform = sitk.Euler3DTransform() if axes == 3 else sitk.Euler2DTransform()
    transform.SetCenter(middle)
    return transform


def _as_image(sitk, x, spacing):
    """SimpleITK counts axes from the last; turned round, a point has the array's order."""
    image = sitk.GetImageFromArray(np.ascontiguousarray(x.T.astype(np.float32)))
    image.SetSpacing([float(spacing)] * x.ndim)
    return image


def _checked(fixed, moving, spacing, metric):
    pair = [np.asarray(x, float) for x in (fixed, moving)]
    if metric not in METRICS:
        raise DataError(f"There is no metric {metric!r}: take one of {', '.join(METRICS)}.")
    if not spacing > 0:
        raise DataError(f"The spacing is {spacing}: it must be a number of mm above 0.")
    if pair[0].shape != pair[1].shape or pair[0].ndim not in (2, 3) or min(pair[0].shape) < 10:
        raise DataError(
            f"Two pictures or volumes of the same shape, 10 pixels or more along each axis, are "
            f"registered; these have {pair[0].shape} and {pair[1].shape}: bring them to one grid."
        )
    for name, x in zip(("fixed", "moving"), pair, strict=True):
        if not np.isfinite(x).all():
            raise DataError(f"The {name} picture holds NaN or infinite values: fill them first.")
        if not varies(x.reshape(-1, 1)).all():
            raise DataError(f"The {name} picture has the same value everywhere: it shows nothing.")
    return pair
