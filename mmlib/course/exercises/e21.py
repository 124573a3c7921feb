"""Exercises of notebook 21: when to sample, what a mean takes away, and which shapes may meet."""

import numpy as np
import torch
from scipy.signal import savgol_filter

from ..exercise import Exercise, bind


def _moments(n, rate):
    return np.arange(n) / rate


def _both_ends(n, rate):
    return np.linspace(0, n / rate, n)


def _judge_moments(function):
    got = np.asarray(function(5, 10), float)
    if got.shape != (5,):
        return f"five moments are wanted; yours have shape {got.shape}."
    known = [
        (_both_ends(5, 10), "both ends are counted, so the steps are too long: five moments have "
         "four steps between them, and the fifth step leads to the next second."),
        (np.linspace(0, 1, 5), "these are five moments between 0 and 1. How long is one step at "
         "`rate` samples per second?"),
        (np.arange(5) * 10, "multiplied by the rate; one step lasts 1 / rate."),
        (np.arange(1, 6) / 10, "the first moment should be 0."),
        (np.arange(5), "these are counts. Divide them by the rate to get seconds."),
    ]  # fmt: skip
    for wrong, said in known:
        if np.allclose(got, wrong):
            return said
    if not np.allclose(got, _moments(5, 10)):
        return "the first moment is 0, and each step lasts 1 / rate seconds."
    if not np.allclose(function(6, 3), _moments(6, 3)):
        return "right for 5 samples at 10 a second, but not for others: use `n` and `rate`."
    return True


TABLE = np.array([[0, 5, 1], [1, 3, 1], [4, 4, 2], [9, 0, 2], [16, 1, 3], [25, 7, 3], [36, 2, 9.0]])


def _slope(table):
    return savgol_filter(table, 5, 1, deriv=1, axis=0)


def _by_hand(table):
    weights = np.array([-2, -1, 0, 1, 2]) / 10
    rows = [weights @ table[k - 2 : k + 3] for k in range(2, len(table) - 2)]
    return np.array([rows[0], rows[0], *rows, rows[-1], rows[-1]])


def _judge_slope(function):
    got = np.asarray(function(TABLE.copy()), float)
    if got.shape != TABLE.shape:
        return f"the result has shape {got.shape}; it should have that of the table, {TABLE.shape}."
    inside, right = got[2:-2], _by_hand(TABLE)[2:-2]
    if np.allclose(inside, right):
        return True
    known = [
        (savgol_filter(TABLE, 5, 1, axis=0), "that is the smoothed value; ask for the first "
         "derivative with deriv=1."),
        (savgol_filter(TABLE, 3, 1, deriv=1, axis=0), "your line goes through three frames; it "
         "should go through five."),
        (np.gradient(TABLE, axis=0), "this difference uses two frames; fit a line through five."),
        (-_by_hand(TABLE), "the sign is turned round: what grows has a positive slope."),
        (savgol_filter(TABLE, 5, 2, deriv=2, axis=0), "that is the second derivative."),
    ]  # fmt: skip
    for wrong, said in known:
        if np.allclose(inside, wrong[2:-2]):
            return said
    return "fit a line through five frames, along the frames and not along the columns: axis=0."


WHO = np.array(["ann", "ben", "ann", "ben", "ann"])
ROWS = np.array([[1.0, 9], [5, 1], [3, 5], [7, 3], [5, 7]])


def _by_speaker(table, speakers):
    result = table.copy()
    for speaker in np.unique(speakers):
        result[speakers == speaker] -= table[speakers == speaker].mean(axis=0)
    return result


def _by_frame_table(table, speakers):
    means = {who: table[speakers == who].mean(axis=0) for who in set(speakers)}
    return np.array([row - means[who] for row, who in zip(table, speakers, strict=True)])


def _mean_of_all(table, speakers):
    return table - table.mean(axis=0)


def _mean_of_row(table, speakers):
    return table - table.mean(axis=1, keepdims=True)


def _one_number(table, speakers):
    return np.array(
        [row - table[speakers == who].mean() for row, who in zip(table, speakers, strict=True)]
    )


def _judge_by_speaker(function):
    before = ROWS.copy()
    got = np.asarray(function(before, WHO.copy()), float)
    if got.shape != ROWS.shape:
        return f"the result has shape {got.shape}; it should have that of the table, {ROWS.shape}."
    if np.allclose(got, _by_speaker(ROWS, WHO)):
        if not np.array_equal(before, ROWS):
            return "right, but you changed the table that was handed in: begin with table.copy()."
        return True
    known = [
        (_mean_of_all, "you subtracted the mean of everybody, which leaves the speakers as far "
         "apart as they were."),
        (_mean_of_row, "you subtracted the mean of each row, which is one recording."),
        (_one_number, "you subtracted one number for each speaker; each column has its own mean: "
         "axis=0."),
    ]  # fmt: skip
    for wrong, said in known:
        if np.allclose(got, wrong(ROWS, WHO)):
            return said
    return "for each speaker: take the rows of this speaker and subtract the mean of each column."


def _join(sound, sentence):
    return torch.cat([sound.mean(dim=1), sentence], dim=1)


def _judge_join(function):
    generator = torch.Generator().manual_seed(0)
    sound = torch.rand(3, 5, 2, generator=generator)
    sentence = torch.rand(3, 4, generator=generator)
    got = torch.as_tensor(np.asarray(function(sound, sentence)))
    right = _join(sound, sentence)
    if got.shape == right.shape and torch.allclose(got, right):
        return True
    if got.shape == right.shape and torch.allclose(got[:, 2:], sentence):
        return "the shape is right, but not the numbers of the sound: take the mean over time."
    if got.shape == (3, 14):
        return "you put all moments side by side. Then a longer sound has more columns: pool."
    if got.shape == (3, 9):
        return "you took the mean over the channels (axis 2); time is axis 1."
    if got.shape == right.shape:
        return "the shape is right, but the sound should come first."
    return f"wanted is (3, 2 + 4); your result has shape {tuple(got.shape)}."


EXERCISES = [
    Exercise(
        "21.1",
        "At which moments, in seconds, are n samples taken at `rate` per second?",
        kind="function",
        test=_judge_moments,
        hint="the first moment is 0, the second 1 / rate.",
        more="np.arange(n) counts the samples from 0; divide by the rate.",
        why="n moments have n - 1 steps between them, each of 1 / rate.",
        right=[
            _moments,
            lambda n, rate: np.linspace(0, n / rate, n, endpoint=False),
            lambda n, rate: [k / rate for k in range(n)],
        ],
        wrong=[
            _both_ends,
            lambda n, rate: np.linspace(0, 1, n),
            lambda n, rate: np.arange(n) * rate,
            lambda n, rate: np.arange(1, n + 1) / rate,
            lambda n, rate: np.arange(n),
            lambda n, rate: np.arange(n) / 10,
            lambda n, rate: np.arange(n + 1) / rate,
        ],
    ),
    Exercise(
        "21.2",
        "A tone of 600 Hz is recorded at 1000 samples a second. At how many hertz does it show up?",
        answer=400,
        mistakes=[
            (600, "at 1000 samples a second nothing above 500 Hz can be told from a slower tone."),
            (500, "500 Hz is the limit. A tone 100 Hz above it is folded back by 100 Hz."),
            (lambda f: f > 500, "nothing above 500 Hz, half of the rate, can be in a recording."),
            (100, "it is folded back from 500 Hz, not from 0."),
        ],
        hint="the spectrum is folded at half of the sampling rate, as a sheet of paper is.",
        more="the fold is at 500 Hz. 600 lies 100 above it, so it shows up as far below.",
        why="at these moments both tones have the same values, but for the sign.",
        right=[400, 400.0],
        wrong=[600, 500, 100, 1600],
    ),
    Exercise(
        "21.3",
        "The pixels of each picture are shuffled. What happens to the score of the histograms?",
        answer="nothing",
        choices=("nothing", "it falls a little", "it falls to chance"),
        mistakes=[
            ("it falls a little", "which count of a histogram changes when pixels change places?"),
            ("it falls to chance", "you and a network could not read the digit any more. But what "
             "does a histogram know of places?"),
        ],
        hint="does any gray value become more frequent or rarer?",
        more="count the grays of four pixels by hand, then exchange two of them and count again.",
        why="each gray occurs as often as before, so every row of the table is the same.",
        right=["nothing"],
        wrong=["it falls a little", "it falls to chance"],
    ),
    Exercise(
        "21.4",
        "Write the slope of each column through five frames.",
        kind="function",
        test=_judge_slope,
        hint="scipy.signal.savgol_filter, with five frames, a straight line, the first derivative.",
        more="savgol_filter(table, window, order, deriv=1, axis=0).",
        why="deltas are the derivative that you know from spectra, taken along time.",
        right=[
            _slope,
            _by_hand,
            lambda t: savgol_filter(t, 5, 1, deriv=1, axis=0, mode="nearest"),
            lambda t: savgol_filter(t, 5, 2, deriv=1, axis=0),  # the same inside
        ],
        wrong=[
            lambda t: savgol_filter(t, 5, 1, axis=0),
            lambda t: savgol_filter(t, 3, 1, deriv=1, axis=0),
            lambda t: savgol_filter(t, 3, 1, deriv=1),
            lambda t: np.gradient(t, axis=0),
            lambda t: -_by_hand(t),
            lambda t: np.diff(t, axis=0),
            lambda t: savgol_filter(t, 5, 2, deriv=2, axis=0),
        ],
    ),
    Exercise(
        "21.5",
        "Which mean should be removed so that the model is best for a new speaker?",
        answer="of the speaker",
        choices=("none", "of the recording", "of the speaker"),
        mistakes=[
            ("none", "then the voice and the microphone stay in every number, as the lamp does "
             "in a spectrum without a white reference."),
            ("of the recording", "a recording is a single word. What does its mean over time tell "
             "of the word?"),
        ],
        hint="what is the same in all that a speaker says, and what differs from word to word?",
        more="a recording holds one word: what else goes if its own mean is taken off?",
        why="many different words together are a reference for the voice and the microphone; one "
        "word is not, since its mean also belongs to the word.",
        right=["of the speaker"],
        wrong=["none", "of the recording"],
    ),
    Exercise(
        "21.6",
        "Subtract from each row the mean of the rows of its speaker.",
        kind="function",
        test=_judge_by_speaker,
        hint="speakers == name is a mask of the rows of one speaker.",
        more="loop over np.unique(speakers), and take the mean of the masked rows off these rows.",
        why="a reference for each speaker, made without a label.",
        right=[_by_speaker, _by_frame_table],
        wrong=[_mean_of_all, _mean_of_row, _one_number,
               lambda table, speakers: table - table[speakers == "ann"].mean(axis=0)],
    ),
    Exercise(
        "21.7",
        "Join a sound (batch, moments, channels) with a sentence (batch, width), sound first.",
        kind="function",
        test=_judge_join,
        hint="bring both to (batch, columns): take the mean of the sound over its moments.",
        more="sound.mean(dim=1) has shape (batch, channels); torch.cat([...], dim=1) joins.",
        why="after the mean over time both are (batch, columns), however long the sound was.",
        right=[_join, lambda sound, sentence: torch.hstack([sound.mean(1), sentence]),
               lambda sound, sentence: np.concatenate([sound.mean(1), sentence], axis=1)],
        wrong=[
            lambda sound, sentence: torch.cat([sound.flatten(1), sentence], 1),
            lambda sound, sentence: torch.cat([sound.mean(2), sentence], 1),
            lambda sound, sentence: torch.cat([sound[:, -1], sentence], 1),
            lambda sound, sentence: torch.cat([sentence, sound.mean(1)], 1),
            lambda sound, sentence: torch.cat([sound, sentence], 1),
            lambda sound, sentence: sound.mean(1),
        ],
    ),
    Exercise(
        "21.8",
        "May the word of the digit, such as 'seven', be given to the model as a text?",
        answer="no, it is the label",
        choices=("yes, it is a text like others", "no, it is the label", "only in training"),
        mistakes=[
            ("yes, it is a text like others", "what is left to be predicted, once the word is "
             "known?"),
            ("only in training", "then the model learns to read the word, which new samples do "
             "not have."),
        ],
        hint="who would write the word for a new sample, and what would they have to know?",
        more="think of a recording that nobody has listened to yet: is the word there?",
        why="whoever can write it knows the answer. A sentence such as ours only narrows it down.",
        right=["no, it is the label"],
        wrong=["yes, it is a text like others", "only in training"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
