"""Store the bundled sample of simulated leaves and print its checksums.

Run from the project's folder: ``python data/build_leaves.py``, then copy the
two checksums into ``mmlib/data/leaves/__init__.py``. The sample is stored, not made anew
by every reader, because the last digits of a simulation differ between machines.
"""

from hashlib import sha256

import numpy as np
from PIL import Image

import mmlib
from mmlib.data.leaves import SAMPLE, contact_sheet

data = mmlib.make_leaves(seed=0)
Image.fromarray(contact_sheet(data.X["image"])).save(SAMPLE.with_suffix(".png"), optimize=True)
np.savez_compressed(
    SAMPLE,
    spectrum=np.round(data.X["spectrum"] * 10_000).astype(np.uint16),
    plant=data.groups.astype(np.uint16),
    **{key: value.astype(np.float32) for key, value in data.info.items()},
)
for path in (SAMPLE, SAMPLE.with_suffix(".png")):
    size = path.stat().st_size / 1e6
    print(f"{path.name}: {size:.1f} MB, {sha256(path.read_bytes()).hexdigest()}")
