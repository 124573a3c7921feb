"""What makes an exercise a sound one."""

import re

from mmlib.course.exercise import CORRECT, NOT_YET

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
    if exercise.more == exercise.hint:
        found.append("the second hint is the first")
    for name in ("question", "hint", "more", "why"):
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


def spellings(choice):
    """Ten ways to type a choice, all of them meant well."""
    return [
        choice.upper(), choice.title(), f"  {choice} ", choice + ".", f"'{choice}'", f'"{choice}"',
        [choice], (choice,), {choice}, choice.replace(",", ""), choice.replace(" %", "%"),
        choice.replace("%", "percent"), choice.replace(" ", "_"), choice.replace(" ", "-"),
        choice.split(", "),
    ]  # fmt: skip


def ids_asked(lesson_text):
    """Ids of the exercises a lesson checks."""
    return set(re.findall(r'^check\(\s*"([^"]+)"', lesson_text, re.M))
