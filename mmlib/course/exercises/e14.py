"""Exercises of notebook 14: fair shares, redundancy, slopes along a way, permuted labels."""

import numpy as np

from ...explain.contribution import shapley
from ..exercise import Exercise, bind


def _shares(answer):
    """Hold a formula for two players to the general one."""

    for none, a, b, both in ((50, 90, 60, 95), (20, 61, 60, 90), (50, 50, 50, 100)):
        sets = [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
        wanted = tuple(shapley(dict(zip(sets, (none, a, b, both), strict=True))).values())
        given = np.ravel(np.asarray(answer(none, a, b, both), float))
        if given.shape != (2,):
            return "two numbers are wanted: the share of the first and that of the second."
        if np.allclose(given, wanted):
            continue
        if np.allclose(given, (a - none, b - none)):
            return "that lets each one come first, so a gain that both could bring counts twice."
        if np.allclose(given, (both - b, both - a)):
            return (
                "that lets each one come last, so a gain that both could bring counts for nobody."
            )
        if np.allclose(given, wanted[::-1]):
            return "the two shares have changed places."
        if np.allclose(given.sum(), both) or np.allclose(given - none, wanted):
            return "guessing has a worth of its own, which neither of them earned."
        if np.allclose(given, (both - none) / 2):
            return "equal halves are fair only where both bring the same."
        return "average what each one adds when it comes first and when it comes second."
    return True


def _way(answer):
    """Hold slopes averaged along the way to a function whose answer is known."""

    def slope(x):  # of (x0 * x1 ** 2 + x2 ** 3) / 2: it bends, so two or three stops are too few
        return np.array([x[1] ** 2, 2 * x[0] * x[1], 3 * x[2] ** 2]) / 2

    for usual, x in (
        (np.array([1.0, 0.0, 1.0]), np.array([3.0, 2.0, 2.0])),
        (np.array([0.0, 2.0, -1.0]), np.array([1.0, 1.0, 1.0])),
    ):
        far = x - usual
        wanted = far * np.mean([slope(usual + (k + 0.5) / 999 * far) for k in range(999)], axis=0)
        given = np.asarray(answer(slope, usual.copy(), x.copy()), float)
        if given.shape != wanted.shape:
            return f"one number for each input is wanted, and yours has shape {given.shape}."
        if np.allclose(given, wanted, atol=0.15):
            continue
        if np.allclose(given, far * slope(x), atol=1e-6):
            return "those are the slopes at the end of the way only."
        if np.allclose(given, far * slope(usual), atol=1e-6):
            return "those are the slopes at the start of the way only."
        if np.allclose(-given, wanted, atol=0.15):
            return "the signs are turned: the way leads from the usual leaf to this one."
        if np.allclose(np.abs(given), np.abs(wanted), atol=0.15):
            return "a distance can be negative here: an input that falls takes away. Keep the sign."
        if np.allclose(given * far, wanted, atol=0.15):
            return "that is the average slope; how far did each input travel?"
        if np.allclose(given, x * wanted / far, atol=0.2):
            return "the distance is counted from zero, but the way starts at the usual leaf."
        if np.ptp(given / far) < 1e-9:
            return "all inputs got one slope: average over the stops only (axis=0)."
        if abs(given / wanted).min() > 3:
            return "the slopes were added up: divide by the number of stops."
        return (
            "the parts do not add up to the change: walk from the usual leaf to this one, with "
            "many stops."
        )
    return True


def _integrated(slope, usual, x):
    stops = [usual + (k + 0.5) / 50 * (x - usual) for k in range(50)]
    return (x - usual) * np.mean([slope(stop) for stop in stops], axis=0)


def _at(steps):
    return lambda slope, usual, x: (
        (x - usual) * np.mean([slope(usual + s * (x - usual)) for s in steps], axis=0)
    )


EXERCISES = [
    Exercise(
        "14.1",
        "Write the fair shares of two modalities.",
        kind="function",
        test=_shares,
        hint="each one may come first or second: what does it add in either case?",
        more="for one of them: the mean of (alone minus nothing) and (both minus the other "
        "alone).",
        why="the mean over both orders; the two shares add up to what both gain together.",
        right=[
            lambda n, a, b, ab: ((a - n + ab - b) / 2, (b - n + ab - a) / 2),
            lambda n, a, b, ab: np.array([ab + a - b - n, ab + b - a - n]) / 2,
        ],
        wrong=[
            lambda n, a, b, ab: (a - n, b - n),
            lambda n, a, b, ab: (ab - b, ab - a),
            lambda n, a, b, ab: ((b - n + ab - a) / 2, (a - n + ab - b) / 2),
            lambda n, a, b, ab: ((a + ab - b) / 2, (b + ab - a) / 2),
            lambda n, a, b, ab: ((n + a + ab - b) / 2, (n + b + ab - a) / 2),
            lambda n, a, b, ab: ((ab - n) / 2, (ab - n) / 2),
            lambda n, a, b, ab: a - b,
        ],
    ),
    Exercise(
        "14.2",
        "Each modality alone could nearly do the work. How many points does a model lose when the "
        "spectra are exchanged?",
        answer="it depends on the model",
        choices=("about 0", "about 40", "it depends on the model"),
        mistakes=[
            ("about 0", "so it is if the model listens to the picture. Must it?"),
            ("about 40", "so it is if the model listens to the spectrum. Must it?"),
        ],
        hint="which of the two does the model listen to? Does the text say so?",
        more="a model may use one of two things that say the same, or the other, or both.",
        why="two things say the same, and each model may listen to either. The next figure shows "
        "to which this one listens.",
        right=["it depends on the model", "it depends"],
        wrong=["about 0", "about 40"],
    ),
    Exercise(
        "14.3",
        "Fed with decisions, how much synergy is left of nitrogen deficiency?",
        answer="much less",
        choices=("much less", "as much", "more"),
        synonyms={"nearly none": "much less", "less": "much less"},
        mistakes=[
            ("as much", "a decision of the picture's model is one word. Is the leaf's age in it?"),
            ("more", "a decision is made from the readings, so it cannot know more than they do."),
        ],
        hint="age is what makes chlorophyll telling. Does 'looks healthy to me' tell the age?",
        more="the age is useless for a decision by itself, so the decision does not hold it.",
        why="a decision throws away what is useless alone, and synergy is made of that.",
        right=["much less", "nearly none"],
        wrong=["as much", "more"],
    ),
    Exercise(
        "14.4",
        "Average the slopes along the way and multiply by the distance.",
        kind="function",
        test=_way,
        hint="stop at many places between the usual leaf and this one, and ask for the slopes.",
        more="usual + share * (x - usual) for shares from 0 to 1; average the slopes there.",
        why="slopes on the whole way, times the way: the parts add up to the change.",
        right=[
            _integrated,
            _at(np.linspace(0, 1, 20)),
            _at(np.linspace(0, 1, 50)),
            _at(np.linspace(0.01, 0.99, 50)),
            _at(np.arange(50) / 50),
            _at(np.arange(1, 51) / 50),
        ],
        wrong=[
            lambda slope, usual, x: (x - usual) * slope(x),
            lambda slope, usual, x: (x - usual) * slope(usual),
            lambda slope, usual, x: _integrated(slope, usual, x) / (x - usual),
            lambda slope, usual, x: x * _integrated(slope, usual, x) / (x - usual),
            lambda slope, usual, x: 50 * _integrated(slope, usual, x),
            lambda slope, usual, x: _integrated(slope, x, usual),
            lambda slope, usual, x: np.abs(_integrated(slope, usual, x)),
            lambda slope, usual, x: (x - usual) * slope((x + usual) / 2).mean(),
            _at([0, 1]),
            _at([0.5]),
            _at([0, 0.5, 1]),
            lambda slope, usual, x: 3.0,
            lambda slope, usual, x: np.zeros(3),
        ],
    ),
    Exercise(
        "14.5",
        "How often does the peak lie in a lesion for the net that was taught permuted labels?",
        answer="far more often than by chance",
        choices=("as often as by chance", "far more often than by chance", "never"),
        mistakes=[
            ("as often as by chance", "the map multiplies slopes by the distance from a usual "
             "pixel. Where is this distance large, whatever the net knows?"),
            ("never", "the net knows nothing, so it has no reason to avoid lesions either."),
        ],
        hint="which pixels of a leaf are most unlike the mean color?",
        more="lesions are dark, so their pixels differ most from the mean, whatever the net "
        "has learned.",
        why="a lesion is unlike the mean color, and that alone makes it shine on the map.",
        right=["far more often than by chance"],
        wrong=["as often as by chance", "never"],
    ),
    Exercise(
        "14.6",
        "One model loses nothing when the spectra are exchanged: may the spectrometer be sold?",
        answer="train without it",
        choices=("yes", "no", "train without it"),
        mistakes=[
            ("yes", "perhaps, but this is about one model, which had both. Trained without the "
             "spectrum, another one may do worse."),
            ("no", "perhaps the picture says it all. Nothing here tells that the spectrum must "
             "stay."),
        ],
        hint="which trial answers 'what if we did not have it'?",
        more="exchanged spectra tell what this model uses. Whether the data can do without them "
        "is the other question.",
        why="a model trained without it, on new plants, answers the question that was asked.",
        right=["train without it"],
        wrong=["yes", "no"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
