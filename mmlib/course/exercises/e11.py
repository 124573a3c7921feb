"""Exercises of notebook 11: collapse, ties, what is shared, and words never learned."""

import numpy as np

from ..answers import is_text
from ..exercise import Exercise, bind
from ..spellings import named

CONDITIONS = ("healthy", "drought", "blight", "phosphorus deficiency", "nitrogen deficiency")


def _share(answer):
    """Hold a count to boxes with and without ties."""
    rng = np.random.default_rng(11)
    for n in (4, 20):
        distance = rng.random((n, n))
        distance[np.arange(n // 2), np.arange(n // 2)] = 0
        given = np.asarray(answer(distance.copy()), float)
        truth = np.mean(distance.argmin(1) == np.arange(n))
        if given.shape != ():
            return f"one number for the box is wanted, and this has shape {given.shape}."
        if np.isclose(given, 100 * truth) and not np.isclose(given, truth):
            return "that is in percent; a share between 0 and 1 is wanted."
        if np.isclose(given, n * truth) and not np.isclose(given, truth):
            return "that counts the leaves; divide by how many there are."
        by_column = np.mean(distance.argmin(0) == np.arange(n))
        if np.isclose(given, by_column) and not np.isclose(given, truth):
            return "you went down the columns: for each spectrum compare along its row."
        if np.isclose(given, 0) and truth > 0:
            return (
                "nothing is found there. Either a partner was compared with itself, or "
                "np.diag(distance) lies along the columns: [:, None] gives each row its own."
            )
        if np.isclose(given, (distance > np.diag(distance)[:, None]).mean()):
            return "that counts pairs: a spectrum is found if *all* others of its row are farther."
        if not np.isclose(given, truth):
            return "without ties, the share of rows whose smallest number is on the diagonal."
    if not np.isclose(answer(np.zeros((6, 6))), 0):
        return "where all distances are equal no partner is nearer than the others: give 0 there."
    one_tie = 1 - np.eye(3)
    one_tie[0, 1] = 0
    if not np.isclose(answer(one_tie), 2 / 3):
        return "a tie with a single other photograph is a tie, too: that leaf is not found."
    return True


def _by_counting(distance):
    own = np.diag(distance)[:, None]
    return ((distance <= own).sum(axis=1) == 1).mean()


def _without_diagonal(distance):
    others = distance + np.diag(np.full(len(distance), np.inf))
    return float((np.diag(distance) < others.min(axis=1)).mean())


SHORT = {
    "phosphorus": "phosphorus deficiency", "nitrogen": "nitrogen deficiency", "thirst": "drought",
}  # fmt: skip


def _lost(answer):
    if not is_text(answer):
        return "two names are wanted, such as ['healthy', 'blight']."
    found, rest = named(answer, CONDITIONS, SHORT)
    if rest:
        return f"{rest[0]} is no condition here; take from {', '.join(CONDITIONS)}."
    if "phosphorus deficiency" in found:
        return "redness is seen by both instruments: it is the first thing that alignment keeps."
    if "nitrogen deficiency" in found:
        return (
            "greenness is shared, and both scores of it are kept side by side: they can still "
            "disagree. Look for what only one instrument sees."
        )
    if "healthy" in found:
        return "healthy is what they are taken for; ask which signals only one instrument sees."
    if len(found) != 2:
        return "there is one more: one signal only the spectrum sees, one only the picture."
    return True


EXERCISES = [
    Exercise(
        "11.1",
        "Which two weights bring the scores closest together?",
        answer=[0, 0],
        mistakes=[
            ([1, 70], "close, but there are weights with a distance of exactly nothing."),
            ([0.1, 7], "a tenth of the weights gave a hundredth of the distance: go on."),
            (lambda a: np.asarray(a, float).size == 2, "smaller weights give smaller distances, "
             "all the way down: where does this end?"),
        ],
        hint="the third try has a tenth of the second's weights. What did that do to the distance?",
        more="try smaller and smaller weights: where does the distance end?",
        why="nothing times anything is nothing. Such a loss needs a constraint.",
        right=[[0, 0], (0.0, 0.0)],
        wrong=[[1, 70], [0.1, 7], [0.01, 0.7], [1, 1]],
    ),
    Exercise(
        "11.2",
        "Count partners without being fooled by ties.",
        test=_share,
        kind="function",
        hint="for each row: how many distances are as small as the partner's or smaller, itself "
        "included?",
        more="compare each row of distances with its diagonal by <=, add up, and count rows "
        "where at most k are left.",
        why="a partner that is no nearer than others has not been found.",
        right=[_by_counting, _without_diagonal],
        wrong=[
            lambda d: ((d < np.diag(d)[:, None]).sum(1) == 0).mean(),
            lambda d: (d.argmin(1) == np.arange(len(d))).mean(),
            lambda d: 100 * _by_counting(d),
            lambda d: len(d) * _by_counting(d),
            lambda d: _by_counting(d.T),
            lambda d: (np.diag(d) < d.min(axis=1)).mean(),
            lambda d: ((d > np.diag(d)).sum(axis=1) == len(d) - 1).mean(),
            lambda d: (d > np.diag(d)[:, None]).mean(),
            lambda d: (d <= np.diag(d)[:, None]).sum(1) == 1,
            lambda d: 0.0 if np.ptp(d) == 0 else (d.argmin(1) == np.arange(len(d))).mean(),
        ],
    ),
    Exercise(
        "11.3",
        "Will partners be found more often with four scores than with two?",
        answer="less often",
        choices=("more often", "less often", "as often"),
        mistakes=[
            ("more often", "more numbers help only if both instruments agree on them. Look at the "
             "five agreements above."),
            ("as often", "a score without agreement is not ignored: it has variance 1 like the "
             "others, and adds to every distance."),
        ],
        hint="look at the agreements from the third on, and at the variance of every score.",
        more="a score that does not agree adds the same distance to partners and to "
        "strangers.",
        why="from the third on, scores hardly agree: they add noise to the distance.",
        right=["less often"],
        wrong=["more often", "as often"],
    ),
    Exercise(
        "11.4",
        "60 wines, 300 bands, 40 taste scores, canonical correlation 1.00: what follows?",
        answer="nothing follows",
        choices=("strong link", "no link", "nothing follows"),
        mistakes=[
            ("strong link", "with more bands than wines, random numbers correlate at 1.00 as "
             "well. You have just seen it."),
            ("no link", "there may be one: our leaves had a real link, and the number was no "
             "evidence for it or against it."),
        ],
        hint="which correlation would noise have reached with 300 columns and 60 rows?",
        more="with more columns than rows, some weighted sum of noise fits perfectly. So "
        "what does 1.00 tell?",
        why="noise reaches it too. The number to report is that of wines not used in the fit.",
        right=["nothing follows"],
        wrong=["strong link", "no link"],
    ),
    Exercise(
        "11.5",
        "Which two conditions can hardly be told from healthy on aligned scores?",
        kind="any",
        test=_lost,
        hint="alignment keeps what both see. Which conditions show to one instrument only?",
        more="one shows in the infrared only, the other as spots only: both are names of "
        "conditions.",
        why="water shows in the spectrum only, lesions in the picture only: nothing to agree on.",
        right=[["drought", "blight"], ("blight", "drought"), {"drought", "blight"}],
        wrong=[
            ["drought", "phosphorus deficiency"],
            ["drought", "nitrogen deficiency"],
            ["drought"],
            ["healthy", "blight"],
            ["rust", "blight"],
            "drought",
            2,
        ],
    ),
    Exercise(
        "11.6",
        "Which condition can be recognized from its description alone?",
        answer="healthy",
        choices=CONDITIONS,
        synonyms={
            "phosphorus": "phosphorus deficiency", "nitrogen": "nitrogen deficiency",
            "thirst": "drought",
        },
        mistakes=[
            ("drought", "from which leaf should anyone have learned what 'dry' looks like?"),
            ("blight", "from which leaf should anyone have learned what 'spots' look like?"),
            ("phosphorus deficiency", "easy to see, but when no red leaf was there, nobody learned "
             "the word 'red'."),
            ("nitrogen deficiency", "from which leaf should anyone have learned what 'pale' looks "
             "like?"),
        ],
        hint="look at the lists of four numbers: whose words all occur among the others?",
        more="find the description that consists only of words like 'normal', each of which "
        "stands elsewhere, too.",
        why="all four words are learned from the others, and it is the absence of them all.",
        right=["healthy"],
        wrong=["drought", "blight", "phosphorus deficiency", "nitrogen deficiency"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
