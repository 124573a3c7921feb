"""Exercises refuse what is wrong, say why, and accept what is right.

`exercise_faults(exercise)` holds one declared exercise to that. It runs over
every `mmlib/course/exercises/eNN.py`, and over badly declared ones to prove that it sees.
"""

import importlib
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import nbformat
import numpy as np
import pytest
import toy_lesson
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlib.course.exercise import CORRECT, NOT_ATTEMPTED, NOT_YET, Exercise, bind
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
FEWEST_WRONG = 2


def exercise_faults(exercise):
    """What is wrong with how an exercise is declared, one sentence each."""
    found = []
    if len(exercise.wrong) < FEWEST_WRONG:
        found.append(f"{len(exercise.wrong)} wrong answers, {FEWEST_WRONG} are needed")
    if not exercise.right:
        found.append("no right answer")
    for answer in exercise.right:
        verdict, text, _ = exercise.verdict(answer)
        if verdict != CORRECT:
            found.append(f"right answer {answer!r}: {verdict}: {text}")
    for answer in exercise.wrong:
        verdict, text, specific = exercise.verdict(answer)
        if verdict != NOT_YET:
            found.append(f"wrong answer {answer!r}: {verdict}")
        elif not specific:
            found.append(f"wrong answer {answer!r} gets the first hint only: {text}")
    if gives_away(exercise):
        found.append(f"the first hint gives the answer away: {exercise.hint}")
    for name in ("question", "hint", "why"):
        if len(getattr(exercise, name).split()) < 3:
            found.append(f"{name} is no sentence")
    return found


def gives_away(exercise):
    """Whether the first hint names the answer; naming all the choices gives nothing away."""
    if exercise.kind not in ("number", "text") or exercise.answer is None:
        return False
    named = {
        str(word)
        for word in (exercise.answer, *(exercise.choices or ()))
        if re.search(rf"(?<![\w.]){re.escape(str(word))}(?![\w.]*\w)", exercise.hint, re.I)
    }
    everything = exercise.choices and named >= set(map(str, exercise.choices))
    return str(exercise.answer) in named and not everything


def ids_asked(lesson_text):
    """Ids of the exercises a lesson checks."""
    return set(re.findall(r'^check\(\s*"([^"]+)"', lesson_text, re.M))


def verdicts(path):
    """Exercise id -> verdict, as a stored notebook prints them."""
    cells = nbformat.read(path, as_version=4).cells
    said = "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))
    return dict(re.findall(r"^Exercise (\S+): (not attempted yet|not yet|correct)", said, re.M))


# What is declared


@pytest.mark.parametrize("exercise", DECLARED, ids=lambda exercise: exercise.id)
def test_declared_exercise_is_sound(exercise):
    assert exercise_faults(exercise) == []


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


BY_ID = {exercise.id: exercise for exercise in DECLARED}


def _walk(*steps):
    """Slopes averaged at these shares of the way, times the distance."""
    return lambda slope, usual, x: (
        (x - usual) * np.mean([slope(usual + s * (x - usual)) for s in steps], axis=0)
    )


def _on_spectra(*steps, modality="spectrum"):
    steps = make_pipeline(Select(modality), StandardScaler()), *steps
    return make_pipeline(*steps)


SAID = [
    ("00.2", "NITROGEN Deficiency", "not the largest wrong number"),
    ("00.3", "lesions & age", "age is no knob"),
    ("01.1", [0.926, 0.463, -1.389], "the signs are turned"),
    ("01.1", [[0.926, 0.463, -1.389]], "the signs are turned"),
    ("01.4", _on_spectra(DummyClassifier()), "chance is 0.20"),
    ("01.4", GridSearchCV(_on_spectra(DummyClassifier()), {}, cv=2), "chance is 0.20"),
    ("01.4", make_pipeline(_on_spectra(modality="image")), "it reads the picture"),
    ("03.4", 1.05, "between 0 and 1"),
    ("04.3", ({2}, BY_ID["04.3"].right[0][1]), "one number is wanted"),
    ("06.6", lambda s, v: _joined(v, s.mean(1)), "the series comes first"),
    ("07.2", lambda q, k, v: np.exp(q * k) @ v, "use @ with the keys transposed"),
    ("07.2", lambda q, k, v: np.exp(q @ k.T) / np.exp(q @ k.T).sum(1) @ v, "keepdims"),
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


# The machinery


def make(**changes):
    """A sound exercise, with changes."""
    options = {
        "answer": 211,
        "mistakes": [(1200, "that is the number of leaves."), (lambda n: n < 0, "never negative.")],
        "hint": "look at the last axis.",
        "why": "the last axis runs over the bands.",
        "right": [211, 211.0, np.int64(211), np.array([211])],
        "wrong": [1200, -3],
    }
    return Exercise("00.1", "How many bands has a spectrum?", **(options | changes))


def _fits(model):
    return True if hasattr(model, "coef_") else "the model is not fitted yet: call fit."


class Model:
    def fit(self, X, y):
        return self


def _fitted():
    model = Model()
    model.coef_ = 1.0
    return model


def _doubles(function):
    return True if function(3) == 6 else "try it on 3: it should give 6."


ARRAY = {"answer": [1.0, 2.0], "mistakes": [([2, 1], "the order is reversed.")], "tolerance": 0.01}
FUNCTION = {"answer": None, "test": _doubles, "kind": "function", "mistakes": []}
CHOICE = {
    "answer": "late",
    "choices": ("early", "late"),
    "mistakes": [("early", "that is before the models.")],
}
SOUND = {
    "number": make(),
    "array": make(**ARRAY, right=[(1, 2), np.array([1.001, 2])], wrong=[[2, 1], [1, 2, 3]]),
    "choice": make(**CHOICE, right=["late", " Late "], wrong=["early", "both"]),
    "bool": make(answer=True, mistakes=[(False, "look again at it.")], right=[True, np.True_],
                 wrong=[False, 1]),
    "function": make(**FUNCTION, right=[lambda x: 2 * x], wrong=[lambda x: x**2, lambda x: None]),
    "estimator": make(answer=None, test=_fits, kind="estimator", mistakes=[], right=[_fitted()],
                      wrong=[Model(), Model]),
    "numpy truth": make(answer=None, test=lambda n: np.float64(n) > 3 or "too small.",
                        kind="number", mistakes=[], right=[4], wrong=[1, "4"]),
}  # fmt: skip


@pytest.mark.parametrize("exercise", SOUND.values(), ids=SOUND)
def test_sound_exercise_has_no_fault(exercise):
    assert exercise_faults(exercise) == []


def test_toy_lesson_asks_what_its_module_declares(tmp_path, monkeypatch):
    toy_lesson.write(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    exercises = importlib.import_module("toy").EXERCISES
    assert [exercise_faults(exercise) for exercise in exercises] == [[], [], []]
    assert ids_asked(toy_lesson.LESSON) == {exercise.id for exercise in exercises}


BADLY = {
    "1 wrong answers": make(wrong=[1200]),
    "no right answer": make(right=[]),
    "right answer 212": make(right=[212]),
    "wrong answer 211: correct": make(wrong=[211, 1200]),
    "wrong answer Ellipsis: not attempted": make(wrong=[..., 1200]),
    "first hint only": make(wrong=[1200, 7]),
    "gives the answer away": make(hint="the answer is 211."),
    "why is no sentence": make(why=""),
}


@pytest.mark.parametrize("said, exercise", BADLY.items(), ids=BADLY)
def test_badly_declared_exercise_is_seen(said, exercise):
    assert any(said in fault for fault in exercise_faults(exercise))


def test_a_hint_may_name_all_choices_but_not_the_right_one_alone():
    assert gives_away(make(**CHOICE, hint="think of late fusion."))
    assert not gives_away(make(**CHOICE, hint="is it early or late?"))
    assert not gives_away(make(answer=2, hint="see 20 and 2.5 and v2"))


@pytest.mark.parametrize("kind", SOUND)
def test_untouched_stub_is_not_attempted(kind):
    for stub in (..., None, [..., 1], {"a": ...}):
        assert SOUND[kind].verdict(stub)[0] == NOT_ATTEMPTED


def test_function_that_returns_the_dots_is_not_attempted():
    assert SOUND["function"].verdict(lambda x: ...)[0] == NOT_ATTEMPTED
    assert SOUND["function"].verdict(lambda x: (x, ...))[0] == NOT_ATTEMPTED


def test_function_that_forgets_its_return_is_told_so():
    verdict, text, _ = SOUND["function"].verdict(lambda x: None)
    assert verdict == NOT_YET and "return missing" in text


ODD = [
    "text", 3, True, float("nan"), float("inf"), 1j, b"bytes", [1, [2, 3]], [], {}, {"a": 1},
    np.zeros((2, 2)), np.array(["a"]), np.array(None), set(), object(), len, int, Model, Model(),
    lambda: 1 / 0, lambda *a: {}["no such key"], range(3), (x for x in "ab"),
]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in SOUND if kind != "numpy truth"])
def test_an_answer_of_any_type_gets_a_sentence_and_no_traceback(kind, capsys):
    check, _ = bind([SOUND[kind]])
    for answer in ODD:
        if kind == "bool" and answer is True:
            continue
        check("00.1", answer)
        line = capsys.readouterr().out
        assert line.startswith("Exercise 00.1: not yet: ") and line.count("\n") == 1, line
        assert " at 0x" not in line  # the same text in every run


def test_wrong_type_is_named():
    assert "single number" in SOUND["number"].verdict(np.zeros(3))[1]
    assert "array of shape (3,)" in SOUND["number"].verdict(np.zeros(3))[1]
    assert 'the text "211"' in SOUND["number"].verdict("211")[1]
    assert "an array of shape (2,) is wanted" in SOUND["array"].verdict(np.zeros((2, 1)))[1]
    assert "without calling it" in SOUND["function"].verdict(6)[1]
    assert "the class Model" in SOUND["estimator"].verdict(Model)[1]
    assert '"early", "late"' in SOUND["choice"].verdict("both")[1]


def test_torch_tensors_count_as_numbers_and_arrays():
    torch = pytest.importorskip("torch")
    assert SOUND["number"].verdict(torch.tensor(211.0, requires_grad=True))[0] == CORRECT
    assert SOUND["array"].verdict(torch.tensor([1.0, 2.0]))[0] == CORRECT


@pytest.mark.parametrize("exact", [Fraction, Decimal])
def test_fractions_and_decimals_are_numbers(exact):
    assert SOUND["number"].verdict(exact(211))[0] == CORRECT
    assert SOUND["number"].verdict(exact(1200))[1] == "that is the number of leaves."
    assert SOUND["array"].verdict([exact(1), 2])[0] == CORRECT
    assert BY_ID["03.2"].verdict(exact(7) / exact(8))[0] == CORRECT
    for odd in (10**400, Decimal("NaN"), Decimal("sNaN"), [Fraction(1, 2), None], True):
        assert SOUND["number"].verdict(odd)[0] == NOT_YET


def test_tolerance_is_absolute():
    near = make(answer=0.83, tolerance=0.005)
    assert near.verdict(0.834)[0] == CORRECT and near.verdict(0.836)[0] == NOT_YET


def test_check_and_hint_print_one_plain_line(capsys):
    check, hint = bind([make()])
    for answer in (..., 1200, 7, 211):
        check("00.1", answer)
    hint("00.1")
    assert capsys.readouterr().out.splitlines() == [
        "Exercise 00.1: not attempted yet. Put your answer in place of the dots "
        "and run the cell again.",
        "Exercise 00.1: not yet: that is the number of leaves.",
        "Exercise 00.1: not yet: look at the last axis.",
        "Exercise 00.1: correct: the last axis runs over the bands.",
        f"Exercise 00.1: {make().question} Hint: look at the last axis.",
    ]


@pytest.mark.parametrize("id", ["00.9", "0.1", 0.1, ["x"], {}, None, ...])
def test_an_unknown_id_gets_a_sentence_and_no_traceback(id, capsys):
    check, hint = bind([make()])
    for ask in (lambda: check(id, 211), lambda: check(id, ...), lambda: hint(id)):
        ask()
        line = capsys.readouterr().out
        assert line.startswith("There is no such exercise here: ") and line.count("\n") == 1, line
        assert line.endswith('Take one of "00.1".\n')


def test_repeated_ids_and_half_declared_exercises_are_refused():
    with pytest.raises(ValueError, match="same id"):
        bind([make(), make()])
    with pytest.raises(ValueError, match="either answer or test"):
        make(test=_doubles)
