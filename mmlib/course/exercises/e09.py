"""Exercises of notebook 09: neighbors, homophily, and graphs that cheat."""

from ..exercise import Exercise, bind

EXERCISES = [
    Exercise(
        "09.1",
        "What is the mean of leaf 1 and its neighbors?",
        answer=110 / 3,
        tolerance=0.4,
        mistakes=[
            (45, "that is the mean of leaves 1 and 2, or of all four; leaf 1 hears 0, 1 and 2."),
            (160 / 3, "that is leaf 2; the leaves are counted from 0."),
            (40, "that is the mean of the two neighbors; leaf 1 has a say as well."),
            (25, "that is leaf 0 again; leaf 1 has two neighbors."),
            (110, "that is the sum; now divide by how many they are."),
            (lambda a: True, "three leaves take part: 0, 1 and 2."),
        ],
        hint="who is linked with leaf 1? Do not forget leaf 1.",
        more="three leaves take part: 0, 1 and 2. Add their values and divide by three.",
        why="leaves 0, 1 and 2 take part: (20 + 30 + 60) / 3.",
        right=[110 / 3, 36.67, 36.7],
        wrong=[45, 53.3, 40, 25, 110, 50],
    ),
    Exercise(
        "09.2",
        "Neighbors by both modalities at once: is homophily lower, the same or higher?",
        answer="higher",
        choices=("lower", "the same", "higher"),
        mistakes=[
            ("lower", "to be near in both is harder, so such neighbors are alike in more ways."),
            ("the same", "that would be so if both modalities knew the same things."),
        ],
        hint="the spectrum cannot tell blight from healthy; can a neighbor by both differ in it?",
        more="two leaves that are alike for both instruments can differ only in what neither sees.",
        why="a neighbor by both can differ only in what neither instrument sees.",
        right=["higher"],
        wrong=["lower", "the same"],
    ),
    Exercise(
        "09.3",
        "An instrument that judges one leaf at a time quotes a transductive score: is that fine?",
        answer="not what users get",
        choices=("fine", "not what users get", "a lower bound"),
        mistakes=[
            ("fine", "in the field no other unlabeled leaf is there to help."),
            ("a lower bound", "the other leaves of the test helped; alone a leaf does worse."),
        ],
        hint="which samples were in the graph when the score was measured?",
        more="in use, each leaf comes alone: are the other test leaves there to be its neighbors?",
        why="the score used leaves that arrive together; in the field they come one by one.",
        right=["not what users get"],
        wrong=["fine", "a lower bound"],
    ),
    Exercise(
        "09.4",
        "What did the model on the sorted table measure?",
        answer="the sort order",
        choices=("the leaves", "the sort order", "the plants"),
        mistakes=[
            ("the leaves", "the same leaves in another order gave another score."),
            ("the plants", "test plants were not in training; look at what changed between runs."),
        ],
        hint="only one thing was changed between the three runs.",
        more="leaves, plants and features were the same in all three runs. What was not?",
        why="neighboring rows had one condition because somebody had sorted them; no leaf changed.",
        right=["the sort order"],
        wrong=["the leaves", "the plants"],
    ),
]

check, hint = bind(EXERCISES)
