"""Which camera would tell the land cover of Houston? Bands averaged to those of cheaper cameras.

`stored` gives the table that notebook 24 reads, made by ``python benchmarks/cameras.py``; `run`
makes it, or a part of it, anew.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ..base import DataError
from ..evaluation.intervals import interval

VISIBLE = {"blue": (450, 520), "green": (530, 590), "red": (630, 680)}  # nm
INFRARED = {"infrared": (770, 900)}
SEVEN = {"violet": (400, 445), **VISIBLE, "red edge": (700, 745), **INFRARED,
         "infrared 2": (930, 1040)}  # fmt: skip
CAMERAS = {"3 bands": VISIBLE, "4 bands": {**VISIBLE, **INFRARED}, "7 bands": SEVEN,
           "144 bands": None}  # fmt: skip
SPLITS = ("region", "random")
COMPONENTS, HEIGHT_COMPONENTS, TREES, REPEATS, FIRST_SEED = 30, 8, 100, 10, 24


def through_camera(spectra, wavelengths, bands):
    """What a camera with few broad bands would have seen, if it measured as well.

    Parameters
    ----------
    spectra : array-like of shape (pixels, wavelengths)
    wavelengths : array-like of shape (wavelengths,), nm
    bands : mapping of str to (float, float), nm
        Name -> where a band begins and ends; both ends belong to it.

    Returns
    -------
    ndarray of shape (pixels, bands)
        The mean reflectance in each band.

    Raises
    ------
    DataError
        When a band holds no wavelength.

    Examples
    --------
    >>> from mmlib.course.camera_study import through_camera
    >>> through_camera([[1.0, 3.0, 8.0]], [500, 510, 700], {"green": (495, 520)}).tolist()
    [[2.0]]
    """
    spectra, wavelengths = np.asarray(spectra, float), np.asarray(wavelengths, float)
    columns = []
    for name, (low, high) in bands.items():
        inside = (wavelengths >= low) & (wavelengths <= high)
        if not inside.any():
            raise DataError(
                f"The band {name!r} from {low} to {high} nm holds none of the wavelengths, which "
                f"run from {wavelengths.min():g} to {wavelengths.max():g} nm: give another range."
            )
        columns.append(spectra[:, inside].mean(1))
    return np.stack(columns, axis=1)


def run(data, cameras=None, heights=(False, True), splits=SPLITS, repeats=REPEATS, components=True):
    """Right answers of a forest for each camera, with and without heights, split in two ways.

    Two folds, several times: each half learns and the other half is tested. Components are found
    in the training half.

    Parameters
    ----------
    data : MultimodalData
        See `mmlib.load_houston2013`.
    cameras : mapping of str to bands, optional
        As for `through_camera`, None for all wavelengths; `CAMERAS` where nothing is said.
    heights : sequence of bool
        Whether the heights around each pixel are seen, too.
    splits : sequence of {"region", "random"}
        By connected region, or pixel by pixel.
    repeats : int
    components : bool
        False: the forest is given the bands as they are.

    Returns
    -------
    pandas.DataFrame
        One row for each "camera", "heights", "split", "repeat", "fold" and "cover" (the class),
        with "right", the right answers, and "pixels", of how many.
    """
    rows = []
    for name, bands in (CAMERAS if cameras is None else cameras).items():
        for high in heights:
            blocks = _blocks(data, bands, high)
            for split in splits:
                for repeat, fold, train, test in _folds(data, split, repeats):
                    said = _predict(blocks, data.y, train, test, components)
                    right = said == data.y[test]
                    for cover in np.unique(data.y[test]):
                        mine = right[data.y[test] == cover]
                        rows.append((name, high, split, repeat, fold, data.target_names[cover],
                                     int(mine.sum()), len(mine)))  # fmt: skip
    keys = ["camera", "heights", "split", "repeat", "fold", "cover", "right", "pixels"]
    return pd.DataFrame(rows, columns=keys)


def stored():
    """The table of the whole study, as `run` gives it."""
    return pd.read_csv(Path(__file__).with_name("camera_study.csv"))


def accuracies(table):
    """Share of right answers in each half: one column for each camera.

    Parameters
    ----------
    table : pandas.DataFrame
        See `run`.

    Returns
    -------
    pandas.DataFrame
        Indexed by "split", "repeat" and "fold"; columns such as "3 bands" and
        "3 bands + heights".

    Examples
    --------
    >>> from mmlib.course.camera_study import accuracies, stored
    >>> accuracies(stored()).shape
    (40, 8)
    """
    setup = table["camera"] + np.where(table["heights"], " + heights", "")
    sums = table.groupby([table["split"], table["repeat"], table["fold"], setup.rename("setup")])
    sums = sums[["right", "pixels"]].sum()
    wide = (sums["right"] / sums["pixels"]).unstack("setup")
    wide.columns.name = None
    return wide[list(dict.fromkeys(setup))]


def mean_and_interval(shares, over=None):
    """Mean accuracy of each camera with its 95 % interval, or that of the gain over one.

    All halves are used to train and to test, so the interval is corrected for what they share
    (`mmlib.evaluation.interval`).

    Parameters
    ----------
    shares : pandas.DataFrame
        See `accuracies`; rows of one split.
    over : str, optional
        A column; gains are taken half by half.

    Returns
    -------
    pandas.DataFrame
        One row for each camera: "mean", "low", "high".

    Examples
    --------
    >>> from mmlib.course.camera_study import accuracies, mean_and_interval, stored
    >>> list(mean_and_interval(accuracies(stored()).loc["region"]).columns)
    ['mean', 'low', 'high']
    """
    if over is not None:
        shares = shares.sub(shares[over], axis=0).drop(columns=over)
    rows = {name: interval(shares[name], n_train=1, n_test=1) for name in shares}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])


def _blocks(data, bands, heights):
    """Tables, and how many components are kept of each."""
    seen = data.X["spectrum"].astype(float)
    if bands is not None:
        seen = through_camera(seen, data.axes["spectrum"], bands)
    blocks = [(seen, min(COMPONENTS, seen.shape[1]))]
    if heights:
        blocks.append((data.X["height"].reshape(len(data), -1).astype(float), HEIGHT_COMPONENTS))
    return blocks


def _folds(data, split, repeats):
    for repeat in range(repeats):
        how = {"n_splits": 2, "shuffle": True, "random_state": FIRST_SEED + repeat}
        if split == "region":
            folds = StratifiedGroupKFold(**how).split(data.y, data.y, data.groups)
        else:
            folds = StratifiedKFold(**how).split(data.y, data.y)
        for fold, (train, test) in enumerate(folds):
            yield repeat, fold, train, test


def _predict(blocks, y, train, test, components):
    columns = np.hstack(
        [PCA(k, random_state=0).fit(x[train]).transform(x) if components else x for x, k in blocks]
    )
    forest = RandomForestClassifier(TREES, random_state=0)
    return forest.fit(columns[train], y[train]).predict(columns[test])
