"""Whether arrays have the layout that the library reads: samples first, channels last."""

import numpy as np

from ..base import DataError


def check_modalities(X):
    """Return `X` as a plain dict of arrays, samples first: numbers, or one text for each sample."""
    if not hasattr(X, "items") or not list(X):
        raise DataError(
            "X must be a mapping from modality name to array, "
            "such as {'spectrum': spectra, 'image': images}."
        )
    if "y" in X or "self" in X:
        raise DataError("A modality cannot be called 'y' or 'self': choose another name.")
    X = {str(key): _as_array(key, value) for key, value in X.items()}
    for key, value in X.items():
        _check_layout(key, value)
    return X


def _check_layout(key, value):
    """Refuse pictures with channels first or none, and spectra with an axis of one element."""
    shape, names = value.shape, {"image", "images", "picture", "photo", "photograph"}
    said = f"{key!r} has shape {shape}, but "
    if len(shape) == 3 and 1 in shape[1:]:
        raise DataError(
            f"{said}a spectrum is (samples, bands): take the axis of length one out, "
            "x.reshape(len(x), -1)."
        )
    if len(shape) == 3 and (value.dtype == np.uint8 or key.lower() in names):
        raise DataError(
            f"{said}pictures are (samples, height, width, channels): give gray ones a channel, "
            "x[..., None]."
        )
    if len(shape) == 4 and shape[1] in (1, 3, 4) and min(shape[2:]) > 4 and shape[1] != shape[2]:
        if 0.2 <= shape[2] / shape[3] <= 5:
            raise DataError(
                f"{said}pictures are (samples, height, width, channels): move the channels last, "
                "np.moveaxis(x, 1, -1)."
            )


def _as_array(key, value):
    if value is None:
        raise DataError(f"{key!r} is None: leave a modality out that was not measured.")
    if not hasattr(value, "shape") and hasattr(value, "__len__"):
        try:
            lengths = [np.shape(row) for row in value]
        except ValueError:
            raise DataError(
                f"Some sample of {key!r} is ragged inside: its rows differ in length; "
                "bring all samples to one size first."
            ) from None
        absent = [i for i, row in enumerate(value) if row is None]
        if absent:
            raise DataError(
                f"{key!r} has no value (None) for {len(absent)} sample(s), the first in row "
                f"{absent[0]}: leave these samples out, or measure them."
            )
        odd = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
        if odd is not None:
            raise DataError(
                f"The rows of {key!r} differ in length: row {odd} has shape {lengths[odd]}, "
                f"row 0 has {lengths[0]}; bring all samples to one grid first."
            )
        if 0 < sum(isinstance(row, str) for row in value) < len(value):
            value = np.array(value, object)  # or numbers would become texts
    value = np.asarray(value)
    if _are_texts(value):
        empty = [k for k, text in enumerate(value) if not text.strip()]
        if empty:
            raise DataError(
                f"{key!r} has an empty text in row {empty[0]} ({len(empty)} in all): leave such "
                "samples out."
            )
        return value.astype(object)
    if value.dtype.kind not in "buif":
        raise DataError(
            f"{key!r} holds {value.dtype} values, not numbers: "
            "look for text or empty cells in its table."
        )
    if value.size == 0 or value.ndim == 0:
        raise DataError(
            f"{key!r} has shape {value.shape}, so it holds no sample: "
            "give an array with samples first."
        )
    return value[:, None] if value.ndim == 1 else value


def _are_texts(value):
    """Whether there is one text for each sample, which are not numbers that were read as texts."""
    return (
        value.ndim == 1
        and value.dtype.kind in "UO"
        and all(isinstance(cell, str) for cell in value)
        and 2 * sum(map(_is_number, value)) < len(value)
    )


def _is_number(cell):
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
