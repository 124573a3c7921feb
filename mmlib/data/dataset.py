"""One table of samples seen by several instruments.

`MultimodalData` holds what a study has: the same samples measured in several
ways (*modalities*), one target per sample, and the group (plant, plot,
patient) each sample came from. Rows are joined by sample id, never by the
order in which two files happen to list them.

Faults are found in `mmlib.data.validation`; files are read in `mmlib.data.public`.
"""

from hashlib import sha256

import numpy as np

from ..base import DataError
from .layouts import check_modalities
from .mapping import Samples
from .splits import split_groups
from .table_index import by_index
from .validation import (
    check_axes,
    check_finite,
    check_info,
    check_target,
    guess_task,
    join,
)


class MultimodalData:
    """Samples that were measured in more than one way.

    Parameters
    ----------
    X : mapping of str to array-like, samples first
        One entry per modality: a spectrum as (samples, bands), an image as
        (samples, height, width, channels), a plain table as (samples, columns), texts as
        (samples,).
    y : array-like of shape (samples,)
        Class labels (strings or integers) or a quantity (floats).
    groups : array-like of shape (samples,), optional
        What must not be torn apart by a split: the plant, plot or patient.
    ids : array-like of shape (samples,), or a mapping, optional
        Sample ids. One list when all tables are in the same order. When they
        are not, a mapping *modality name -> its ids* that also has the key
        ``"y"`` (the ids of `y` and `groups`): the rows are then joined by id.
        The index of a pandas table holds its ids, unless it only counts the rows.
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
        X, y, groups, ids, info = by_index(X, y, groups, ids, info)
        X = check_modalities(X)
        y = np.asarray(y)
        groups = None if groups is None else np.asarray(groups)
        X, ids = join(X, y, groups, ids)

        self.name = str(name)
        self.meta = dict(meta or {})
        self.info = check_info(info, y)
        self.axes = check_axes(X, axes)
        self.units = {key: (units or {}).get(key, "nm") for key in self.axes}
        self.ids = ids
        self.groups = groups
        self.task = task or guess_task(y)
        if self.task not in ("classification", "regression"):
            raise DataError(f"task is {task!r}: it must be 'classification' or 'regression'.")
        self.y, self.target_names = check_target(y, ids, self.task, target_names)
        self.labels = np.unique(self.y) if self.task == "classification" else None
        check_finite(X, ids)
        self.X = Samples(X)

    @property
    def modalities(self):
        """Names of the modalities, in the order given."""
        return list(self.X)

    def __len__(self):
        return len(self.y)

    def __repr__(self):
        shapes = ", ".join(f"{key} {tuple(value.shape[1:])}" for key, value in self.X.items())
        what = (
            f"{len(self.target_names)} classes"
            if self.task == "classification"
            else f"target {self.target_names[0]}"
        )
        groups = "" if self.groups is None else f", {len(np.unique(self.groups))} groups"
        return f"<{self.name}: {len(self)} samples, {shapes}, {what}{groups}>"

    def take(self, index):
        """The samples at `index` (integers or a mask), as a new `MultimodalData`."""
        index = np.asarray(index)
        part = object.__new__(MultimodalData)
        part.__dict__.update(self.__dict__)
        part.X = Samples({key: value[index] for key, value in self.X.items()})
        part.y, part.ids = self.y[index], self.ids[index]
        part.groups = None if self.groups is None else self.groups[index]
        part.info = {key: value[index] for key, value in self.info.items()}
        part.meta = dict(self.meta)
        return part

    def fingerprint(self):
        """A text that changes whenever a number, label, group or id does."""
        digest = sha256()
        parts = [*sorted(self.X.items()), ("y", self.y), ("ids", self.ids)]
        parts += [] if self.groups is None else [("groups", self.groups)]
        for name, array in parts:
            array = np.asarray(array)
            array = array.astype("U") if array.dtype == object else array
            digest.update(f"{name} {array.shape} {array.dtype}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

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
        in_test = split_groups(groups, classes, test_size, np.random.default_rng(seed))
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
