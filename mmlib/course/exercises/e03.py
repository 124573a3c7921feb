"""Exercises of notebook 03: groups, metrics, intervals and leaks."""

from ..exercise import Exercise, bind

EXERCISES = [
    Exercise(
        "03.1",
        "What is the group, if the model shall judge oils of new producers?",
        answer="producer",
        choices=("measurement", "bottle", "producer"),
        mistakes=[
            ("measurement", "then other measurements of the same bottle are in training."),
            ("bottle", "then other bottles of the same producer are in training, and in use the "
             "producer is new."),
        ],
        hint="ask what will be new when the model is used.",
        why="in use the producer is new, so whole producers must be held out.",
        right=["producer"],
        wrong=["measurement", "bottle"],
    ),
    Exercise(
        "03.2",
        "What is the balanced accuracy of 6 of 8 ripe and 2 of 2 rotten?",
        answer=0.875,
        tolerance=0.006,
        mistakes=[
            (0.8, "that is the plain accuracy, 8 of 10; average over the two classes instead."),
            (1.75, "you added the two shares; now take their mean."),
            (87.5, "right, but as a share between 0 and 1."),
            (0.75, "that is the share of the ripe ones only."),
            (lambda a: not 0 <= a <= 1, "a share lies between 0 and 1."),
            (lambda a: True, "take the share of right answers in each class, then their mean."),
        ],
        hint="first the share of right answers among the ripe, then among the rotten.",
        why="the mean of 6/8 and 2/2; every class counts the same, however rare.",
        right=[0.875, 7 / 8],
        wrong=[0.8, 0.75, 1.75, 87.5, 0.5],
    ),
    Exercise(
        "03.3",
        "A gain of 3 points, interval -1 to 7: which sentence is fair?",
        answer="cannot be told from these data",
        choices=("fusion is better", "fusion is useless", "cannot be told from these data"),
        mistakes=[
            ("fusion is better", "the interval holds zero and losses as well."),
            ("fusion is useless", "the interval also holds a gain of 7 points: absence of proof "
             "is not proof of absence."),
        ],
        hint="read out what the interval contains: a loss, nothing, a gain?",
        why="the interval holds a small loss and a useful gain; more samples would decide.",
        right=["cannot be told from these data"],
        wrong=["fusion is better", "fusion is useless"],
    ),
    Exercise(
        "03.4",
        "A forest on noise labels, scored on its training samples: which share is right?",
        answer=0.97,
        tolerance=0.0301,  # from 0.94 to 1: no share is above 1
        mistakes=[
            (lambda a: abs(a - 0.25) < 0.1, "that is the score on new samples; these samples it "
             "has seen."),
            (100, "right, but as a share between 0 and 1."),
            (lambda a: not 0 <= a <= 1, "a share lies between 0 and 1."),
            (lambda a: True, "each tree grows until it knows its samples by heart."),
        ],
        hint="a tree grows until every leaf holds samples of one class only.",
        why="trees grow until they know their training samples by heart, labels of any kind.",
        right=[1.0, 1, 0.95, 0.94],
        wrong=[0.25, 0.5, 100, 0.8, 1.05, 1.01],
    ),
    Exercise(
        "03.5",
        "Which of the four lines leaks?",
        answer=2,
        mistakes=[
            (1, "SNV treats each spectrum by itself; nothing passes between samples."),
            (3, "the split itself is fine; look at what was done with the labels before it."),
            (4, "fitting on train and scoring on test is right."),
            (lambda a: True, "answer with 1, 2, 3 or 4."),
        ],
        hint="which line uses the labels of samples that will be tested later?",
        why="it chooses columns with the labels of all samples, those of the test part too.",
        right=[2],
        wrong=[1, 3, 4, 0],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
