"""Exercises of notebook 00: where information sits, and what fusions are called."""

from ..answers import is_text
from ..exercise import Exercise, bind
from ..spellings import named

CONDITIONS = ("healthy", "drought", "blight", "phosphorus deficiency", "nitrogen deficiency")


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
        "00.3",
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
        "00.4",
        "Two networks trained together, hidden layers concatenated: which fusion is it here?",
        answer="intermediate",
        choices=("early", "intermediate", "late"),
        synonyms={
            "joint fusion": "intermediate", "joint": "intermediate",
            "deep fusion": "intermediate", "feature-level": "early", "decision-level": "late",
            "high-level": "late",
        },
        mistakes=[
            ("late", "late fusion combines finished probabilities; here hidden layers meet."),
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
