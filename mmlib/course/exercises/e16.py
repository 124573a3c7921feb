"""Exercises of notebook 16: what each one asks and which mistakes it knows."""

from ..exercise import Exercise, bind

EXERCISES = [
    Exercise(
        "16.1",
        "Which fault can no program find: a missing picture, a label with a blank, or two "
        "labels that were swapped?",
        answer="two labels that were swapped",
        choices=("a missing picture", "a label with a blank", "two labels that were swapped"),
        mistakes=[
            ("a missing picture", "the table names a sample without a file: a program can count."),
            (
                "a label with a blank",
                "'drought ' beside 'drought' is suspicious: a program can compare.",
            ),
        ],
        hint="which of the three leaves a table that looks perfectly in order?",
        more="a program can count files and compare spellings. What does it not know about "
        "the leaves?",
        why="both labels exist and both files are there; a model may wonder, but only who was "
        "there can know.",
        right=["two labels that were swapped"],
        wrong=["a missing picture", "a label with a blank"],
    ),
    Exercise(
        "16.2",
        "You may measure 150 leaves. From how many plants?",
        answer="150 plants, one leaf each",
        choices=(
            "30 plants, five leaves each",
            "75 plants, two leaves each",
            "150 plants, one leaf each",
        ),
        mistakes=[
            (
                "30 plants, five leaves each",
                "leaves of a plant are alike: the fifth tells little that the first did not.",
            ),
            (
                "75 plants, two leaves each",
                "better than 30, but another plant tells more than a second leaf.",
            ),
        ],
        hint="move the slider `leaves_per_plant` and keep plants times leaves the same.",
        more="leaves of one plant repeat each other. Which choice has the most plants?",
        why="what counts for the interval is the number of plants more than that of leaves.",
        right=["150 plants, one leaf each"],
        wrong=["30 plants, five leaves each", "75 plants, two leaves each"],
    ),
    Exercise(
        "16.3",
        "27 settings were tried, and the best was chosen by its score on these very folds. What "
        "will it reach on new plants?",
        answer="less",
        choices=("less", "the same", "more"),
        mistakes=[
            ("the same", "it was chosen because these folds liked it; new plants did not choose."),
            ("more", "more leaves to learn from help a little; the choosing costs more here."),
        ],
        hint="27 equally good runners, one race: why did the first come first, and will he again?",
        more="part of its lead was luck, and luck does not come twice.",
        why="the best of many settings is also the luckiest: its score was the reason to take it.",
        right=["less"],
        wrong=["the same", "more"],
    ),
    Exercise(
        "16.4",
        "A new sample gets 'drought' with probability 0.99, and its spectrum is flagged as "
        "unlike the training data. What do you write into your report?",
        answer="no answer: measure again or look for the cause",
        choices=(
            "drought, 99 % sure",
            "no answer: measure again or look for the cause",
            "the second most probable class",
        ),
        mistakes=[
            (
                "drought, 99 % sure",
                "a model is often most certain where it has never been: far out, all its "
                "distances are large.",
            ),
            (
                "the second most probable class",
                "all the probabilities were made for samples like the training data.",
            ),
        ],
        hint="for which samples were the probabilities checked?",
        more="the probability was checked on samples like those of training. Is this one of them?",
        why="a probability is worth what its training data are worth; here there are none like it.",
        right=["no answer: measure again or look for the cause"],
        wrong=["drought, 99 % sure", "the second most probable class"],
    ),
]
check, hint = bind(EXERCISES)
