"""Exercises of notebook 00: where information sits, and what fusions are called."""

import numpy as np

from ..answers import describe, is_text, plain
from ..exercise import Exercise, bind
from ..spellings import named, truth

CONDITIONS = ("healthy", "drought", "blight", "phosphorus deficiency", "nitrogen deficiency")


LEAVES = [  # chlorophyll (ug/cm2), maturity, share of what it should have
    (share * 15 * 5**age, age, share)
    for age in (0.1, 0.3, 0.5, 0.8, 1.0)
    for share in (0.4, 0.7, 0.74, 0.76, 0.9, 1.2)
]


def _is_short(answer):
    """Hold a rule to leaves on both sides of the line; True may be 1 or "yes"."""
    said = []
    for chlorophyll, age, _ in LEAVES:
        value = answer(chlorophyll, age)
        said.append(_as_bool(value))
        if said[-1] is None:
            return (
                f"it returned {describe(value)}: True or False is wanted, such as a comparison "
                "gives."
            )
    wanted = [share < 0.75 for *_, share in LEAVES]
    if said == wanted:
        return True
    if said == [not short for short in wanted]:
        return "it says True of the healthy leaves: turn the comparison round."
    if [_as_bool(answer(age, chlorophyll)) for chlorophyll, age, _ in LEAVES] == wanted:
        return "the chlorophyll comes first, then the maturity."
    if len(set(said)) == 1:
        return f"it says {said[0]} of every leaf."
    (chlorophyll, age, share), short = next(
        (leaf, found)
        for leaf, found, right in zip(LEAVES, said, wanted, strict=True)
        if found != right
    )
    return (
        f"a leaf of maturity {age} with {chlorophyll:.1f} ug/cm2 has {share:.2f} of what it should "
        f"have, and your function says {short}."
    )


def _as_bool(value):
    """True or False, also written as 0 or 1, as a word, or alone in an array; None for all else."""
    if isinstance(value, str):
        return truth(value)
    array = plain(value)
    if array is None or array.size != 1 or array.dtype.kind not in "biuf":
        return None
    return bool(array.item()) if array.item() in (0, 1) else None


def _rule(share, expected=lambda age: 15 * 5**age):
    return lambda chlorophyll, maturity: chlorophyll < share * expected(maturity)


def _with_if(chlorophyll, maturity):
    if chlorophyll / (15 * 5**maturity) < 3 / 4:
        return "yes"
    return "no"


def _needed_knobs(answer):
    if not is_text(answer):
        return "give a list of knob names, such as ['water', 'redness']."
    found, rest = named(answer, ("water", "lesions", "redness", "synergy"))
    if rest:
        return f"{', '.join(sorted(rest))} is no knob; take from water, lesions, redness, synergy."
    if "water" in found:
        return "water may stay: it shows in the spectrum only, so the camera adds nothing to it."
    if "redness" in found:
        return "redness may stay: both see it, so your spectrometer has it already."
    if "synergy" not in found:
        return "with synergy on, the camera's view of maturity still helps the spectrum."
    if "lesions" not in found:
        return "with lesions on, the camera sees blight, which your spectrometer cannot."
    return True


EXERCISES = [
    Exercise(
        "00.1",
        "Which condition shows in the spectrum but not in the picture?",
        answer="drought",
        choices=CONDITIONS,
        synonyms={
            "thirst": "drought", "thirsty": "drought", "dry": "drought",
            "phosphorus": "phosphorus deficiency", "nitrogen": "nitrogen deficiency",
            "ill": "blight", "illness": "blight",
        },
        mistakes=[
            ("blight", "its dark spots are plain in the picture; the spectra of its class lie on "
             "the healthy ones."),
            ("phosphorus deficiency", "the spectrum shows it near 550 nm, but that is visible "
             "light: the picture shows it as redness."),
            ("nitrogen deficiency", "less chlorophyll changes the green too, and the question "
             "needs something the camera cannot see at all."),
            ("healthy", "healthy leaves are what the others are compared with."),
        ],
        hint="look where two mean spectra part beyond 700 nm, where no color camera sees.",
        more="water absorbs near 1450 nm. Which plants have too little of it?",
        why="water absorbs in the short-wave infrared, far beyond what a camera sees.",
        right=["drought"],
        wrong=["blight", "phosphorus deficiency", "nitrogen deficiency", "healthy"],
    ),
    Exercise(
        "00.2",
        "Write the rule that says from two numbers whether a leaf is short of nitrogen.",
        kind="function",
        test=_is_short,
        hint="first compute what a healthy leaf of this age should have, as the cell above does.",
        more="expected = 15 * 5**maturity; then return a comparison of chlorophyll with 0.75 "
        "times that.",
        why="two numbers of one leaf meet in one rule, which neither of them could replace.",
        right=[
            _rule(0.75),
            _with_if,
            lambda chlorophyll, maturity: np.log(chlorophyll / 11.25) < maturity * np.log(5),
            lambda chlorophyll, maturity: np.array([chlorophyll < 11.25 * 5**maturity]),
            lambda chlorophyll, maturity: int(chlorophyll < 11.25 * 5**maturity),
            lambda c, m: str(bool(c < 11.25 * 5**m)),
        ],
        wrong=[
            lambda chlorophyll, maturity: chlorophyll >= 11.25 * 5**maturity,
            lambda maturity, chlorophyll: chlorophyll < 11.25 * 5**maturity,
            lambda chlorophyll, maturity: chlorophyll / (15 * 5**maturity),
            lambda chlorophyll, maturity: chlorophyll < 30,
            lambda chlorophyll, maturity: maturity < 0.5,
            lambda chlorophyll, maturity: chlorophyll < 0.75,
            lambda chlorophyll, maturity: print(chlorophyll < 11.25 * 5**maturity),
            _rule(0.75, lambda age: 15 * 5 * age),
            _rule(0.75, lambda age: 15 + 60 * age),
            _rule(0.5),
            _rule(1.0),
            True,
        ],
    ),
    Exercise(
        "00.3",
        "As what does the spectrum alone most often see a leaf with blight?",
        answer="healthy",
        choices=CONDITIONS,
        synonyms={
            "thirst": "drought", "phosphorus": "phosphorus deficiency",
            "nitrogen": "nitrogen deficiency",
        },
        mistakes=[
            ("blight", "those are the leaves it got right; look at the others in that row."),
            *((other, "that is not the largest wrong number in the row.")
              for other in CONDITIONS[1:]),
        ],
        hint="find the row named blight, skip the diagonal, take the largest number.",
        more="where the spectrometer looks, this leaf has no lesion. Like which leaves does "
        "it look there?",
        why="without the lesions, a leaf with blight is a healthy leaf to the spectrometer.",
        right=["healthy"],
        wrong=["blight", "drought", "nitrogen deficiency", "Nitrogen deficiency"],
    ),
    Exercise(
        "00.4",
        "Which knobs must be zero, so that a camera adds nothing to the spectrum?",
        kind="any",
        test=_needed_knobs,
        hint="ask of each knob: does the camera know anything about it that the spectrum does not?",
        more="set one knob after the other to zero, and see whether the last bar still "
        "stands above the first.",
        why="only what the picture alone knows, and what it knows in combination, makes it worth "
        "buying.",
        right=[["lesions", "synergy"], ("synergy", "lesions"), "lesions, synergy",
               "Lesions, and synergy", "lesions & synergy", "lesions; synergy", "lesions synergy"],
        wrong=[["lesions"], ["synergy"], ["water", "lesions", "synergy"], ["redness"], ["age"], 0,
               "lesions"],
    ),
    Exercise(
        "00.5",
        "Two networks trained together, their vectors side by side: which fusion is it here?",
        answer="intermediate",
        choices=("early", "intermediate", "late"),
        synonyms={
            "joint fusion": "intermediate", "joint": "intermediate",
            "deep fusion": "intermediate", "feature-level": "early", "decision-level": "late",
            "high-level": "late",
        },
        mistakes=[
            ("late", "late fusion combines finished probabilities; here two vectors meet."),
            ("early", "early fusion combines features before any model; here each modality has "
             "its own network first."),
        ],
        hint="ask the two questions: what is combined, and is it trained together?",
        more="what meets are vectors inside a network, before any of them has become a "
        "decision.",
        why="vectors meet inside one network that is trained as a whole.",
        right=["intermediate"],
        wrong=["late", "early"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
