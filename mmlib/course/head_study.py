"""Where CT, MRI and X-ray meet, and by how many millimeters they may lie beside each other.

`stored` gives the table that notebook 23 shows, made by ``python benchmarks/heads.py``: nets take
their time, and registration needs the extra "medical". `run_nets`, `run_volumes` and `run_slices`
make its parts anew.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from skimage.filters import difference_of_gaussians
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ..data.heads import make_heads
from ..data.heads.lesions import search_area, spot_places
from ..data.heads.templates import PIXEL, to_hounsfield
from ..data.mapping import Samples
from ..features.gray_levels import window, z_score
from ..features.registration import METRICS, Motion, left_over, move, planted, register
from ..fusion.by_place import ByPlace
from ..fusion.intermediate import FusionClassifier
from ..nets.augment import together
from ..nets.residual import ResidualCNN

NAMES = ("ct", "mri", "xray")
MEETINGS = {"vectors concatenated": "concatenate", "vectors weighted": "gate", "by place": ByPlace}
SOFT = (-45, 100)  # Hounsfield units


def prepared(data):
    """The pictures of heads as every model gets them: the CT cut to soft tissue, then z-scores.

    Parameters
    ----------
    data : MultimodalData
        See `mmlib.data.heads.make_heads`.

    Returns
    -------
    Samples

    Examples
    --------
    >>> from mmlib.course.head_study import prepared
    >>> from mmlib.data.heads import make_heads
    >>> prepared(make_heads(4))["ct"].shape
    (4, 48, 48, 1)
    """
    X = {name: data.X[name] for name in NAMES}
    X["ct"] = window(X["ct"], *SOFT)
    return Samples({name: z_score(x) for name, x in X.items()})


def spots(pictures):
    """How much of a round spot is at each place well inside the brain; zero elsewhere.

    The skull must not be seen: its edges would be the largest value of every filter.

    Parameters
    ----------
    pictures : ndarray of shape (n, 48, 48, 1)

    Returns
    -------
    ndarray of shape (n, 36, 36, 1)

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.head_study import spots
    >>> picture = np.zeros((1, 48, 48, 1))
    >>> picture[0, 23:25, 23:25] = 1
    >>> [int(i) for i in np.unravel_index(spots(picture).argmax(), (36, 36))]
    [17, 17]
    """
    found = np.array([difference_of_gaussians(x, 1.2, 3) for x in pictures[..., 0]])
    return (found * search_area())[:, 6:42, 6:42, None]


def stacked(X):
    """All pictures as the channels of one, a single modality called "head"."""
    return Samples({"head": np.concatenate([X[name] for name in NAMES], axis=3)})


def net(names=("head",), fuse="concatenate", epochs=6, random_state=0):
    """A residual net for what `spots` shows of heads; training pictures are mirrored and shifted.

    Parameters
    ----------
    names : sequence of str
        Modalities, each of which gets an encoder.
    fuse : str or callable
        As for `mmlib.FusionClassifier`.
    epochs, random_state : int

    Returns
    -------
    FusionClassifier
    """
    return FusionClassifier(
        list(names), fuse, dict.fromkeys(names, ResidualCNN), width=12, dropout=0.0, epochs=epochs,
        batch_size=16, lr=3e-3, label_smoothing=0.0, validation=0, augment=together,
        random_state=random_state,
    )  # fmt: skip


def read_at_spot(X, names):
    """How much of a spot each picture shows where the CT shows its brightest one.

    Parameters
    ----------
    X : mapping of str to ndarray (n, 48, 48, 1)
        See `prepared`.
    names : sequence of str
        What is read there.

    Returns
    -------
    ndarray of shape (n, len(names))
    """
    n = len(X["ct"])
    place = spots(X["ct"]).reshape(n, -1).argmax(1)
    return np.column_stack([spots(X[name]).reshape(n, -1)[np.arange(n), place] for name in names])


def cascade_head():
    """What decides on the few numbers that a cascade has read."""
    return make_pipeline(StandardScaler(), SVC())


def run_nets(draw, n_train=600, n_test=400, epochs=6, seed=2300, say=print):
    """Accuracy on new patients of nets that differ in where the modalities meet.

    Parameters
    ----------
    draw : int
        Its patients and the random start of its nets are its own.
    n_train, n_test, epochs, seed : int
    say : callable
        Told each result.

    Returns
    -------
    pandas.DataFrame
        "study", "setting", "draw", "value".
    """
    train, test = (make_heads(n, seed=seed + 2 * draw + k) for k, n in enumerate((n_train, n_test)))
    X, new = (
        Samples({name: spots(x) for name, x in prepared(data).items()}) for data in (train, test)
    )
    rows = []

    def note(setting, value):
        rows.append(("nets", setting, draw, round(float(value), 4)))
        say(*rows[-1])

    options = {"epochs": epochs, "random_state": draw}
    model = net(**options).fit(stacked(X), train.y)
    note("stacked", model.score(stacked(new), test.y))
    for setting, fuse in MEETINGS.items():
        note(setting, net(NAMES, fuse, **options).fit(X, train.y).score(new, test.y))
    note("X-ray alone", net(["xray"], **options).fit(X, train.y).score(new, test.y))
    return _table(rows)


def run_volumes(head, draws=4, seed=2320):
    """By how many mm MRI and CT of a head are off after registration, for planted motions.

    Parameters
    ----------
    head : dict
        See `mmlib.load_ct_mri`.
    draws, seed : int

    Returns
    -------
    pandas.DataFrame
        As `run_nets`; values in mm, the mean over points inside the head.
    """
    spacing = abs(head["affine"][0, 0])
    ct, mri = np.clip(to_hounsfield(head["ct"]), *SOFT), head["mri"]
    points = spacing * np.argwhere(mri > 0.2 * mri.max())[::997]
    middle = spacing * (np.array(ct.shape) - 1) / 2
    unmoved = left_over(planted([0, 0, 0]), register(ct, mri, spacing), points)
    rows = []
    for draw in range(draws):
        rng = np.random.default_rng(seed + draw)
        true = planted(rng.uniform(-12, 12, 3), rng.uniform(-10, 10, 3), middle)
        moved, moved_ct = move(mri, true, spacing), move(ct, true, spacing, outside=SOFT[0])
        found = {"as moved": planted([0, 0, 0])}
        found |= {metric: register(ct, moved, spacing, metric) for metric in METRICS}
        found["CT on CT, mean squares"] = register(ct, moved_ct, spacing, "mean squares")
        rows += [
            ("volumes", name, draw, round(left_over(true, back, points), 2))
            for name, back in found.items()
        ]
        rows.append(("volumes", "mutual information, nothing moved", draw, round(unmoved, 2)))
    return _table(rows)


def run_slices(draw, off=6.0, n_train=600, n_test=400, seed=2340):
    """The cascade on MRI that is off, and after registration of each patient: accuracy, and mm.

    Parameters
    ----------
    draw : int
    off : float
        In mm, only in the test patients.
    n_train, n_test, seed : int

    Returns
    -------
    pandas.DataFrame
        As `run_nets`.
    """
    train = make_heads(n_train, seed=seed + 2 * draw)
    model = cascade_head().fit(read_at_spot(prepared(train), NAMES), train.y)
    values = {}
    for name, beside in {"aligned": 0.0, "off": off}.items():
        test = make_heads(n_test, off=beside, seed=seed + 2 * draw + 1)
        X = prepared(test)
        values[name] = model.score(read_at_spot(X, NAMES), test.y)
    values |= {"mm before": off, "mm after": []}
    points = PIXEL * spot_places()[0]
    for i, shift in enumerate(test.info["shift"]):
        pair = X["ct"][i, ..., 0], X["mri"][i, ..., 0]
        back = register(*pair, PIXEL, rotate=False)
        X["mri"][i, ..., 0] = move(pair[1], back, PIXEL)
        values["mm after"].append(left_over(Motion(np.eye(2), shift), back, points))
    values["mm after"] = np.median(values["mm after"])
    values["registered"] = model.score(read_at_spot(X, NAMES), test.y)
    return _table([("slices", name, draw, round(float(x), 4)) for name, x in values.items()])


def stored(study):
    """One part of the table: "nets", "volumes" or "slices".

    Returns
    -------
    pandas.DataFrame
        Rows are draws, columns settings.

    Examples
    --------
    >>> from mmlib.course.head_study import stored
    >>> "stacked" in stored("nets")
    True
    """
    table = pd.read_csv(Path(__file__).with_name("head_study.csv"))
    part = table[table["study"] == study]
    wide = part.pivot(index="draw", columns="setting", values="value")
    return wide[list(dict.fromkeys(part["setting"]))]


def _table(rows):
    return pd.DataFrame(rows, columns=["study", "setting", "draw", "value"])
