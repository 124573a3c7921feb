"""Samples seen by several instruments: what a data set is, and where data come from.

`dataset` holds a table of samples, `mapping` is what models take of it, `validation` finds its
faults, `splits` divides it by group, `corruptions` (with `damage`) spoils it on purpose.
`leaves` and `kernel_trays` simulate samples whose best reachable score is known; `public`
loads real ones.
"""

from ..base import DataError
from .dataset import MultimodalData
from .mapping import Samples, Select

__all__ = ["DataError", "MultimodalData", "Samples", "Select"]
