"""What fusion is held against: the best single modality, chosen without the test samples."""

from ..fusion.roles import Ladder, presets_of
from .choice import BASELINE, FUSED
from .nested_choice import ModelSelectionCV


def with_baseline(models, reference="early", n_folds=3, random_state=0):
    """The models, and beside them the best single and the best early fusion, chosen inside.

    Both choose by inner folds of each training part: the one among all models of a single
    modality, the other among the kinds of the reference fusion. `verdict` compares these two,
    like for like, so that the gain it reports is that of the whole procedure.

    Parameters
    ----------
    models : Ladder or mapping of str to estimator
        "<modality> only" and the fusion, as `mmlib.fusion.ladder` names them.
    reference : str
        The fusion that is held against the best single modality.
    n_folds : int
        Inner folds.
    random_state : int
        Of the inner folds.

    Returns
    -------
    Ladder
        Without what needs no choice: one modality and one kind of fusion stay as they are.

    Examples
    --------
    >>> import mmlib
    >>> from mmlib.evaluation.baseline import with_baseline
    >>> models = mmlib.fusion.ladder(mmlib.make_leaves(10), pixels=False)
    >>> list(with_baseline(models))[-1]
    'best single'
    """
    presets = presets_of(models)
    singles = {name: model for name, model in models.items() if presets[name].alone}
    kinds = {name: model for name, model in models.items() if presets[name].fusion == reference}
    more = {}
    for name, among in ((BASELINE, singles), (FUSED, kinds)):
        if len(among) > 1 and singles and kinds:
            more[name] = ModelSelectionCV(among, n_folds=n_folds, random_state=random_state)
    return Ladder({**models, **more}, getattr(models, "presets", {}))
