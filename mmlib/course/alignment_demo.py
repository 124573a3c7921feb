"""Small nets that bring two tables to the same few numbers, trained in one go.

The loop is the naked one of the course: all samples at once, a loss, its slopes, a step.
Which loss is up to you. `learn_scores` takes any loss of two tables of scores, a distance
that collapses as well as `mmlib.fusion.alignment_losses.cca_loss`; `play_and_judge` lets the
projections play against an opponent.
"""

import numpy as np
import torch
from sklearn.svm import SVC
from torch import nn
from torch.nn.functional import cross_entropy

from ..base import varies
from ..data.validation import read_tables
from ..evaluation.retrieval import share_found
from ..fusion.alignment_losses import Adversary
from ..nets.loop import own_randomness


def learn_scores(tables, loss, hidden=None, n_components=2, steps=300, random_state=0):
    """Train a net for each of two tables on a loss of their scores.

    Parameters
    ----------
    tables : mapping of str to array of shape (samples, columns)
        Two, paired row by row. Columns are brought to units of their spread.
    loss : callable
        From two tensors of scores, (samples, components), to a single number.
    hidden : int, optional
        Units of a hidden layer with a bend (tanh); without it a net is a weighted sum.
    n_components : int
        Numbers that each net gives a sample.
    steps : int
        0 gives the nets as chance has made them.
    random_state : int

    Returns
    -------
    callable
        From tables with these columns to their scores, a dict of str to ndarray.

    Raises
    ------
    DataError
        When the tables are fewer than two or do not pair.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.alignment_demo import learn_scores
    >>> def distance(a, b):
    ...     return ((a - b) ** 2).mean()
    >>> tables = dict(zip("ab", np.random.default_rng(0).normal(size=(2, 50, 3)), strict=True))
    >>> scores = learn_scores(tables, distance)(tables)
    >>> scores["a"].shape, bool(distance(*scores.values()) < 0.001)  # everything collapsed
    ((50, 2), True)
    """
    x, spread = _in_spreads(tables)
    with own_randomness(random_state):
        nets = nn.ModuleDict({k: _net(v.shape[1], hidden, n_components) for k, v in x.items()})
    _descend(nets, lambda: loss(*(nets[name](x[name]) for name in x)), steps)

    def score(tables):
        with torch.no_grad():
            x, _ = _in_spreads(tables, spread)
            return {name: nets[name](x[name]).numpy() for name in x}

    return score


def play_and_judge(known, y, new, shared=8, random_state=0):
    """Train projections against a discriminator, and let two judges look at new samples.

    Beside the game a linear head learns the classes, which keeps the scores from collapsing.

    Parameters
    ----------
    known, new : mapping of str to array of shape (samples, columns)
        Two tables to train on, and the same two of other samples.
    y : array-like of shape (samples,)
        Classes of the `known`: 0, 1, 2, ...
    shared : int
        Numbers that each table is projected to.
    random_state : int

    Returns
    -------
    trained, fresh, found : float
        As `mmlib.course.alignment_demo.two_judges` gives them.

    References
    ----------
    Ganin et al. (2016), Domain-adversarial training of neural networks, JMLR 17(59).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.course.alignment_demo import play_and_judge
    >>> tables = dict(zip("ab", np.random.default_rng(0).normal(size=(2, 60, 3)), strict=True))
    >>> trained, fresh, found = play_and_judge(tables, np.arange(60) % 2, tables, shared=2)
    """
    x, spread = _in_spreads(known)
    y = torch.as_tensor(np.asarray(y, np.int64))
    with own_randomness(random_state):
        fuse = Adversary({name: v.shape[1] for name, v in x.items()}, shared, hidden=4)
        head = nn.Linear(fuse.width, len(y.unique()))
    both = nn.ModuleList([fuse, head])
    _descend(both, lambda: fuse.loss(x, y) + cross_entropy(head(fuse(x)), y), steps=300)
    return two_judges(fuse, _in_spreads(new, spread)[0])


def _descend(net, loss, steps):
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


def _net(columns, hidden, width):
    if hidden is None:
        return nn.Linear(columns, width)
    return nn.Sequential(nn.Linear(columns, hidden), nn.Tanh(), nn.Linear(hidden, width))


def _in_spreads(tables, spread=None):
    """Tables as tensors in units of the spread of each column, and that spread."""
    checked = read_tables(tables, at_least=2)
    tables = {name: checked[name] for name in tables}  # in the order given
    if spread is None:
        spread = {name: _spread(x) for name, x in tables.items()}
    x = {name: torch.tensor(x / spread[name]) for name, x in tables.items()}
    return x, spread


def _spread(x):
    """Standard deviation of each column, 1 where nothing but rounding varies."""
    return np.where(varies(x), x.std(0), 1)


def two_judges(fuse, x, random_state=0):
    """How often the trained discriminator, and a fresh one, tell the modalities apart.

    Parameters
    ----------
    fuse : Adversary
        Trained, of two modalities.
    x : mapping of str to tensor of shape (samples, width)
        Samples that took no part in its training.
    random_state : int
        Of the half of them that the fresh judge, a support vector machine, learns from.

    Returns
    -------
    trained, fresh : float
        Share of vectors whose modality was named rightly; 0.5 is guessing.
    found : float
        Share of partners found, in boxes of 20; see `mmlib.evaluation.retrieval.share_found`.

    Examples
    --------
    >>> import torch
    >>> from mmlib.fusion.alignment_losses import Adversary
    >>> from mmlib.course.alignment_demo import two_judges
    >>> x = {"a": torch.rand(40, 3), "b": torch.rand(40, 2)}
    >>> len(two_judges(Adversary({"a": 3, "b": 2}, 2), x))
    3
    """

    with torch.no_grad():
        parts = [v.detach() for v in fuse.aligned(x).values()]
        both = torch.cat(parts)
        said = fuse.discriminator(both).argmax(dim=1).numpy()
    n = len(parts[0])
    origin, both = np.repeat([0, 1], n), both.numpy()
    half = np.tile(np.random.default_rng(random_state).permutation(n) < n // 2, 2)
    fresh = SVC().fit(both[half], origin[half]).score(both[~half], origin[~half])
    return float((said == origin).mean()), fresh, share_found(*(p.numpy() for p in parts))
