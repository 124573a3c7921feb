"""What is known of a saved model without loading it, and how that is written down."""

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import UnionType
from typing import get_args, get_origin

from ...base import DataError
from ...features.recordings import MOST_RATE
from .model_file import MODEL, read_texts, strict_json

LARGEST_SAMPLE = 2**26  # numbers in one; a photograph of 20 megapixels is smaller


@dataclass(frozen=True)
class TrainedOn:
    """The data that a model was trained on: what new samples must be like.

    Attributes
    ----------
    name, task : str
    samples : int
    shapes : dict of str to list of int
        Of one sample, for each modality.
    axes : dict of str to list of float
        Bands of the spectra, in `units`.
    units : dict of str to str
    shrunk : float
        By which factor pictures were made smaller.
    resampled : bool
        Whether spectra of several axes were brought to one.
    target_names : list of str
        Names of the classes, or of the quantity.
    labels : list or None
        How the model calls the classes; None for a quantity.
    rate : int
        Samples per second of sounds; 0 where there are none, or nobody knows.
    """

    name: str
    task: str
    samples: int
    shapes: dict[str, list[int]]
    axes: dict[str, list[float]]
    units: dict[str, str]
    shrunk: float
    resampled: bool
    target_names: list[str]
    labels: list[str | float | bool] | None
    rate: int = 0  # which models that were saved before there were sounds do not tell

    @classmethod
    def of(cls, data):
        """The description of a `MultimodalData`.

        Examples
        --------
        >>> import mmlib
        >>> from mmlib.project.saving.about import TrainedOn
        >>> TrainedOn.of(mmlib.make_leaves(n_plants=5)).shapes
        {'spectrum': [211], 'image': [48, 48, 3]}
        """
        return cls(
            name=data.name,
            task=data.task,
            samples=len(data),
            shapes={name: list(data.X[name].shape[1:]) for name in data.modalities},
            axes={name: axis.tolist() for name, axis in data.axes.items()},
            units={name: str(unit) for name, unit in data.units.items()},
            shrunk=data.meta.get("shrunk", 1.0),  # both as `load_folder` notes them
            resampled=data.meta.get("resampled", False),
            target_names=[str(name) for name in data.target_names],
            labels=None if data.labels is None else data.labels.tolist(),
            rate=data.meta.get("rate", 0),
        )


@dataclass(frozen=True)
class About:
    """What a saved model tells of itself.

    Attributes
    ----------
    model : str
        Name of its class.
    versions : dict of str to str
        Of Python and the libraries.
    data : TrainedOn or None
        None where the model was saved without.
    """

    model: str
    versions: dict[str, str]
    data: TrainedOn | None

    def to_json(self):
        """As a text."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)


def read_about(folder):
    """What is known of a saved model without loading it: versions, shapes, axes, classes.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    About

    Raises
    ------
    DataError
        When there is no model, it is of another format, or the file does not hold what it
        should.

    Examples
    --------
    >>> import tempfile
    >>> import mmlib
    >>> from mmlib.fusion.early import early_fusion
    >>> from mmlib.project.saving.about import read_about
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> read_about(mmlib.save(model, tempfile.mkdtemp(), leaves)).data.units
    {'spectrum': 'nm'}
    """
    return about_of(read_texts(folder)["about"], Path(folder) / MODEL)


def about_of(text, path=MODEL):
    """What `About.to_json` wrote, checked; `path` is named where it is something else."""
    try:
        found = strict_json(text)
    except (ValueError, RecursionError):
        found = None
    for field in fields(About):
        if not isinstance(found, dict) or not _fits(found.get(field.name), field.type):
            raise DataError(
                f"{path} does not say what it should under {field.name!r}: copy the whole folder "
                "again, or save the model anew."
            )
    known = found["data"] and TrainedOn(**found["data"])
    return About(**{field.name: found[field.name] for field in fields(About)} | {"data": known})


def _fits(value, kind):
    """Whether a value of a JSON text is of a type; whole numbers are numbers, True is none."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(_fits(value, part) for part in parts)
    if origin is list:
        return isinstance(value, list) and all(_fits(item, parts[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(item, parts[1]) for item in value.values())
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    if kind is TrainedOn:
        types = {field.name: field.type for field in fields(kind)}
        return (
            isinstance(value, dict)
            and types.keys() - {"rate"} <= value.keys() <= types.keys()
            and all(_fits(value[name], types[name]) for name in value)
            and _agrees(TrainedOn(**value))
        )
    return isinstance(value, kind)


def _agrees(known):
    """Whether a description contradicts neither itself nor what data can be."""
    labels = known.labels
    classes = labels is not None and len(set(labels)) == len(labels) == len(known.target_names)
    return (
        (classes if known.task == "classification" else known.task == "regression")
        and (labels is None) == (known.task == "regression")
        and len(known.target_names) > 0
        and known.samples > 0
        and 0 <= known.rate <= MOST_RATE
        and 0 < known.shrunk <= 1
        and 0 < len(known.shapes)
        and all(
            min(shape, default=1) > 0 and math.prod(shape) <= LARGEST_SAMPLE
            for shape in known.shapes.values()
        )
        and all(known.shapes.get(name) == [len(axis)] for name, axis in known.axes.items())
        and known.units.keys() <= known.shapes.keys()
    )
