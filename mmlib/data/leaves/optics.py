"""What a leaf does to light: a compact plate model.

A leaf is a stack of thin absorbing plates with air between them. Light that
enters is absorbed by pigments, water and dry matter, and is turned back at
every surface. From five contents and one structure number the model computes
the reflectance from 400 to 2500 nm, in the manner of PROSPECT.

The absorption here is a sum of Gaussian bands at documented places, with
heights and widths adjusted so that the reflectance follows PROSPECT-D; it is a
teaching model, not a substitute for it.

References
----------
Jacquemoud & Baret (1990), doi:10.1016/0034-4257(90)90100-Z (the model);
Allen et al. (1969), doi:10.1364/JOSA.59.001376 (one plate);
Feret et al. (2017), doi:10.1016/j.rse.2017.03.004 (PROSPECT-D, pigments);
Curran (1989), doi:10.1016/0034-4257(89)90069-2 (where water and dry matter absorb);
Lichtenthaler (1987), doi:10.1016/0076-6879(87)48036-1 (where pigments absorb).
"""

import numpy as np
from scipy.special import exp1

WAVELENGTHS = np.arange(400.0, 2501.0, 10.0)  # nm

# Absorption bands: center (nm), width (standard deviation, nm), height (cm2/ug for the
# pigments, cm2/g for dry matter, 1/cm for water).
BANDS = {
    "chlorophyll": [
        (422, 23, 0.0977),
        (480, 16, 0.0409),
        (607, 43, 0.0199),
        (660, 26, 0.0249),
        (676, 10, 0.05),
        (704, 34, 0.000415),
    ],
    "carotenoids": [
        (410, 35, 0.147),
        (470, 25, 0.088),
        (505, 21, 0.0504),
    ],
    "anthocyanins": [
        (541, 42, 0.052),
        (530, 20, 0.0258),
    ],
    "water": [
        (981, 31, 0.418),
        (1218, 64, 1.19),
        (1446, 34, 23.9),
        (1510, 92, 11.6),
        (1784, 79, 7.59),
        (1935, 29, 135),
        (2008, 70, 44.3),
        (2520, 248, 37.7),
    ],
    "dry_matter": [
        (420, 270, 2.21),
        (1220, 625, 2.12),
        (1497, 60, 4.92),
        (1742, 99, 6.48),
        (2120, 110, 21.3),
        (2313, 39, 11.6),
        (2460, 78, 28.2),
    ],
}


def absorption(content, wavelengths=WAVELENGTHS):
    """Specific absorption of one leaf content as a sum of bands.

    Parameters
    ----------
    content : {"chlorophyll", "carotenoids", "anthocyanins", "water", "dry_matter"}
    wavelengths : ndarray of shape (bands,), nm

    Returns
    -------
    ndarray of shape (bands,)
        In cm2/ug for pigments, 1/cm for water, cm2/g for dry matter.
    """
    center, width, height = np.array(BANDS[content]).T[:, :, None]
    return (height * np.exp(-0.5 * ((wavelengths - center) / width) ** 2)).sum(0)


INDEX = (-0.1466, -0.1656, 0.0394, -0.0547, 1.3793)  # cubic in (wavelength - 1450) / 1050


def refractive_index(wavelengths=WAVELENGTHS):
    """Refractive index of the leaf's solid matter at each wavelength (nm)."""
    return np.polyval(INDEX, (np.asarray(wavelengths) - 1450) / 1050)


def transmissivity(index, max_angle=90.0):
    """Share of diffuse light, within `max_angle` degrees, that passes a surface.

    Fresnel's equations averaged over the angle of arrival and both polarizations.
    """
    nodes, weights = np.polynomial.legendre.leggauss(40)
    angle = np.radians(max_angle) * (nodes + 1) / 2
    weights = weights * np.sin(2 * angle)
    cos_in = np.cos(angle)[:, None]
    cos_out = np.sqrt(1 - (np.sin(angle)[:, None] / index) ** 2)
    r_s = (cos_in - index * cos_out) / (cos_in + index * cos_out)
    r_p = (index * cos_in - cos_out) / (index * cos_in + cos_out)
    return weights @ (1 - (r_s**2 + r_p**2) / 2) / weights.sum()


def leaf_reflectance(
    chlorophyll,
    carotenoids,
    anthocyanins,
    water,
    dry_matter,
    layers=1.5,
    wavelengths=WAVELENGTHS,
):
    """Reflectance of leaves with the given contents.

    Parameters
    ----------
    chlorophyll, carotenoids, anthocyanins : array-like of shape (leaves,), ug/cm2
    water : array-like of shape (leaves,), cm
        Equivalent water thickness.
    dry_matter : array-like of shape (leaves,), g/cm2
    layers : array-like of shape (leaves,)
        Structure parameter: number of plates, 1 (compact) to about 2.5 (spongy).
    wavelengths : ndarray of shape (bands,), nm

    Returns
    -------
    ndarray of shape (leaves, bands)
        Reflectance between 0 and 1.

    Examples
    --------
    >>> from mmlib.data.leaves.optics import leaf_reflectance
    >>> fresh = leaf_reflectance(40, 8, 1, water=0.015, dry_matter=0.006)
    >>> dry = leaf_reflectance(40, 8, 1, water=0.005, dry_matter=0.006)
    >>> bool(dry[0, 105] > fresh[0, 105])  # at 1450 nm, a water band
    True
    """
    contents = {
        "chlorophyll": chlorophyll,
        "carotenoids": carotenoids,
        "anthocyanins": anthocyanins,
        "water": water,
        "dry_matter": dry_matter,
    }
    amounts = np.stack(np.broadcast_arrays(*[np.atleast_1d(v) for v in contents.values()]), axis=1)
    layers = np.broadcast_to(np.atleast_1d(layers), len(amounts))[:, None]
    bands = np.stack([absorption(name, wavelengths) for name in contents])
    depth = np.maximum(amounts @ bands / layers, 1e-9)
    inside = (1 - depth) * np.exp(-depth) + depth**2 * exp1(depth)
    return _stack(inside, layers, refractive_index(wavelengths))


def _stack(inside, layers, index):
    """Reflectance of `layers` plates, each letting the share `inside` through."""
    t_in = transmissivity(index)  # air to leaf, light from everywhere
    t_lamp = transmissivity(index, 40.0)  # air to leaf, light from the lamp
    t_out = t_in / index**2  # leaf to air
    r_out = 1 - t_out
    bounce = 1 - (r_out * inside) ** 2
    t = t_in * inside * t_out / bounce
    r = 1 - t_in + r_out * inside * t
    t_first = t_lamp * inside * t_out / bounce
    r_first = 1 - t_lamp + r_out * inside * t_first

    # The plates below the first one: Stokes' solution for a pile of equal plates.
    root = np.sqrt(np.maximum((1 + r + t) * (1 + r - t) * (1 - r + t) * (1 - r - t), 1e-12))
    a = (1 + r**2 - t**2 + root) / (2 * r)
    b = ((1 - r**2 + t**2 + root) / (2 * t)) ** (layers - 1)
    pile = a * (b**2 - 1) / (a**2 * b**2 - 1)
    return r_first + t_first * t * pile / (1 - pile * r)
