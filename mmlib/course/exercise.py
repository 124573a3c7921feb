"""Exercises that answer back: not attempted yet, not yet (and why), correct (and why).

The exercises of notebook 05 are declared in `mmlib/course/exercises/e05.py`, which
ends in ``check, hint = bind(EXERCISES)``. This file holds the machinery only.
Whatever is handed in, the learner reads a sentence and never a traceback. A right answer
counts in any spelling (`mmlib.course.spellings`).
"""

import math
from collections import Counter

import numpy as np

from .answers import describe, is_text, kind_of, plain
from .progress import note
from .spellings import chosen, number, numbers, truth, words

NOT_ATTEMPTED = "not attempted yet"
NOT_YET = "not yet"
CORRECT = "correct"
SOLVED = "the solved notebook of the same name is in the folder `solutions`."


class Exercise:
    """One question, the answer to it, and the mistakes people make.

    Parameters
    ----------
    id : str
        Notebook and number, such as ``"05.2"``.
    question : str
        The question in one sentence, as `hint` repeats it.
    answer : number, bool, str or array-like, optional
        The right answer, when it is a value.
    test : callable, optional
        Judges the answer, when it is not one value: a function, a fitted
        estimator, or a number that depends on the run. Gets the answer, returns
        True when it is right and otherwise the hint as a string. An exception
        counts as "not yet".
    kind : {"number", "text", "array", "function", "estimator", "any"}, optional
        What `test` expects; taken from `answer` when that is given.
    choices : sequence of str, optional
        The possible answers of a multiple choice question.
    synonyms : mapping of str to str, optional
        Other names of choices, as the lesson or other courses use them.
    share : bool
        Whether the number is a share, which may be given in percent, too.
    tolerance : float
        How far a number, or each number of an array, may be off.
    mistakes : sequence of (value or callable, str)
        Known wrong answers, each with the hint that names the misconception.
        A callable is a predicate that gets the answer.
    hint, more : str
        A first hint that does not give the answer away; a second one, for who asks again,
        that goes a step further.
    why : str
        Why the right answer is right.
    right, wrong : sequences
        Answers that must be accepted, and answers that must be refused, each
        with a specific hint. The tests hold the exercise to both.

    Examples
    --------
    >>> bands = Exercise(
    ...     "00.1", "How many bands has one spectrum?", answer=211,
    ...     mistakes=[(1200, "that is the number of leaves, the first axis.")],
    ...     hint="look at the last axis of the array.",
    ...     more="`shape` gives the length of each axis.",
    ...     why="the last axis runs over the wavelengths.",
    ...     right=[211], wrong=[1200, 210],
    ... )
    >>> check, hint = bind([bands])
    >>> check("00.1", ...)
    Exercise 00.1: not attempted yet. Put your answer in place of the dots and run the cell again.
    >>> check("00.1", 1200)
    Exercise 00.1: not yet: that is the number of leaves, the first axis.
    >>> check("00.1", 211)
    Exercise 00.1: correct: the last axis runs over the wavelengths.
    >>> hint("00.1")
    Exercise 00.1: How many bands has one spectrum? Hint: look at the last axis of the array.
    """

    def __init__(
        self,
        id,
        question,
        *,
        answer=None,
        test=None,
        kind=None,
        choices=None,
        synonyms=None,
        share=False,
        tolerance=1e-6,
        mistakes=(),
        hint,
        more,
        why,
        right,
        wrong,
    ):
        if (answer is None) == (test is None):
            raise ValueError(f"Exercise {id}: give either answer or test.")
        self.id, self.question = id, question
        self.answer, self.test = answer, test
        self.kind = kind or kind_of(answer)
        self.choices, self.synonyms, self.share = choices, synonyms, share
        self.tolerance = tolerance
        self.mistakes = list(mistakes)
        self.hint, self.more, self.why = hint, more, why
        self.right, self.wrong = list(right), list(wrong)

    def verdict(self, answer):
        """Judge an answer.

        Returns
        -------
        verdict : {"not attempted yet", "not yet", "correct"}
        text : str
            The hint or the reason.
        specific : bool
            Whether a hint is about this very answer; the first hint is not.
        """
        if answer is None or _is_stub(answer):
            return NOT_ATTEMPTED, "", True
        answer = self._read(answer)
        problem = self._wrong_type(answer)
        if problem:
            return NOT_YET, problem, True
        try:
            passed = self._passes(answer)
        except _NotAttempted:
            return NOT_ATTEMPTED, "", True
        except Exception as error:  # whatever a learner's function raises becomes a sentence
            passed = f"checking your answer raised {type(error).__name__}: {error}"
        if isinstance(passed, bool | np.bool_) and passed:
            return CORRECT, self.why, True
        for mistake, hint in self.mistakes:
            if self._is_mistake(mistake, answer):
                return NOT_YET, hint, True
        if isinstance(passed, str):
            return NOT_YET, passed, True
        return NOT_YET, self.hint, False

    def _passes(self, answer):
        if self.test is None:
            return self._same(answer, self.answer)
        return self.test(_watch(answer) if self.kind == "function" else answer)

    def _read(self, answer):
        """The answer as it is meant, whatever its spelling."""
        if self.kind == "number":
            if isinstance(answer, str) and (value := number(answer)) is not None:
                answer = value
            array = plain(answer) if self.share else None
            if array is not None and array.size == 1 and array.dtype.kind in "iuf":
                return answer if array.item() <= 2 else array.item() / 100
        if self.kind == "array" and isinstance(answer, str):
            return numbers(answer) or answer
        if self.kind == "bool" and isinstance(answer, str):
            return answer if truth(answer) is None else truth(answer)
        if self.kind == "text" and is_text(answer):
            found = chosen(answer, self.choices or [self.answer], self.synonyms)
            return answer if found is None else found
        return answer

    def _same(self, answer, value):
        if self.kind == "text":
            return words(answer) == words(value)
        if self.kind == "bool":
            return bool(answer) == bool(value)
        answer, value = plain(answer), plain(value)
        if self.kind == "number":
            answer, value = answer.reshape(()), value.reshape(())
        if answer.shape != value.shape:
            return False
        if answer.dtype.kind not in "biufc" or value.dtype.kind not in "biufc":
            return bool((answer == value).all())
        return bool(np.allclose(answer, value, rtol=0, atol=self.tolerance))

    def _is_mistake(self, mistake, answer):
        try:
            if callable(mistake):
                return bool(mistake(answer))
            return not self._wrong_type(mistake) and self._same(answer, self._read(mistake))
        except Exception:  # a predicate that does not fit this answer does not describe it
            return False

    def _wrong_type(self, answer):
        """A sentence when the answer is of the wrong kind, else an empty string."""
        got = describe(answer)
        if self.kind == "number":
            array = plain(answer)
            if array is None or array.size != 1 or array.dtype.kind not in "iuf":
                return f"a single number is wanted here, and this is {got}."
            if not math.isfinite(array.item()):
                return f"a finite number is wanted here, and this is {got}."
        elif self.kind == "bool" and not isinstance(answer, bool | np.bool_):
            return f"True or False is wanted here, and this is {got}."
        elif self.kind == "text":
            if not is_text(answer):
                return f"a text in quotes is wanted here, and this is {got}."
            if self.choices and answer not in self.choices:
                return "answer with one of " + ", ".join(f'"{c}"' for c in self.choices) + "."
        elif self.kind == "array":
            array = plain(answer)
            if array is None or not array.ndim or not array.size:
                return f"an array is wanted here, and this is {got}."
            want = array.shape if self.test else np.shape(self.answer)
            if array.shape != want:
                return f"an array of shape {want} is wanted here, and this is {got}."
        elif self.kind == "function" and not callable(answer):
            return f"a function is wanted here, without calling it, and this is {got}."
        elif self.kind == "estimator" and (isinstance(answer, type) or not hasattr(answer, "fit")):
            return f"a model with a fit method is wanted here, and this is {got}."
        return ""


def bind(exercises):
    """The two functions a notebook uses, for a list of exercises.

    Returns
    -------
    check : function of (id, answer)
        Prints the verdict.
    hint : function of (id)
        Prints the question and a first hint; asked again, a second one; then where the
        solution is.
    """
    asked = Counter()
    by_id = {exercise.id: exercise for exercise in exercises}
    if len(by_id) != len(exercises):
        raise ValueError("Two exercises have the same id.")

    def find(id):
        if isinstance(id, str) and id in by_id:
            return by_id[id]
        known = ", ".join(f'"{one}"' for one in by_id)
        print(f"There is no such exercise here: {describe(id)}. Take one of {known}.")

    def check(id, answer):
        """Print whether `answer` solves exercise `id`, and why or why not.

        In a learner's own folder it also prints how many exercises of the notebook are solved.
        """
        if (exercise := find(id)) is None:
            return
        verdict, text, _ = exercise.verdict(answer)
        if verdict == NOT_ATTEMPTED:
            verdict += ". Put your answer in place of the dots and run the cell again."
        print(f"Exercise {id}: {verdict}" + (f": {text}" if text else ""))
        if told := note(id, verdict == CORRECT, by_id):
            print(told)

    def hint(id):
        """Print the question of exercise `id` and a hint; asked again, the next one."""
        exercise = find(id)
        if exercise is not None:
            steps = [exercise.hint, exercise.more, SOLVED]
            asked[id] += 1
            print(f"Exercise {id}: {exercise.question} Hint: {steps[: asked[id]][-1]}")

    return check, hint


class _NotAttempted(Exception):
    pass


def _watch(function):
    """The function, with a stub that still returns the dots noticed at its first call."""

    def watched(*args, **kwargs):
        result = function(*args, **kwargs)
        if _is_stub(result):
            raise _NotAttempted
        if result is None:
            raise ValueError("the function returns None; is its return missing?")
        return result

    return watched


def _is_stub(answer):
    if isinstance(answer, list | tuple):
        return any(_is_stub(part) for part in answer)
    if isinstance(answer, dict):
        return any(_is_stub(part) for part in answer.values())
    return answer is ...
