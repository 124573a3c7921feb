"""Exercises of notebook 07: shares, questions, maps and what they do not say."""

import numpy as np

from ..exercise import Exercise, bind


def _attend(answer):
    """Hold a function to torch's own attention."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    rng = np.random.default_rng(7)
    for q, k, d, v in ((3, 5, 4, 2), (4, 2, 9, 1)):
        questions, keys = rng.normal(size=(q, d)), 2 * rng.normal(size=(k, d))
        values = rng.normal(size=(k, v))
        try:
            given = np.asarray(answer(questions.copy(), keys.copy(), values.copy()), float)
        except ValueError as error:
            if any(f"({n},{m})" in str(error) for n, m in ((k, d), (d, k))):
                return "each question meets each key: use @ with the keys transposed."
            if "broadcast" in str(error):
                return "each question has a sum of its own: keep the sums as a column (keepdims)."
            if "mismatch" in str(error):
                return "the axes do not fit: each question meets each key, so transpose the keys."
            raise

        def by_torch(scale, inputs=(questions, keys, values)):
            return scaled_dot_product_attention(*map(torch.tensor, inputs), scale=scale).numpy()

        if given.shape == (q, k):
            return "these are the weights; the values are still to be averaged with them."
        if given.shape != (q, v):
            return f"shape {(q, v)} is wanted here, and yours is {given.shape}."
        if np.allclose(given, by_torch(d**-0.5)):
            continue
        scores = questions @ keys.T / np.sqrt(d)
        powers = np.exp(scores)
        across, at_once = powers / powers.sum(0), powers / powers.sum()
        wrong = {
            "the square root of d is missing: divide the scores by it.": by_torch(1.0),
            "you divided by d; its square root is wanted.": by_torch(1 / d),
            "d is the length of a key, not the number of keys.": by_torch(k**-0.5),
            "the weights add up to 1 over the questions; they must over the keys (axis 1).": (
                across @ values
            ),
            "that is one softmax over the whole table; each question needs its own (axis 1).": (
                at_once @ values
            ),
            "softmax is missing: these weights do not add up to 1.": scores @ values,
            "divide the powers by their sum, so that the weights add up to 1.": (
                np.exp(scores) @ values
            ),
        }
        for hint, value in wrong.items():
            if np.allclose(given, value):
                return hint
        return "the shape is right, the numbers are not: scores, softmax over the keys, average."
    return True


def _attention(scale, axis=1, share=True):
    def attend(questions, keys, values):
        powers = np.exp(questions @ keys.T * scale(keys))
        return (powers / powers.sum(axis, keepdims=True) if share else powers) @ values

    return attend


def _root(keys):
    return keys.shape[1] ** -0.5


def _by_loop(questions, keys, values):
    rows = []
    for question in questions:
        powers = [np.exp(question @ key / len(key) ** 0.5) for key in keys]
        rows.append(sum(p * v for p, v in zip(powers, values, strict=True)) / sum(powers))
    return rows


EXERCISES = [
    Exercise(
        "07.1",
        "What weight does a single kernel get?",
        answer=1.0,
        tolerance=1e-6,
        mistakes=[
            (0, "the weights must add up to 1, and there is no other kernel to take them."),
            (0.25, "that is an even share among four kernels; here lies one."),
            (lambda a: a < 0 or a > 1, "a weight is a share, from 0 to 1."),
            (lambda a: True, "softmax divides by the sum over all kernels. Over one kernel, what "
             "does that leave?"),
        ],
        hint="divide the power of its score by the sum of the powers of all scores.",
        more="with one kernel there is one power, divided by the sum of one power.",
        why="a number divided by itself, whatever the question: there was nothing to choose.",
        right=[1, 1.0],
        wrong=[0, 0.25, 0.5, -1],
    ),
    Exercise(
        "07.2",
        "Write attention for many questions at once.",
        kind="function",
        test=_attend,
        hint="scores have shape (questions, keys); over which axis must the weights add up to 1?",
        more="weights = softmax over axis 1 of questions @ keys.T / np.sqrt(d); the result "
        "is weights @ values.",
        why="the same numbers as torch's scaled_dot_product_attention.",
        right=[_attention(_root), _by_loop],
        wrong=[
            _attention(lambda keys: 1.0),
            _attention(lambda keys: 1 / keys.shape[1]),
            _attention(lambda keys: len(keys) ** -0.5),
            _attention(_root, axis=0),
            _attention(_root, share=False),
            _attention(_root, axis=None),
            lambda q, k, v: np.exp(q @ k.T) / np.exp(q @ k.T).sum(axis=1) @ v,
            lambda q, k, v: np.exp(q * k) @ v,
            lambda q, k, v: np.exp(q * k.T) @ v,
            lambda q, k, v: q @ k @ v,
            lambda q, k, v: q @ k.T / np.sqrt(k.shape[1]) @ v,
            lambda q, k, v: np.ones((len(q), len(k))) / len(k),
            lambda q, k, v: np.zeros((len(q), v.shape[1])),
            lambda q, k, v: v,
        ],
    ),
    Exercise(
        "07.3",
        "How well do weights and effects agree in their order?",
        answer="below 0.4",
        choices=("above 0.8", "0.4 to 0.8", "below 0.4"),
        mistakes=[
            ("above 0.8", "a square without lesion can weigh much too, since it speaks against "
             "blight. Which way does the probability go when that is hidden?"),
            ("0.4 to 0.8", "so well they agree with the size of the effect. But which way does it "
             "go when a square that speaks against blight is hidden?"),
        ],
        hint="weights are never negative; can what hiding does be?",
        more="a square that speaks against blight may have much weight, and hiding it *raises* "
        "the probability.",
        why="a weight has no sign and no class: it says how much is read there, not what for.",
        right=["below 0.4"],
        wrong=["above 0.8", "0.4 to 0.8"],
    ),
    Exercise(
        "07.4",
        "What would support the claim about the water band?",
        answer="hide that band",
        choices=("average more heads", "hide that band", "a sharper map"),
        synonyms={"occlusion": "hide that band"},
        mistakes=[
            ("average more heads", "on the trays some heads looked elsewhere and blurred the "
             "average; and an average of maps is still only a map."),
            ("a sharper map", "sharpness is a matter of scale, and says nothing of what is done "
             "with what was read."),
        ],
        hint="one of the three touches the input and looks at the answer.",
        more="which of the three changes the spectrum itself and asks the model again?",
        why="a claim about what an answer rests on is tested by changing it and asking again.",
        right=["hide that band"],
        wrong=["average more heads", "a sharper map"],
    ),
    Exercise(
        "07.5",
        "Which of the three is best on 1,200 leaves?",
        answer="early",
        choices=("early", "co-attention", "transformer"),
        mistakes=[
            ("co-attention", "it has to learn from 900 leaves what a texture is, which the 33 "
             "features have built in."),
            ("transformer", "the most freedom of the three, and the same 900 leaves to learn "
             "from."),
        ],
        hint="notebook 06 let a net have pixels, and another one features. Which was ahead?",
        more="which of them need not learn from 900 leaves what a lesion looks like?",
        why="with few leaves, what was known beforehand beats what must be learned.",
        right=["early"],
        wrong=["co-attention", "transformer"],
    ),
    Exercise(
        "07.6",
        "How many different numbers are in the map?",
        answer=1,
        mistakes=[
            (4, "each head has a map of its own, but what can be in it?"),
            (1200, "each leaf has a map of its own, but what can be in it?"),
            (4800, "so many numbers there are; how many of them differ?"),
            (512, "that is the length of a vector; the map has a weight for each token asked."),
            (128, "that is the length of a vector; the map has a weight for each token asked."),
            (lambda a: True, "how many tokens are asked, and what is the softmax of one score?"),
        ],
        hint="the softmax runs over the tokens that are asked. How many are they?",
        more="each modality is one token. What is the share of one among one?",
        why="one token, one weight, always 1: four heads and 1,200 leaves do not change that.",
        right=[1],
        wrong=[4, 1200, 4800, 512, 128, 2],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
