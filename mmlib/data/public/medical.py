"""A head seen by CT and MRI: two average volumes in the same coordinates."""

import numpy as np
from scipy.ndimage import affine_transform

from ...base import DataError
from .download import fetch

_COMMIT = "1b6bc35f55a5a3dcdc8f7c3e5d58ba3407171dcb"
URL = f"https://raw.githubusercontent.com/neurolabusc/Clinical/{_COMMIT}/scct.nii"
_CHECKSUM = "8c1bc8f45e800bcb74a91ae5539afbe7cbc5b730109dccfa331d450b1cf208b3"


def load_ct_mri():
    """CT and MRI of an average head, on one grid of 2 mm.

    Both are averages over many people in MNI space: no patient, no illness. The CT (0.9 MB) is
    downloaded once; the MRI comes with nilearn.

    Returns
    -------
    dict
        "ct" and "mri", float32 arrays of shape (91, 109, 91); "affine" (4, 4), from voxel to mm.

    Raises
    ------
    DataError
        When the extra "medical" is missing, or the file cannot be fetched or was altered.

    References
    ----------
    Rorden et al. (2012), doi:10.1016/j.neuroimage.2012.03.020 (CT, BSD-2);
    Fonov et al. (2011), doi:10.1016/j.neuroimage.2010.07.033 (MRI).

    Examples
    --------
    >>> import mmlib
    >>> head = mmlib.load_ct_mri()  # doctest: +SKIP
    """
    try:
        import nibabel
        from nilearn.datasets import load_mni152_template
    except ImportError:
        raise DataError(
            'Medical volumes need two more packages: run pip install "mmlib[medical]".'
        ) from None

    ct = nibabel.load(fetch("ct_mri_mni/scct.nii", URL, _CHECKSUM))
    mri = load_mni152_template(resolution=2)
    move = np.linalg.inv(mri.affine) @ ct.affine  # CT voxel -> MRI voxel
    moved = affine_transform(mri.get_fdata(), move[:3, :3], move[:3, 3], ct.shape, order=1)
    return {
        "ct": np.asarray(ct.dataobj, np.float32),
        "mri": moved.astype(np.float32),
        "affine": ct.affine,
    }
