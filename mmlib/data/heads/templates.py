"""Three pictures of one average head on one grid: a slice of its CT, of its MRI, and an X-ray.

Made by ``data/build_heads.py`` of what `mmlib.load_ct_mri` gives, whose sources ``data/ct_mri.md``
tells. The licenses of the CT and of the MRI stand beside this file, in LICENSE-templates.
"""

from pathlib import Path

import numpy as np
from scipy.ndimage import affine_transform

from .xray import absorbance

STORE = Path(__file__).with_name("templates.npz")
SIZE = 48  # pixels along each side
PIXEL = 3.0  # mm
LEVEL = 45  # the slice of the volumes, counted from below


def templates():
    """The stored pictures.

    Returns
    -------
    dict of str to ndarray of shape (48, 48)
        "ct" in Hounsfield units, "mri" as a share of its largest value, "xray" as absorbance
        from above. The forehead is at the top, the right ear on the left, as radiologists look.

    Examples
    --------
    >>> from mmlib.data.heads.templates import templates
    >>> {name: picture.shape for name, picture in templates().items()}
    {'ct': (48, 48), 'mri': (48, 48), 'xray': (48, 48)}
    """
    with np.load(STORE) as stored:
        return {name: stored[name].astype(float) for name in ("ct", "mri", "xray")}


def make_templates(head):
    """The same from the volumes, see `mmlib.load_ct_mri`: what is stored.

    Returns
    -------
    dict of str to ndarray of shape (48, 48), float16
    """
    hounsfield = to_hounsfield(head["ct"])
    spacing = abs(head["affine"][0, 0])
    flat = {
        "ct": hounsfield[:, :, LEVEL],
        "mri": head["mri"][:, :, LEVEL] / head["mri"].max(),
        "xray": absorbance(hounsfield, spacing),
    }
    return {name: _on_grid(plane, spacing).astype(np.float16) for name, plane in flat.items()}


def to_hounsfield(cormack):
    """CT numbers from the units of the published CT, in which soft tissue is stretched elevenfold.

    Examples
    --------
    >>> from mmlib.data.heads.templates import to_hounsfield
    >>> to_hounsfield([0, 900, 2000, 3100, 3500])
    array([-1000.,  -100.,     0.,   100.,   500.])
    """
    x = np.asarray(cormack, float)
    return np.select([x < 900, x < 3100], [x - 1000, (x - 900) / 11 - 100], x - 3000)


def _on_grid(plane, spacing):
    """The middle of a plane, the forehead at the top, on our grid."""
    plane, step = plane.T[::-1], PIXEL / spacing
    first = (np.array(plane.shape) - 1 - step * (SIZE - 1)) / 2
    return affine_transform(plane, np.diag([step, step]), first, (SIZE, SIZE), order=1)
