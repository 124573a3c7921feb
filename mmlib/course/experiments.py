"""Experiments behind the sliders of the notebooks: simulate or fit, then hand over to a figure.

The figures themselves (`mmlib.course.figures`) compute nothing but what they say.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from ..data.dataset import MultimodalData
from ..data.leaves import make_leaves
from ..data.leaves.ceilings import ceilings
from ..evaluation.intervals import interval
from ..features.blocks import feature_blocks
from ..fusion.cca import RegularizedCCA
from ..fusion.early import early_fusion
from ..fusion.neighbors import neighbor_graph
from ..plots.scores import plot_scores
from .figures.n04 import plot_against
from .figures.n09 import plot_graph
from .figures.n11 import plot_agreement
from .study import SITUATIONS, stored


def draw_block_weights(train, test, blocks, neighbors=15):
    """Accuracy of two models along the weight of the second of two blocks.

    Both blocks are scaled to the same variance first. Then the second is multiplied by the
    weight, and the first by what is left to 1.

    Parameters
    ----------
    train, test : MultimodalData
        What the models are fitted to, and what they are scored on.
    blocks : mapping of str to transformer or list of transformers
        Two modalities, as for `mmlib.fusion.early_fusion`.
    neighbors : int
        How many neighbors vote. The other model is a support vector machine.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str

    Raises
    ------
    ValueError
        When there are not two blocks.

    Examples
    --------
    >>> import mmlib
    >>> from sklearn.preprocessing import StandardScaler
    >>> train, test = mmlib.features.with_features(mmlib.make_leaves(n_plants=20)).split()
    >>> blocks = {"spectrum": StandardScaler(), "image": StandardScaler()}
    >>> from mmlib.course.experiments import draw_block_weights
    >>> draw_block_weights(train, test, blocks)[1].split(":")[0]
    'Accuracy along weight of the image block from 0 to 1'
    """

    if len(blocks) != 2:
        raise ValueError(f"Two blocks can be weighed against each other, not {len(blocks)}.")
    joined = early_fusion(blocks=blocks, classifier=SVC())["blocks"].fit(train.X)
    sizes = [block[-1].n_features_in_ for _, block in joined.transformer_list]
    rows, new_rows = joined.transform(train.X), joined.transform(test.X)
    nearest = f"{neighbors} nearest neighbors" if neighbors > 1 else "nearest neighbor"
    models = {nearest: KNeighborsClassifier(neighbors), "SVM": SVC(C=10)}
    weights, curves = np.linspace(0, 1, 9), {name: [] for name in models}
    for weight in weights:
        by = np.repeat([1 - weight, weight], sizes)
        for name, model in models.items():
            curves[name].append(model.fit(rows * by, train.y).score(new_rows * by, test.y))
    label = f"weight of the {list(blocks)[1]} block"
    return plot_against(weights, curves, label, limits=(0.2, 1.02))


def place_samples(tables, random_state=0):
    """Positions in the plane that keep neighbors close, by t-SNE on all tables side by side.

    Only for looking: distances between far samples mean nothing.

    Parameters
    ----------
    tables : mapping of str to array of shape (samples, columns)
    random_state : int

    Returns
    -------
    ndarray of shape (samples, 2)

    References
    ----------
    van der Maaten & Hinton (2008), Visualizing data using t-SNE, JMLR 9, 2579-2605.
    """

    table = np.hstack(
        [(x - x.mean(0)) / np.sqrt(x.var(0, dtype=float).sum()) for x in tables.values()]
    )
    # Nearer neighbors and a gentler start than usual: single pairs would be left outside else.
    options = {"perplexity": min(10, (len(table) - 1) / 3), "early_exaggeration": 4}
    return TSNE(init="pca", random_state=random_state, **options).fit_transform(table)


@lru_cache(maxsize=4)
def _sample(signals):
    """Some leaves as tables, with their classes and where to draw them."""

    knobs = dict.fromkeys(("water", "lesions", "redness", "synergy"), signals)
    leaves = make_leaves(n_plants=120, leaves_per_plant=1, seed=1, **knobs)
    tables = feature_blocks(leaves).fit_transform(leaves.X)
    return tables, leaves.y, leaves.target_names, place_samples(tables)


def draw_neighbors(n_neighbors=4, modality="both", signals=1.0):
    """The graph of 120 leaves of 120 plants, and how far its links stay within a class.

    Parameters
    ----------
    n_neighbors : int
    modality : {"both", "spectrum", "image"}
        What makes two leaves neighbors. The leaves stay where "both" puts them.
    signals : float
        Strength of every signal, as the knobs of `mmlib.make_leaves`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    sentence : str
    """

    tables, y, names, positions = _sample(signals)
    used = tables if modality == "both" else {modality: tables[modality]}
    links = neighbor_graph(used, n_neighbors)
    fig, text = plot_graph(links, positions, y, names)
    return fig, f"Neighbors by {modality}, {n_neighbors} each. {text}"


def bands_and_pixels(data, n=None):
    """Bands and coarse pixels of the first `n` samples: far more columns than they deserve.

    Returns
    -------
    Samples
        "spectrum" of shape (samples, bands), and every fourth pixel of "image" as columns.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.course.experiments import bands_and_pixels
    >>> bands_and_pixels(mmlib.make_leaves(5), 3)["image"].shape
    (3, 432)
    """

    part = data.take(np.arange(len(data))[:n])
    pixels = part.X["image"][:, ::4, ::4].reshape(len(part), -1)
    return MultimodalData({"spectrum": part.X["spectrum"], "image": pixels}, part.ids).X


def draw_shrinkage(shrinkage=0.0, leaves=100):
    """What shrinkage does to a canonical correlation of bands with pixels.

    Parameters
    ----------
    shrinkage : float
    leaves : int
        To learn from, 400 at most; 300 others show what is left of the correlation.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """

    some = bands_and_pixels(make_leaves(400, 1, seed=12), leaves)
    rest = bands_and_pixels(make_leaves(300, 1, seed=13))
    model = RegularizedCCA(1, shrinkage).fit(some)
    stages = {"training": model.transform(some), "new leaves": model.transform(rest)}
    return plot_agreement(stages)


def draw_situation(situation="as bundled", per_class=40):
    """Accuracy of every model in one situation, from the stored table, under the ceilings.

    Parameters
    ----------
    situation : str
        A key of `mmlib.course.study.SITUATIONS`.
    per_class : int
        Labeled leaves of each class.

    Returns
    -------
    fig : matplotlib.figure.Figure
    description : str
    """

    table = stored()
    part = table[(table["situation"] == situation) & (table["per_class"] == per_class)]
    # Each seed has leaves of its own, so that no training samples are shared.
    models = part.groupby("model", sort=False)["accuracy"]
    scores = {name: interval(values, n_train=1, n_test=0) for name, values in models}
    scores = pd.DataFrame(scores, index=["mean", "low", "high"]).T
    limits = ceilings(make_leaves(5, **SITUATIONS[situation]))
    return plot_scores(scores, ceilings=limits, chance=0.2)
