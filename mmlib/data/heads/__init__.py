"""Simulated heads in CT, MRI and X-ray: is it one lesion, or two that have nothing in common?

A spot in the CT and a spot in the MRI lie at the same place, or they do not; nothing else tells
the two classes apart in these, so that each alone is worth nothing. Heads are drawn from one
average head (`templates`, and `xray` for how a CT becomes an X-ray), spots are planted
(`lesions`), and the best possible accuracy is computed (`head_ceilings`). For teaching only:
no patient was ever seen, and no real lesion looks like a round spot.
"""

from .head_ceilings import head_ceilings
from .lesions import make_heads, search_area

__all__ = ["head_ceilings", "make_heads", "search_area"]
