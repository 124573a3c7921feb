"""The exercises of the notebooks: declared soundly, asked where they belong, and telling."""

import importlib
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from exercise_checks import exercise_faults, ids_asked, spellings
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib.course.exercise import CORRECT, NOT_ATTEMPTED, NOT_YET
from mmlib.data.mapping import Select

ROOT = Path(__file__).resolve().parents[2]


NUMBERS = sorted(
    p.stem[1:] for p in (ROOT / "mmlib" / "course" / "exercises").glob("e[0-9][0-9].py")
)


LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))


DECLARED = [
    exercise
    for number in NUMBERS
    for exercise in importlib.import_module(f"mmlib.course.exercises.e{number}").EXERCISES
]


def verdicts(path):
    """Exercise id -> verdict, as a stored notebook prints them."""
    cells = nbformat.read(path, as_version=4).cells
    said = "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))
    return dict(re.findall(r"^Exercise (\S+): (not attempted yet|not yet|correct)", said, re.M))


@pytest.mark.parametrize("exercise", DECLARED, ids=lambda exercise: exercise.id)
def test_declared_exercise_is_sound(exercise):
    assert exercise_faults(exercise) == []


BY_ID = {exercise.id: exercise for exercise in DECLARED}


CHOICES = [exercise for exercise in DECLARED if exercise.choices and exercise.kind == "text"]


@pytest.mark.parametrize("exercise", CHOICES, ids=lambda exercise: exercise.id)
def test_a_choice_counts_in_any_spelling_and_so_does_a_wrong_one(exercise):
    for choice in exercise.choices:
        plain = exercise.verdict(choice)
        assert (plain[0] == CORRECT) == (choice == exercise.answer)
        for said in spellings(choice):
            assert exercise.verdict(said) == plain, said


@pytest.mark.parametrize("exercise", CHOICES, ids=lambda exercise: exercise.id)
def test_no_two_choices_are_told_apart_by_chance(exercise):
    answers = {exercise.verdict(choice)[1] for choice in exercise.choices}
    assert len(answers) > 1
    assert exercise.verdict(" or ".join(exercise.choices))[0] == NOT_YET
    assert exercise.verdict("I do not know")[0] == NOT_YET


# Every answer here was refused once, and is right.
MEANT = [
    ("00.1", ["drought"]), ("00.5", "joint fusion"), ("01.2", ["MSC"]),
    ("01.5", "blight and healthy"), ("01.5", ["blight", "healthy"]), ("05.3", "0"),
    ("05.4", "early fusion"), ("06.2", "falls then rises"), ("06.4", "fallback"),
    ("07.5", "early fusion"), ("03.5", "100 %"), ("06.7", "640"), ("04.2", "no"),
    ("11.5", "drought and blight"), ("11.5", {"Blight", "Drought"}), ("12.2", "1.04 to 4.96"),
    ("12.3", "level with"), ("12.3", "not told apart"), ("12.5", "early"),
    ("14.2", "it depends"), ("14.3", "nearly none"), ("13.5", "Nothing"),
    ("13.6", "measure the loss"),
    ("17.6", "raises it"),
]  # fmt: skip


@pytest.mark.parametrize("id, answer", MEANT, ids=lambda part: part if type(part) is str else "")
def test_what_means_the_same_is_accepted(id, answer):
    assert BY_ID[id].verdict(answer)[0] == CORRECT


@pytest.mark.parametrize("number", NUMBERS)
def test_ids_carry_the_number_of_the_notebook(number):
    ids = [e.id for e in importlib.import_module(f"mmlib.course.exercises.e{number}").EXERCISES]
    assert ids == [f"{number}.{k}" for k in range(1, len(ids) + 1)]


@pytest.mark.parametrize("number", sorted({*NUMBERS, *(path.name[:2] for path in LESSONS)}))
def test_lesson_and_module_have_the_same_exercises(number):
    asked = [ids_asked(p.read_text("utf-8")) for p in LESSONS if p.name[:2] == number]
    declared = {exercise.id for exercise in DECLARED if exercise.id[:2] == number}
    assert asked == [declared]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_learner_starts_unattempted_and_solution_is_correct(lesson):
    ids = ids_asked(lesson.read_text("utf-8"))
    folder = ROOT / "notebooks"
    learner = verdicts(folder / f"{lesson.stem}.ipynb")
    solved = verdicts(folder / "solutions" / f"{lesson.stem}.ipynb")
    assert learner == dict.fromkeys(ids, NOT_ATTEMPTED)
    assert solved == dict.fromkeys(ids, CORRECT)


def _walk(*steps):
    """Slopes averaged at these shares of the way, times the distance."""
    return lambda slope, usual, x: (
        (x - usual) * np.mean([slope(usual + s * (x - usual)) for s in steps], axis=0)
    )


def _on_spectra(*steps, modality="spectrum"):
    steps = make_pipeline(Select(modality), StandardScaler()), *steps
    return make_pipeline(*steps)


SAID = [
    ("00.2", lambda c, m: c < 0.75 * 15 * 5 * m, "and your function says"),
    ("00.2", lambda c, m: c >= 0.75 * 15 * 5**m, "turn the comparison round"),
    ("00.2", lambda m, c: c < 0.75 * 15 * 5**m, "chlorophyll comes first"),
    ("00.2", lambda c, m: c / (15 * 5**m), "True or False is wanted"),
    ("00.3", "NITROGEN Deficiency", "not the largest wrong number"),
    ("00.4", "lesions & age", "age is no knob"),
    ("01.1", [0.926, 0.463, -1.389], "the signs are turned"),
    ("01.1", [[0.926, 0.463, -1.389]], "the signs are turned"),
    ("01.4", _on_spectra(DummyClassifier()), "chance is 0.20"),
    ("01.4", GridSearchCV(_on_spectra(DummyClassifier()), {}, cv=2), "chance is 0.20"),
    ("01.4", make_pipeline(_on_spectra(modality="image")), "it reads the picture"),
    ("02.1", lambda p, m: 0.1 + 0 * p[..., 0], "one number is wanted"),
    ("02.1", lambda p, m: (p.mean(2)[m] < 100).mean(), "compare with its own median"),
    ("02.1", lambda p, m: _darker(p.mean(2), m).sum() / m.sum(), "inside the mask only"),
    ("02.1", lambda p, m: _darker(p.mean(2), m)[m].sum(), "the number of dark pixels"),
    ("02.1", lambda p, m: _darker(p[..., 0] + p[..., 1] + p[..., 2], m)[m].mean(), "holds bytes"),
    ("03.5", 1.05, "between 0 and 1"),
    ("04.3", ([1, 2], BY_ID["04.3"].right[0][1]), "one number is wanted"),
    ("06.6", lambda s, v: _joined(v, s.mean(1)), "the series comes first"),
    ("07.2", lambda q, k, v: np.exp(q * k) @ v, "use @ with the keys transposed"),
    ("07.2", lambda q, k, v: np.exp(q @ k.T) / np.exp(q @ k.T).sum(1) @ v, "keepdims"),
    ("12.1", "right", "chosen by looking"),
    ("12.2", [3, 1.96], "the mean and the half width"),
    ("12.2", [4.96, 1.04], "the low end comes first"),
    ("12.2", [5, 4], "mean plus and minus"),
    ("13.1", lambda s, spread, seed: _shaken(s, 0.02, seed), "use `spread`"),
    ("13.1", lambda s, spread, seed: _shaken(s, spread * s / s.mean(), seed), "multiplied"),
    ("13.1", lambda s, spread, seed: _shaken(s, spread * s, seed), "multiplied"),
    ("13.1", lambda s, spread, seed: _flat(s, spread, seed), "not Gaussian"),
    ("14.4", _walk(0, 1), "many stops"),
    ("14.4", _walk(0.5), "many stops"),
    ("14.4", lambda *way: 50 * _walk(*np.linspace(0, 1, 50))(*way), "were added up"),
    ("15.3", lambda a, b, typical: a * b / 0.36, "the one handed in"),
]


def _darker(brightness, mask):
    return brightness < 0.8 * np.median(brightness[mask])


def _joined(*parts):
    return pytest.importorskip("torch").cat(parts, 1)


def _shaken(spectra, spread, seed):
    return spectra + spread * np.random.default_rng(seed).normal(size=spectra.shape)


def _flat(spectra, spread, seed):
    draw = np.random.default_rng(seed).uniform(-1, 1, spectra.shape)
    return spectra + 3**0.5 * spread * draw


@pytest.mark.parametrize(
    "id, answer, said", SAID, ids=lambda part: part if type(part) is str else ""
)
def test_a_wrong_answer_is_told_what_is_wrong_with_it(id, answer, said):
    verdict, text, specific = BY_ID[id].verdict(answer)
    assert verdict == NOT_YET and said in text and specific, text


@pytest.mark.parametrize("seed", range(3))
def test_noise_of_any_generator_is_accepted(seed):
    def single_precision(spectra, spread, number):
        return _shaken(spectra.astype(np.float32), np.float32(spread), 1000 * seed + number)

    assert BY_ID["13.1"].verdict(single_precision)[0] == CORRECT


@pytest.mark.parametrize("steps", [np.arange(50), np.arange(1, 51), np.arange(50) + 0.5])
def test_fifty_stops_anywhere_on_the_way_are_enough(steps):
    assert BY_ID["14.4"].verdict(_walk(*steps / 50))[0] == CORRECT


def test_with_all_conditions_different_the_supervised_loss_is_the_pictures_half():
    table = np.random.default_rng(4).normal(size=(4, 4))
    supervised, both = BY_ID["08.6"].right[0], BY_ID["08.1"].right[0]
    pictures, spectra = (supervised(t, np.arange(4)) for t in (table, table.T))
    assert np.isclose((pictures + spectra) / 2, both(table))
    assert not np.isclose(pictures, both(table))
    assert "the pictures' half" in BY_ID["08.6"].why
