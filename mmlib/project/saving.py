"""Keep a fitted model, and get it back, without pickle.

A pickle runs whatever its author wrote into it; a model from a stranger should not. The
model is written by skops, which stores names of types and numbers. On loading, every
name must be that of an estimator, of a layer of a net, or of one of mmlib's functions that
only compute: some of them are called when a net is built again. Weights are plain arrays.
"""

import importlib
import inspect
import platform
import shutil
import tempfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from sklearn.base import BaseEstimator
from skops.io import dumps, get_untrusted_types, loads
from torch.nn import Module  # which skops loads as well

from ..base import DataError
from .about import ABOUT, About, TrainedOn, read_about

MODEL = "model.skops"
LIBRARIES = ("chemotools", "mmlib", "sklearn", "torch.nn.modules")
COMPUTING = (
    "mmlib.features",
    "mmlib.fusion",
    "mmlib.nets.augment",
    "mmlib.nets.encoders",
    "mmlib.nets.fusion_net",
)
NO_PARTS = ("mmlib.fusion.heteroscedastic", "mmlib.fusion.missing", "mmlib.fusion.roles")
PARTS = (
    "functools.partial",
    "scipy.sparse._csr.csr_array",
    "mmlib.data.mapping.Samples",
    "mmlib.fusion.roles.Ladder",  # a dict, which a choice among models holds
)
LEFT_BEHIND = (".DS_Store", "desktop.ini", "Thumbs.db")  # by systems where one has looked
VERSIONS = ("numpy", "scikit-learn", "skops", "torch", "chemotools")


def save(model, folder, data=None):
    """Write a fitted model to a folder.

    Parameters
    ----------
    model : estimator
        Of scikit-learn, mmlib or chemotools, or a composition of these.
    folder : str or path
        Made if need be. An older model in it is replaced; any other content is refused.
    data : MultimodalData, optional
        What it was trained on: wavelengths, units and names of classes are kept with it.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        When the folder holds something else, or the model cannot be stored without pickle.

    Examples
    --------
    >>> import mmlib, tempfile
    >>> from mmlib.fusion.early import early_fusion
    >>> leaves = mmlib.make_leaves(n_plants=20)
    >>> model = early_fusion(leaves).fit(leaves.X, leaves.y)
    >>> folder = mmlib.save(model, tempfile.mkdtemp(), leaves)
    >>> bool((mmlib.load(folder).predict(leaves.X) == model.predict(leaves.X)).all())
    True
    """

    folder = Path(folder)
    found = folder.iterdir() if folder.is_dir() else [folder] if folder.exists() else []
    others = [path.name for path in found if path.name not in (MODEL, ABOUT, *LEFT_BEHIND)]
    if others:
        raise DataError(f"{folder} holds {others[0]!r}, which is no model: choose a new folder.")
    try:
        stored = dumps(model)
    except Exception as error:  # skops raises many kinds
        said = " ".join(str(error).split())
        raise DataError(
            f"This {type(model).__name__} cannot be stored without pickle ({said[:200]}): use "
            "named classes and functions in it, no lambda and no module that is ready-made."
        ) from error
    unknown = _unknown(stored)
    if unknown:
        raise DataError(
            f"The model holds {unknown[0]}, which could not be loaded again: only estimators and "
            f"layers of {', '.join(LIBRARIES)} are."
        )
    about = About(
        sha256=sha256(stored).hexdigest(),
        model=type(model).__name__,
        versions={"python": platform.python_version()} | {v: version(v) for v in VERSIONS},
        data=None if data is None else TrainedOn.of(data),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:  # never half a model
        (Path(aside) / MODEL).write_bytes(stored)
        (Path(aside) / ABOUT).write_text(about.to_json(), encoding="utf-8")
        for name in (MODEL, ABOUT):
            shutil.move(Path(aside) / name, folder / name)
    return folder


def load(folder):
    """Read a model that `save` wrote.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    estimator
        It predicts what the saved one predicted, to the last bit on the same machine.

    Raises
    ------
    DataError
        When there is no model, it was altered, or it asks for a type of an unknown library.
    """

    stored = _read_whole(folder)
    unknown = _unknown(stored)
    if unknown:
        raise DataError(
            f"{Path(folder) / MODEL} asks for {unknown[0]}, which is no estimator or layer that "
            "is known to only compute: it is not loaded."
        )
    return loads(stored, trusted=get_untrusted_types(data=stored))


def is_whole(folder, digest):
    """Whether a folder holds, undamaged, the model whose file has this sha256."""
    try:
        return sha256(_read_whole(folder)).hexdigest() == digest
    except DataError:
        return False


def _read_whole(folder):
    """The file of a model, which is what its ``about.json`` says."""
    about = read_about(folder)
    try:
        stored = (Path(folder) / MODEL).read_bytes()
    except OSError:
        raise DataError(f"{Path(folder) / MODEL} is missing: copy the whole folder.") from None
    if sha256(stored).hexdigest() != about.sha256:
        raise DataError(f"{Path(folder) / MODEL} was altered or cut short: copy it again.")
    return stored


def _unknown(stored):
    """Types in a stored model that are not what their name says, or of no known library."""

    return [name for name in get_untrusted_types(data=stored) if not _is_known(name)]


def _is_known(name):
    """Whether `name` is an estimator, a part of one, a layer, or what mmlib computes with.

    Building or calling these does nothing but compute. The name must be where the thing was
    defined: a way through another module, such as ``mmlib.course.start.subprocess``, is refused.
    """
    if name in PARTS:
        return True
    module, _, last = name.rpartition(".")
    if not f"{module}.".startswith(tuple(f"{library}." for library in LIBRARIES)):
        return False
    try:
        thing = getattr(importlib.import_module(module), last)
    except (ImportError, AttributeError):
        return False
    computes = f"{module}.".startswith(tuple(f"{part}." for part in COMPUTING))
    computes = computes and module not in NO_PARTS
    if inspect.isclass(thing):
        parts = name.startswith("sklearn.") and not name.startswith("sklearn.externals.")
        fits = parts or computes or issubclass(thing, (BaseEstimator, Module))
    else:
        fits = inspect.isfunction(thing) and computes
    return fits and f"{thing.__module__}.{thing.__qualname__}" == name
