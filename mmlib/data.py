"""One table of samples seen by several instruments.

`MultimodalData` holds what a study has: the same samples measured in several
ways (*modalities*), one target per sample, and the group (plant, plot,
patient) each sample came from. Rows are joined by sample id, never by the
order in which two files happen to list them.

This file does not read files: see `mmlib.datasets`.
"""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.multiclass import type_of_target


class DataError(ValueError):
    """A fault in the data, said in one sentence: what, where, and what to do."""


class MultimodalData:
    """Samples that were measured in more than one way.

    Parameters
    ----------
    X : mapping of str to array-like, samples first
        One entry per modality: a spectrum as (samples, bands), an image as
        (samples, height, width, channels), a plain table as (samples, columns).
    y : array-like of shape (samples,)
        Class labels (strings or integers) or a quantity (floats).
    groups : array-like of shape (samples,), optional
        What must not be torn apart by a split: the plant, plot or patient.
    ids : array-like of shape (samples,), or a mapping, optional
        Sample ids. One list when all tables are in the same order. When they
        are not, a mapping *modality name -> its ids* that also has the key
        ``"y"`` (the ids of `y` and `groups`): the rows are then joined by id.
    axes : mapping of str to array-like, optional
        The wavelength (nm) or wavenumber (cm-1) of each band of a spectrum.
    units : mapping of str to str, optional
        The unit of each axis; "nm" where nothing is said.
    target_names : sequence of str, optional
        Names of the classes, in sorted order of the labels, or the name of
        the quantity.
    task : {"classification", "regression"}, optional
        Taken from `y` when not given: floats with decimals are a quantity.
    name : str
        What the data set is called.
    info : mapping of str to array-like of shape (samples,), optional
        Anything else known of each sample: the day, the instrument, the weight.
        No model sees it.
    meta : mapping, optional
        Anything else worth keeping: source, license, simulation settings.

    Raises
    ------
    DataError
        When the tables do not fit together, hold numbers that are not finite,
        or leave nothing to predict.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib import MultimodalData
    >>> spectrum = np.array([[0.1, 0.5], [0.2, 0.4], [0.1, 0.6]])
    >>> size = np.array([[3.0], [1.0], [2.0]])  # measured in another order
    >>> data = MultimodalData(
    ...     {"spectrum": spectrum, "size": size},
    ...     y=["ripe", "raw", "ripe"],
    ...     ids={"spectrum": ["a", "b", "c"], "size": ["c", "a", "b"], "y": ["a", "b", "c"]},
    ...     axes={"spectrum": [550, 700]},
    ... )
    >>> data.X["size"].ravel().tolist()
    [1.0, 2.0, 3.0]
    >>> data.target_names
    ['raw', 'ripe']
    """

    def __init__(
        self,
        X,
        y,
        groups=None,
        ids=None,
        axes=None,
        units=None,
        target_names=None,
        task=None,
        name="data",
        info=None,
        meta=None,
    ):
        X = _check_modalities(X)
        y = np.asarray(y)
        groups = None if groups is None else np.asarray(groups)
        X, ids = _join(X, y, groups, ids)

        self.name = str(name)
        self.meta = dict(meta or {})
        self.info = _check_info(info, len(y))
        self.axes = _check_axes(X, axes)
        self.units = {key: (units or {}).get(key, "nm") for key in self.axes}
        self.ids = ids
        self.groups = groups
        self.task = task or _guess_task(y)
        if self.task not in ("classification", "regression"):
            raise DataError(
                f"task is {task!r}: it must be 'classification' or 'regression'."
            )
        self.y, self.target_names = _check_target(y, ids, self.task, target_names)
        self.labels = np.unique(self.y) if self.task == "classification" else None
        _check_finite(X, ids)
        self.X = _slice_dict(X)

    @property
    def modalities(self):
        """Names of the modalities, in the order given."""
        return list(self.X)

    def __len__(self):
        return len(self.y)

    def __repr__(self):
        shapes = ", ".join(
            f"{key} {tuple(value.shape[1:])}" for key, value in self.X.items()
        )
        what = (
            f"{len(self.target_names)} classes"
            if self.task == "classification"
            else f"target {self.target_names[0]}"
        )
        groups = (
            "" if self.groups is None else f", {len(np.unique(self.groups))} groups"
        )
        return f"<{self.name}: {len(self)} samples, {shapes}, {what}{groups}>"

    def take(self, index):
        """The samples at `index` (integers or a mask), as a new `MultimodalData`."""
        index = np.asarray(index)
        part = object.__new__(MultimodalData)
        part.__dict__.update(self.__dict__)
        part.X = _slice_dict({key: value[index] for key, value in self.X.items()})
        part.y, part.ids = self.y[index], self.ids[index]
        part.groups = None if self.groups is None else self.groups[index]
        part.info = {key: value[index] for key, value in self.info.items()}
        part.meta = dict(self.meta)
        return part

    def split(self, test_size=0.25, seed=0):
        """Cut into a training and a test part.

        Whole groups go to one side. Every class is on both sides as far as its
        groups allow; a class with one group stays in training.

        Parameters
        ----------
        test_size : float
            Share of the samples to aim at for the test part.
        seed : int
            The same seed gives the same split.

        Returns
        -------
        train, test : MultimodalData

        Raises
        ------
        DataError
            When a class has a single sample, or there is only one group.

        Examples
        --------
        >>> import numpy as np
        >>> from mmlib import MultimodalData
        >>> data = MultimodalData({"size": np.arange(8.0)[:, None]}, y=[0, 1] * 4,
        ...                       groups=[1, 1, 2, 2, 3, 3, 4, 4])
        >>> train, test = data.split(test_size=0.25, seed=0)
        >>> len(train), len(test), bool(set(train.groups) & set(test.groups))
        (6, 2, False)
        """
        if not 0 < test_size < 1:
            raise DataError(f"test_size is {test_size}: it must lie between 0 and 1.")
        groups = np.arange(len(self)) if self.groups is None else self.groups
        classes = self.y if self.task == "classification" else np.zeros(len(self), int)
        if self.task == "classification":
            self.check_classes()
        in_test = _split_groups(groups, classes, test_size, np.random.default_rng(seed))
        return self.take(~in_test), self.take(in_test)

    def check_classes(self, at_least=2):
        """Raise `DataError` if a class has fewer than `at_least` samples."""
        for label, name in zip(self.labels, self.target_names, strict=True):
            rows = np.flatnonzero(self.y == label)
            if 0 < len(rows) < at_least:
                raise DataError(
                    f"Class {name!r} has {len(rows)} sample(s) (id {self.ids[rows[0]]}), "
                    f"but {at_least} are needed to train on some and test on others: "
                    "measure more, merge the class with another, or leave it out."
                )


class Select(TransformerMixin, BaseEstimator):
    """First step of a pipeline: take one modality out of the mapping `X`.

    Parameters
    ----------
    modality : str
        The name of the modality.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> import mmlib
    >>> model = make_pipeline(mmlib.Select("spectrum"), SVC())
    """

    def __init__(self, modality):
        self.modality = modality

    def fit(self, X, y=None):
        self._pick(X)
        return self

    def transform(self, X):
        """Return the array of the modality, samples first."""
        return self._pick(X)

    def _pick(self, X):
        try:
            return np.asarray(X[self.modality])
        except (KeyError, IndexError, TypeError):
            has = ", ".join(X) if hasattr(X, "keys") else type(X).__name__
            raise DataError(
                f"There is no modality {self.modality!r} here: X has {has}."
            ) from None

    def __sklearn_is_fitted__(self):
        return True


def _slice_dict(X):
    from skorch.helper import SliceDict  # brings torch, so only when data is made

    return SliceDict(**X)


def _check_modalities(X):
    if not hasattr(X, "items") or not len(X):
        raise DataError(
            "X must be a mapping from modality name to array, "
            "such as {'spectrum': spectra, 'image': images}."
        )
    return {str(key): _as_array(key, value) for key, value in X.items()}


def _as_array(key, value):
    if not hasattr(value, "shape"):
        lengths = [np.shape(row) for row in value]
        odd = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
        if odd is not None:
            raise DataError(
                f"The rows of {key!r} differ in length: row {odd} has shape {lengths[odd]}, "
                f"row 0 has {lengths[0]}; bring all samples to one grid first."
            )
    value = np.asarray(value)
    if value.dtype.kind not in "buif":
        raise DataError(
            f"{key!r} holds {value.dtype} values, not numbers: "
            "look for text or empty cells in its table."
        )
    return value[:, None] if value.ndim == 1 else value


def _join(X, y, groups, ids):
    """Bring every modality into the row order of `y`."""
    n = len(y)
    if groups is not None and len(groups) != n:
        raise DataError(f"groups has {len(groups)} rows but y has {n}.")
    tables = ids if hasattr(ids, "items") else None
    for key, value in X.items():
        if tables is None and len(value) != n:
            raise DataError(
                f"{key!r} has {len(value)} samples but y has {n}: give the ids of each "
                "table (ids={...}) so that the rows can be joined."
            )
    if tables is None:
        ids = np.arange(n).astype(str) if ids is None else _check_ids("ids", ids, n)
        return X, ids
    for key in [*X, "y"]:
        if key not in tables:
            raise DataError(f"ids has no entry for {key!r}: every table needs its own.")
    wanted = _check_ids("y", tables["y"], n)
    joined = {}
    for key, value in X.items():
        have = _check_ids(key, tables[key], len(value))
        row = {sample: i for i, sample in enumerate(have)}
        missing = [sample for sample in wanted if sample not in row]
        extra = sorted(set(have) - set(wanted))
        if missing or extra:
            fault = "lacks" if missing else "has the unknown"
            names = (missing or extra)[:5]
            raise DataError(
                f"{key!r} {fault} id(s) {', '.join(map(str, names))} "
                f"({len(missing)} missing, {len(extra)} unknown): every sample needs one row "
                "in every table; add them, or leave these samples out of all tables."
            )
        joined[key] = value[[row[sample] for sample in wanted]]
    return joined, wanted


def _check_ids(table, ids, n):
    ids = np.asarray(ids).astype(str)
    if len(ids) != n:
        raise DataError(f"{table!r} has {n} rows but {len(ids)} ids.")
    values, counts = np.unique(ids, return_counts=True)
    if (counts > 1).any():
        twice = values[counts > 1][0]
        rows = np.flatnonzero(ids == twice)[:2]
        raise DataError(
            f"The id {twice!r} stands twice in {table!r} (rows {rows[0]} and {rows[1]}): "
            "ids must be unique; rename one or average the two."
        )
    return ids


def _check_axes(X, axes):
    checked = {}
    for key, axis in (axes or {}).items():
        if key not in X:
            raise DataError(f"axes names {key!r}, but X has {', '.join(X)}.")
        axis = np.asarray(axis, dtype=float)
        if axis.shape != (X[key].shape[-1],):
            raise DataError(
                f"{key!r} has {X[key].shape[-1]} bands but its axis has {axis.size} values."
            )
        steps = np.diff(axis)
        if (steps == 0).any():
            at = int(np.flatnonzero(steps == 0)[0])
            raise DataError(
                f"The axis of {key!r} repeats {axis[at]:g} at bands {at} and {at + 1}: "
                "drop or average one of the two."
            )
        if not ((steps > 0).all() or (steps < 0).all()):
            at = int(np.flatnonzero(np.sign(steps) != np.sign(steps[0]))[0])
            raise DataError(
                f"The axis of {key!r} is not sorted: {axis[at]:g} is followed by "
                f"{axis[at + 1]:g} at band {at + 1}; sort the bands together with the axis."
            )
        checked[key] = axis
    return checked


def _check_info(info, n):
    info = {str(key): np.asarray(value) for key, value in (info or {}).items()}
    for key, value in info.items():
        if len(value) != n:
            raise DataError(f"info {key!r} has {len(value)} rows but y has {n}.")
    return info


def _check_finite(X, ids):
    for key, value in X.items():
        if value.dtype.kind != "f":
            continue
        bad = ~np.isfinite(value).reshape(len(value), -1)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise DataError(
                f"{key!r} holds {int(bad.sum())} value(s) that are NaN or infinite, the first "
                f"in row {row} (id {ids[row]}), column {column}: fill or drop these samples."
            )


def _guess_task(y):
    if y.dtype.kind == "f" and type_of_target(np.nan_to_num(y)) == "continuous":
        return "regression"
    return "classification"


def _check_target(y, ids, task, target_names):
    if y.ndim != 1:
        raise DataError(
            f"y has shape {y.shape}: it must hold one value for each sample."
        )
    missing = (
        ~np.isfinite(y)
        if y.dtype.kind == "f"
        else np.array([v is None or str(v).strip() == "" for v in y], bool)
    )
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise DataError(
            f"y has no value in row {row} (id {ids[row]}): fill it in or leave the sample out."
        )
    if task == "regression":
        return y.astype(float), list(target_names or ["target"])
    labels, codes = np.unique(y, return_inverse=True)
    if len(labels) < 2:
        raise DataError(
            f"y holds one class only ({labels[0]!s}): there is nothing to tell apart; "
            "add samples of another class."
        )
    if target_names is None:
        target_names = [str(label) for label in labels]
    if len(target_names) != len(labels):
        raise DataError(
            f"target_names has {len(target_names)} names but y has {len(labels)} classes."
        )
    return (y if y.dtype.kind in "iu" else codes), list(target_names)


def _split_groups(groups, classes, test_size, rng):
    """Mask of test samples; whole groups only, every class kept on both sides if it can be."""
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise DataError(
            f"All samples are in one group ({names[0]}): a split by group needs at least two."
        )
    labels, label = np.unique(classes, return_inverse=True)
    count = np.zeros((len(names), len(labels)), int)  # samples per group and class
    np.add.at(count, (group, label), 1)
    left = count.sum(0)  # samples of each class still in training
    wanted = test_size * left
    in_test = np.zeros(len(names), bool)

    def can_move(g):
        return not in_test[g] and ((left - count[g] > 0) | (count[g] == 0)).all()

    def move(g):
        nonlocal left
        in_test[g] = True
        left = left - count[g]

    for k in np.argsort((count > 0).sum(0), kind="stable"):  # classes with few groups first
        candidates = rng.permutation(np.flatnonzero(count[:, k]))
        if not count[in_test][:, k].any():
            first = next((g for g in candidates if can_move(g)), None)
            if first is not None:
                move(first)
        for g in candidates:
            have = count[in_test][:, k].sum()
            if can_move(g) and have + count[g, k] / 2 <= wanted[k]:
                move(g)
    if not in_test.any():
        move(rng.integers(len(names)))
    return in_test[group]
