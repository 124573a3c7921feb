"""Real data: one loader for each data set, one card for each in the folder ``data``.

Files are fetched once from their public address, checked against a pinned
SHA-256 and kept in a cache; see `mmlib.data.public.download`.
"""

from .coffee import load_coffee
from .houston import load_houston2013
from .medical import load_ct_mri
from .soil import load_soil
from .speech import load_digits_and_speech
from .trees import load_idtrees2020

LOADERS = {
    "houston2013": load_houston2013,
    "idtrees2020": load_idtrees2020,
    "soil": load_soil,
    "digits_and_speech": load_digits_and_speech,
    "coffee": load_coffee,
}

__all__ = [
    "LOADERS",
    "load_coffee",
    "load_ct_mri",
    "load_digits_and_speech",
    "load_houston2013",
    "load_idtrees2020",
    "load_soil",
]
