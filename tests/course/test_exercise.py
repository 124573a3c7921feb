"""Whatever is handed in, an exercise answers with a sentence."""

import importlib
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import toy_lesson
from exercise_checks import exercise_faults, gives_away, ids_asked

from mmlib.course.exercise import CORRECT, NOT_ATTEMPTED, NOT_YET, Exercise, bind


def make(**changes):
    """A sound exercise, with changes."""
    options = {
        "answer": 211,
        "mistakes": [(1200, "that is the number of leaves."), (lambda n: n < 0, "never negative.")],
        "hint": "look at the last axis.",
        "more": "it is the length of a spectrum.",
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
    "bool": make(answer=True, mistakes=[(False, "look again at it.")],
                 right=[True, np.True_, "True", "yes"], wrong=[False, 1, "no"]),
    "function": make(**FUNCTION, right=[lambda x: 2 * x], wrong=[lambda x: x**2, lambda x: None]),
    "estimator": make(answer=None, test=_fits, kind="estimator", mistakes=[], right=[_fitted()],
                      wrong=[Model(), Model]),
    "numpy truth": make(answer=None, test=lambda n: np.float64(n) > 3 or "too small.",
                        kind="number", mistakes=[], right=[4], wrong=[1, "few"]),
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
    assert 'the text "many"' in SOUND["number"].verdict("many")[1]
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
    near = make(answer=0.875, tolerance=0.006)
    assert near.verdict(exact(7) / exact(8))[0] == CORRECT
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


def test_who_asks_again_gets_a_second_hint_and_then_where_the_solution_stands(capsys):
    _, hint = bind([make()])
    for _ in range(4):
        hint("00.1")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("look at the last axis.")
    assert lines[1].endswith("it is the length of a spectrum.")
    assert lines[2] == lines[3] and "`solutions`" in lines[2]


@pytest.mark.parametrize("said", ["211", "211.", " 211 ", "'211'", "211 bands", [211], "211,0"])
def test_a_number_counts_in_quotes_in_brackets_and_with_its_unit(said):
    assert SOUND["number"].verdict(said)[0] == CORRECT


def test_an_array_may_be_given_as_text():
    assert SOUND["array"].verdict("[1, 2]")[0] == CORRECT
    assert SOUND["array"].verdict("2 1")[1] == "the order is reversed."


def test_a_share_may_be_given_in_percent_and_only_a_share():
    share = make(answer=0.5, share=True, mistakes=[(0.25, "half of that.")], wrong=[0.25, 25])
    for said in (0.5, 50, "50 %", "50 percent", "0,5"):
        assert share.verdict(said)[0] == CORRECT
    for said in (0.25, 25, "25%"):
        assert share.verdict(said)[1] == "half of that."
    assert make(answer=0.5).verdict(50)[0] == NOT_YET


def test_another_name_of_a_choice_stands_for_it_right_or_wrong():
    named = make(**CHOICE, synonyms={"decision-level": "late", "low-level": "early"})
    assert named.verdict("Decision level fusion")[0] == CORRECT
    assert named.verdict(["low-level"])[1] == "that is before the models."
