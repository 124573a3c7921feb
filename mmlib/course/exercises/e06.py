"""Exercises of notebook 06: slopes, overfitting, missing pictures, shapes."""

import numpy as np

from ..exercise import Exercise, bind


def _slopes(answer):
    """Hold a formula for the slopes to what torch finds by itself."""
    import torch

    rng = np.random.default_rng(6)
    for leaves, width, conditions in ((6, 5, 2), (3, 4, 3)):
        vectors = rng.normal(size=(leaves, width))
        Y = np.eye(conditions)[rng.integers(conditions, size=leaves)]
        weights = torch.tensor(rng.normal(size=(conditions, width)), requires_grad=True)
        logits = torch.tensor(vectors) @ weights.T
        torch.nn.functional.cross_entropy(logits, torch.tensor(Y)).backward()
        truth, P = weights.grad.numpy(), torch.softmax(logits, 1).detach().numpy()
        try:
            given = np.asarray(answer(vectors.copy(), P.copy(), Y.copy()), float)
        except ValueError as error:
            if "broadcast" not in str(error) and "mismatch" not in str(error):
                raise
            return (
                "the shapes do not fit: the error of each condition must meet each number of "
                "the vector, which is a matrix product over the leaves, with one side transposed."
            )
        wrong = {
            "that is the formula of the tutorial, and the wiggled slopes disagree with it.": (
                (Y / P).T @ vectors / leaves,
                -(Y / P).T @ vectors / leaves,
                (Y / P).T @ vectors,
                -(Y / P).T @ vectors,
            ),
            "the sign is turned round: the slope is positive where the net says too much.": (
                -truth,
                -truth * leaves,
            ),
            "that is the sum over the leaves; the loss is their mean.": (truth * leaves,),
            "you divided by the number of conditions; the mean is over the leaves.": (
                truth * leaves / conditions,
            ),
            "divide by the number of leaves that are handed in, not by that of our toy.": (
                truth * leaves / 3,
            ),
            "you divided by the length of a vector; the mean is over the leaves.": (
                truth * leaves / width,
            ),
        }
        if given.shape == truth.shape[::-1] != truth.shape:
            return "the axes are exchanged: rows must be conditions, columns numbers of a vector."
        if given.shape != truth.shape:
            return (
                f"one slope for each weight is wanted, shape {truth.shape}, and your array has "
                f"shape {given.shape}."
            )
        if np.allclose(given, truth):
            continue
        for hint, values in wrong.items():
            if any(np.allclose(given, value) for value in values):
                return hint
        return "PyTorch finds other slopes: try your formula on the table of wiggled ones."
    return True


def _right_slopes(vectors, P, Y):
    return (P - Y).T @ vectors / len(vectors)


def _loop_of_slopes(vectors, P, Y):
    return np.mean([np.outer(p - y, x) for x, p, y in zip(vectors, P, Y, strict=True)], axis=0)


def _pool(answer):
    """Hold a fuse to what averaging over time must give."""
    import torch

    generator = torch.Generator().manual_seed(6)
    for leaves, times, width, other in ((4, 20, 6, 3), (2, 7, 6, 5)):
        series = torch.rand(leaves, times, width, generator=generator)
        vector = torch.rand(leaves, other, generator=generator)
        try:
            given = torch.as_tensor(answer(series, vector))
        except RuntimeError as error:
            if "ensor" not in str(error):
                raise
            return (
                "the pieces do not fit. Average over the times (axis 1) first, then let torch.cat "
                "join the numbers (dim=1), not the leaves (dim=0)."
            )
        if given.ndim != 2:
            return f"the result has {given.ndim} axes; the head takes two: leaf and number."
        if given.shape == (leaves, times * width + other):
            return (
                "that flattens: every time gets weights of its own, and a leaf measured at seven "
                "times fits no more. Average over the times."
            )
        if given.shape == (leaves, times + other):
            return "you averaged over the numbers of a time (the last axis), not over the times."
        if given.shape != (leaves, width + other):
            return (
                f"shape ({leaves}, {width + other}) is wanted for a series of shape "
                f"{tuple(series.shape)}, and this is {tuple(given.shape)}."
            )
        means = series.mean(1)
        if torch.allclose(given, torch.cat([vector, means], 1)):
            return "the averages are right, but the series comes first here, then the vector."
        if not torch.allclose(given, torch.cat([means, vector], 1)):
            return "the shape is right, but the first numbers are not the averages over time."
    return True


def _cat(make):
    import torch

    return lambda series, vector: torch.cat([make(series), vector], dim=1)


EXERCISES = [
    Exercise(
        "06.1",
        "What are the slopes of the loss by the weights of the head?",
        test=_slopes,
        kind="function",
        hint="compare both formulas with the table of wiggled slopes; Y.T @ X adds up over leaves.",
        more="where the truth has probability 1, the slope must be zero: only one of the "
        "formulas gives that. Y.T @ vectors adds up over the leaves.",
        why="error times input, averaged over the leaves, the same numbers that wiggling finds. "
        "A net that is right with certainty learns nothing more.",
        right=[_right_slopes, _loop_of_slopes],
        wrong=[
            lambda X, P, Y: (Y / P).T @ X / len(X),
            lambda X, P, Y: -(Y / P).T @ X / len(X),
            lambda X, P, Y: (Y - P).T @ X / len(X),
            lambda X, P, Y: (P - Y).T @ X,
            lambda X, P, Y: X.T @ (P - Y) / len(X),
            lambda X, P, Y: P - Y,
            lambda X, P, Y: P.T @ X / len(X),
            lambda X, P, Y: (P - Y) * X,
            lambda X, P, Y: (P - Y).T @ X / P.shape[1],
            lambda X, P, Y: (P - Y).T @ X / 3,
            lambda X, P, Y: (P - Y).T @ X / X.shape[1],
        ],
    ),
    Exercise(
        "06.2",
        "What will the validation loss of the wide net do in 40 epochs?",
        answer="falls, then rises",
        choices=("falls and stays low", "falls, then rises", "rises from the start"),
        mistakes=[
            ("falls and stays low", "count weights and leaves: there are many more weights. What "
             "does a net do with room to spare?"),
            ("rises from the start", "the first steps learn what is true of all leaves, and those "
             "of validation are leaves as well."),
        ],
        hint="the net first finds what is common to all leaves, then what is true of single ones.",
        more="the net has 39,941 weights and constants for 300 leaves: what does it do once the "
        "common part is learned?",
        why="first the net learns what all leaves share, then its training leaves by heart.",
        right=["falls, then rises"],
        wrong=["falls and stays low", "rises from the start"],
    ),
    Exercise(
        "06.3",
        "Which of the four changes does nothing by itself?",
        answer="linear encoders",
        choices=("dropout", "weight decay", "narrow", "linear encoders"),
        mistakes=[
            ("dropout", "a net whose numbers go missing at random cannot rely on single ones."),
            ("weight decay", "learning by heart takes large weights, and these cost now."),
            ("narrow", "an eighth of the width leaves about a thirtieth of the weights: less room "
             "for single leaves."),
        ],
        hint="which of them leaves as many weights, free to be of any size?",
        more="a net learns by heart with many large weights. Which change touches neither "
        "their number nor size?",
        why="it takes out a bend, not a weight: the head behind it still has room for every leaf.",
        right=["linear encoders"],
        wrong=["dropout", "weight decay", "narrow"],
    ),
    Exercise(
        "06.4",
        "What to use where one picture in ten is missing?",
        answer="plain with a fallback",
        choices=("plain", "modality dropout", "plain with a fallback"),
        mistakes=[
            ("modality dropout", "it pays for the one leaf in ten on the nine others. Weigh both "
             "scores: nine parts with both, one part without a picture."),
            ("plain", "better than modality dropout, but who forces you to use the fused model "
             "where there is nothing to fuse?"),
        ],
        hint="for each choice: 0.9 times the share right with both, plus 0.1 times that without a "
        "picture.",
        more="the best of both is allowed: one model where there are two modalities, another "
        "where there is one.",
        why="fusion where there are both, the spectrum model where there is not: hard to beat as "
        "long as you notice that a picture is missing.",
        right=["plain with a fallback"],
        wrong=["plain", "modality dropout"],
    ),
    Exercise(
        "06.5",
        "Which function gives something else when it is applied before concatenating?",
        answer="softmax",
        choices=("relu", "sigmoid", "tanh", "softmax"),
        mistakes=[
            ("relu", "it looks at one number at a time, so its neighbors do not matter."),
            ("sigmoid", "the cell above has just shown that they agree."),
            ("tanh", "a sigmoid in another scale: it looks at one number at a time."),
        ],
        hint="which of them cannot be computed for one number without knowing the others?",
        more="softmax divides by a sum; the others look at one number at a time.",
        why="it divides by a sum over all numbers, so it matters who the neighbors are.",
        right=["softmax"],
        wrong=["relu", "sigmoid", "tanh"],
    ),
    Exercise(
        "06.6",
        "Fuse a series of vectors with a vector.",
        test=_pool,
        kind="function",
        hint="the axes are leaf, time, number; which one must go?",
        more="series.mean(dim=1) is the average over the times; torch.cat joins along dim=1.",
        why="averaged over time, a series of any length is a vector.",
        right=[_cat(lambda s: s.mean(1)), _cat(lambda s: s.sum(1) / s.shape[1])],
        wrong=[
            _cat(lambda s: s.flatten(1)),
            _cat(lambda s: s.mean(2)),
            _cat(lambda s: s[:, 0]),
            _cat(lambda s: s.sum(1)),
            _cat(lambda s: s.mean(0)),
            _cat(lambda s: s),
            lambda s, v: _cat(lambda _: v)(s, s.mean(1)),  # the vector first
            lambda s, v: s,
            lambda s, v: v,
        ],
    ),
    Exercise(
        "06.7",
        "How many numbers must a layer take after 512 and 128 were concatenated?",
        answer=640,
        mistakes=[
            (512, "that is the picture alone; the spectrum's numbers stand beside them."),
            (128, "that is the spectrum alone; the picture's numbers stand beside them."),
            (65536, "that is every number times every other one, which is tensor fusion."),
            (1024, "that would be two vectors as wide as the picture's."),
            (320, "you averaged the widths; concatenating puts one vector behind the other."),
            (lambda a: True, "concatenating puts one vector behind the other: what is its length?"),
        ],
        hint="write down two short vectors, concatenate them, and count.",
        more="the vectors stand one behind the other: add their lengths.",
        why="one vector behind the other: the widths add up.",
        right=[640, 512 + 128],
        wrong=[512, 128, 65536, 1024, 384],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
