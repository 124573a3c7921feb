"""Store the three pictures from which heads are simulated, made of the average CT and MRI.

Run from the project's folder, with the extra "medical": ``python data/build_heads.py``. They are
stored, a few thousand bytes, so that nobody needs the extra or a network to simulate heads.
"""

import numpy as np

import mmlib
from mmlib.data.heads.templates import STORE, make_templates

np.savez_compressed(STORE, **make_templates(mmlib.load_ct_mri()))
print(f"{STORE.name}: {STORE.stat().st_size} bytes")
