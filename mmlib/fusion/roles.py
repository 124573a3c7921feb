"""What each model of a ladder is, as data: which modalities, where they meet, what learns."""

import re
from typing import NamedTuple

ALONE = re.compile(r"(?P<modality>.+) only(\W+(?P<family>.*?)\)?)?", re.DOTALL)
FUSED = re.compile(r"(?P<fusion>.*?)( \((?P<family>[^()]+)\))?", re.DOTALL)


class Preset(NamedTuple):
    """What a model is; its name follows.

    Attributes
    ----------
    fusion : str or None
        Where the modalities meet, such as "early"; None for one modality alone.
    modalities : tuple of str
        Those that the model looks at.
    family : str
        The kind of model where several stand side by side, such as "forest"; empty for the
        usual one.

    Examples
    --------
    >>> from mmlib.fusion.roles import Preset
    >>> Preset(None, ("spectrum",), "forest").name
    'spectrum only (forest)'
    """

    fusion: str | None
    modalities: tuple = ()
    family: str = ""

    @property
    def alone(self):
        """Whether this is one modality without any fusion."""
        return self.fusion is None

    @property
    def name(self):
        """As it stands in tables."""
        stem = f"{self.modalities[0]} only" if self.alone else self.fusion
        return f"{stem} ({self.family})" if self.family else stem


class Ladder(dict):
    """Estimators by name, as `mmlib.fusion.ladder` gives them.

    Attributes
    ----------
    presets : dict of str to Preset
        What each of them is.
    """

    def __init__(self, models=(), presets=None):
        super().__init__(models)
        self.presets = presets or {}


def presets_of(models, modalities=()):
    """What each model is: as the ladder says, and of any other model by its name.

    Parameters
    ----------
    models : Ladder, mapping or sequence of str
        Names "<modality> only" are read as such; a family may follow in parentheses.
    modalities : sequence of str
        Of the data: what a fusion looks at.

    Returns
    -------
    dict of str to Preset

    Examples
    --------
    >>> from mmlib.fusion.roles import presets_of
    >>> found = presets_of(["sound only", "early (forest)"], ["sound", "image"])
    >>> found["sound only"].alone, found["early (forest)"].family
    (True, 'forest')
    """
    known = getattr(models, "presets", {})
    return {name: known.get(name) or _read(str(name), modalities) for name in models}


def _read(name, modalities):
    """The only place where a name is taken apart."""
    if found := ALONE.fullmatch(name):
        return Preset(None, (found["modality"],), found["family"] or "")
    found = FUSED.fullmatch(name)
    return Preset(found["fusion"], tuple(modalities), found["family"] or "")
