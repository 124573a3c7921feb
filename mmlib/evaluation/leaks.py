"""Leaks and shortcuts: does something else than the samples themselves tell the label?

Each kind has a code, and each finding says what was found, how, why it matters, and what to do.

==  =========================================================================================
L1  The group says the same as the label.
L2  A column on how it was measured (day, batch, operator, instrument) goes with the label.
L3  Such a column can be told from a modality, although it is not the label.
L4  The edge of the pictures alone tells the label.
L5  Samples stand in the order of their labels, and the measurements drift in that order.
L6  Samples of different groups are nearly the same, nearer than chance brings them.
L7  The ids carry the label.
L8  Samples may belong together without being declared a group (told when a folder is read).
==  =========================================================================================

L1, L5 without a drift, and L7 are seen by looking. The others are tested, by groups, such
that data without a leak raise an alarm of any kind in one of a hundred studies at most (`ALARM`).
"""

import re
from typing import NamedTuple

import numpy as np

from ..features.words import WordWeights, is_text
from .shortcut_tests import ALARM, blocks_p, going_together_p, near_twins, told_by, trend_p, within

FEWEST_UNITS = 12  # groups, below which nothing is tested
MOST = 1500  # samples that are looked at
HOW_MEASURED = set(
    "date day time week batch lot operator person user instrument device camera spectrometer lamp "
    "session run series tray plate site lab position datum tag charge bediener gerät geraet kamera "
    "messtag lieferung fecha lote operador jour opérateur operateur appareil".split()
)


class Leak(NamedTuple):
    """One thing that a model may learn instead of what it should.

    Attributes
    ----------
    code : str
        "L1" to "L7", see `mmlib.evaluation.leaks`.
    where : str
    what, how, why, remedy : str
        What was found, how, why it matters, and what to do.
    sure : bool
        False for what may be harmless.
    """

    code: str
    where: str
    what: str
    how: str
    why: str
    remedy: str
    sure: bool = True

    def __str__(self):
        return f"{self.code} {self.where}: {self.what} ({self.how}); {self.why}; {self.remedy}."


def find_leaks(data, random_state=0):
    """Look for everything that would let a model know the label without knowing the sample.

    Parameters
    ----------
    data : MultimodalData
        Columns on how samples were measured are found by name in ``data.info``.
    random_state : int
        Of folds, and of what is looked at where there are more than 1,500 samples.

    Returns
    -------
    list of Leak
        Empty where nothing was found, which proves nothing.

    Examples
    --------
    Two operators, one of whom measured nearly all of one class:

    >>> import numpy as np
    >>> import mmlib
    >>> from mmlib.evaluation.leaks import find_leaks
    >>> leaves = mmlib.make_leaves(40, leaves_per_plant=1)
    >>> leaves.info["operator"] = np.where(leaves.y > 2, "A", "B")
    >>> [leak.code for leak in find_leaks(leaves)]
    ['L2']
    """
    data = _some(data, random_state)
    units = np.arange(len(data)) if data.groups is None else data.groups
    units = np.unique(units, return_inverse=True)[1]
    label = _coded(data)
    columns = {name: np.unique(values, return_inverse=True)[1]
               for name, values in _how_measured(data, units)}  # fmt: skip
    found = [_group_is_label(data, units, label), _ids_tell(data, label)]
    if units.max() + 1 >= FEWEST_UNITS:
        tables = {name: _table(data.X[name]) for name in data.modalities}
        alarm = ALARM / (len(columns) * (1 + len(tables)) + len(tables) + 3)
        found += [_goes_with_label(*item, label, units, alarm, data) for item in columns.items()]
        alike = {name: within(table, label) for name, table in tables.items()}
        found += [_told(name, values, alike, units, alarm, data, random_state)
                  for name, values in columns.items()]  # fmt: skip
        found.append(_edge_tells(data, label, units, alarm, random_state))
        found.append(_order(data, label, units, tables, alarm, random_state))
        found += [_twins(name, table, data, units, alarm) for name, table in tables.items()]
    return sorted(filter(None, found))  # by code


def _group_is_label(data, units, label):
    if data.groups is None or data.labels is None:
        return None
    pairs = {*zip(units.tolist(), label.tolist(), strict=True)}
    if not len(pairs) == units.max() + 1 == label.max() + 1:
        return None
    return Leak(
        "L1", "samples", "group says the same as label",
        "each group has one label, and each label one group",
        "no split can test a new group",
        "let group name the plant, batch or day",
    )  # fmt: skip


def _goes_with_label(name, values, label, units, alarm, data):
    p, both, n = going_together_p(values, label, units)
    shares = [(told - guessed) / max(n - guessed, 1) for told, guessed in both]
    if not (p < alarm and max(shares) > 0.5):
        return None
    what, unit = _what(data), _unit(data)
    told, guessed = both[0] if shares[0] >= shares[1] else both[1]
    way = f"it tells the {what}" if shares[0] >= shares[1] else f"the {what} tells it"
    return Leak(
        "L2", f"samples, column {name!r}",
        f"{way} for {told} of {n} {unit}s, where guessing is right for {guessed}",
        f"labels were dealt anew to the {unit}s 10,000 times",
        f"a model may learn the {name} and not the {what}",
        f"measure each {what} under every {name}, or call the column group",
    )  # fmt: skip


def _told(name, values, tables, units, alarm, data, random_state):
    for modality, table in tables.items():
        found = told_by(table, values, units, alarm, random_state)
        if found:
            return Leak(
                "L3", f"{modality}",
                f"it tells the {name} of new {_unit(data)}s, with a balanced accuracy of "
                f"{found[0]:.2f} where guessing has {found[1]:.2f}",
                f"by discriminant analysis of its principal components, less the mean of each "
                f"{_what(data)}, across groups",
                f"another {name} will look unlike all that was trained on, and scores from these "
                "are too good for it",
                f"call {name} the group, so that a new one is tested, or correct for it",
            )  # fmt: skip
    return None


def _edge_tells(data, label, units, alarm, random_state):
    pictures = data.X["image"] if "image" in data.modalities else None
    if pictures is None or pictures.ndim != 4 or min(pictures.shape[1:3]) < 8:
        return None
    found = told_by(_edge(pictures), label, units, alarm, random_state)
    if not found:
        return None
    return Leak(
        "L4", "image",
        f"its edge alone tells the {_what(data)}, with a balanced accuracy of {found[0]:.2f} where "
        f"guessing has {found[1]:.2f}",
        "by discriminant analysis of the colors in the outer twelfth of each side, across groups",
        "if that is background, a model may learn where and when the picture was taken",
        "cut the sample out, or take the pictures before one background in mixed order",
    )  # fmt: skip


def _order(data, label, units, tables, alarm, random_state):
    if not blocks_p(label, units) < alarm:
        return None
    what = _what(data)
    start = "L5", "samples", f"they stand in the order of the {what}"
    remedy = f"measure in mixed order, each {what} at the beginning and at the end"
    for name, table in tables.items():
        if trend_p(table, label, units, random_state) < alarm:
            return Leak(
                *start[:2], f"{start[2]}, and the {name} drifts in that order",
                f"the place in the table was predicted from the {name} within one {what}",
                f"a model may learn when a sample was measured and not its {what}",
                remedy,
            )  # fmt: skip
    return Leak(
        *start, f"the {what} changes more rarely from row to row than by chance",
        f"if they were measured in this order, a drift of the instrument would tell the {what}",
        remedy, sure=False,
    )  # fmt: skip


def _twins(name, table, data, units, alarm):
    values = np.asarray(data.X[name])
    if is_text(values.shape[1:]):  # a short one may be written twice
        return None
    places = (1, 2) if values.ndim == 4 else 1
    flat = np.ptp(values, axis=places).reshape(len(values), -1).max(1) == 0
    # What is of one color is like all that is of one color: a fault of its own.
    pairs = near_twins(np.where(flat[:, None], np.nan, table), units, alarm)
    if not pairs:
        return None
    (a, b), *more = pairs
    others = f" (and {len(more)} more pair{'s' * (len(more) != 1)})" if more else ""
    return Leak(
        "L6", name,
        f"{data.ids[a]} and {data.ids[b]}, of different {_unit(data)}s, are nearly the same"
        f"{others}",
        "they are nearer than nearest neighbors come by chance in so many dimensions",
        "one may be in training while the other is in the test",
        "give both one group if they are one sample, or find the mistake",
    )  # fmt: skip


def _ids_tell(data, label):
    """A part of the id, a word or what begins it, that goes with the label one to one."""
    if data.labels is None or len(data) < FEWEST_UNITS:
        return None
    ids = [str(sample).lower() for sample in data.ids]
    parts = [re.split(r"[\W\d_]+", sample, maxsplit=1)[0] for sample in ids]
    names = [str(name).lower() for name in data.target_names]
    pairs = {*zip(parts, label.tolist(), strict=True)}
    one_to_one = len(pairs) == len(set(parts)) == label.max() + 1
    written = all(len(names[k]) > 1 and names[k] in sample
                  for k, sample in zip(label, ids, strict=True))  # fmt: skip
    if not (one_to_one or written):
        return None
    return Leak(
        "L7", "samples", f"the ids carry the label ({data.ids[0]}, {data.ids[-1]})",
        "the label can be read off them",
        "no model of mmlib sees an id, but who measures or cleans the data does",
        "hide the label while measuring, and use ids that say nothing",
        sure=False,
    )  # fmt: skip


def _how_measured(data, units):
    """Columns on the circumstances, of a few values that are not the groups themselves."""
    for name, values in data.info.items():
        values = np.asarray(values)
        words = set(re.split(r"[\W\d_]+", str(name).lower()))
        if values.shape != (len(data),) or not words & HOW_MEASURED:
            continue
        values = np.array([re.split(r"[T ]\d\d?:", str(value))[0] for value in values])
        n_values = len(np.unique(values))
        if 1 < n_values <= min(20, (units.max() + 1) / 3):
            yield name, values


def _coded(data):
    """Classes as 0, 1, ...; of a quantity its quarters."""
    if data.labels is not None:
        return np.searchsorted(data.labels, data.y)
    return np.searchsorted(np.quantile(data.y, [0.25, 0.5, 0.75]), data.y)


def _some(data, random_state):
    """Whole groups, until there are enough samples; in the order of the data."""
    if len(data) <= MOST:
        return data
    units = np.arange(len(data)) if data.groups is None else data.groups
    _, code, size = np.unique(units, return_inverse=True, return_counts=True)
    order = np.random.default_rng(random_state).permutation(len(size))
    kept = order[np.cumsum(size[order]) <= MOST]
    return data.take(np.flatnonzero(np.isin(code, kept)))


def _table(values):
    """A modality as few columns: bands joined, pictures made small, the main words of texts."""
    values = np.asarray(values)
    if is_text(values.shape[1:]):
        return WordWeights(300).fit_transform(values)
    if values.ndim == 4:
        sides = [max(1, side // 12) for side in values.shape[1:3]]
        values = values[:, :: sides[0], :: sides[1]]
    values = values.reshape(len(values), -1).astype(float)
    step = -(-values.shape[1] // 600)
    edges = np.arange(0, values.shape[1], step)
    return np.add.reduceat(values, edges, axis=1) / step


def _edge(pictures):
    """Mean and spread of each color along each side."""
    height, width = (max(1, side // 12) for side in pictures.shape[1:3])
    sides = [pictures[:, :height], pictures[:, -height:],
             pictures[:, :, :width], pictures[:, :, -width:]]  # fmt: skip
    parts = [how(side.astype(float), axis=(1, 2)) for side in sides for how in (np.mean, np.std)]
    return np.concatenate(parts, axis=1)


def _what(data):
    return "label" if data.labels is not None else "target"


def _unit(data):
    return "sample" if data.groups is None else "group"
