"""Exercises of notebook 08: the contrastive loss, what it keeps, what it is worth."""

import numpy as np

from ..exercise import Exercise, bind


def _log_shares(table):
    table = np.asarray(table, float)
    return table - np.log(np.exp(table).sum(1, keepdims=True))


def _rows(table):
    return -np.diag(_log_shares(table)).mean()


def _both(table):
    return (_rows(table) + _rows(np.transpose(table))) / 2


def _loss(answer):
    """Hold a contrastive loss to the mean of rows and columns, on two tables."""
    for seed, n in ((0, 3), (1, 5)):
        table = np.random.default_rng(seed).normal(size=(n, n)) * 2
        given = np.asarray(answer(table.copy()), float)
        if given.shape != ():
            return f"one number is wanted; this has shape {given.shape}. Take the mean."
        shares = np.exp(_log_shares(table))
        known = {
            "right": _both(table),
            "those are the pictures asking; let the spectra ask too, down the columns: transpose "
            "the table before the softmax, not after it.": (_rows(table)),
            "take the natural logarithm, np.log.": _both(table) / np.log(10),
            "take the natural logarithm, np.log, not that to the base of 2.": (
                _both(table) / np.log(2)
            ),
            "those are the spectra asking only; the rows, where pictures ask, are missing.": (
                _rows(table.T)
            ),
            "that is the sum of both directions; their mean is wanted.": 2 * _both(table),
            "you added over the leaves where the mean is wanted.": n * _both(table),
            "the sign: a share below 1 has a negative logarithm, and a loss is positive.": (
                -_both(table)
            ),
            "that is the mean over the whole table; only the partners, on the diagonal, count.": (
                -(_log_shares(table).mean() + _log_shares(table.T).mean()) / 2
            ),
            "the table is already divided by the temperature; do not divide it once more.": (
                _both(table / 0.1)
            ),
            "those are the pictures only, and the table is already divided by the temperature.": (
                _rows(table / 0.1)
            ),
            "that is the mean over all strangers too; only the diagonal counts, in both "
            "directions.": -_log_shares(table).mean(),
            "take the logarithm of each share first, then the mean; and let the spectra ask too.": (
                -np.log(np.diag(shares).mean())
            ),
            "that is one minus the share; the loss is minus its logarithm.": (
                1 - (np.diag(shares).mean() + np.diag(np.exp(_log_shares(table.T))).mean()) / 2
            ),
            "take the logarithm of each share first, then the mean.": (
                -(
                    np.log(np.diag(shares).mean())
                    + np.log(np.diag(np.exp(_log_shares(table.T))).mean())
                )
                / 2
            ),
        }
        said = [why for why, value in known.items() if np.isclose(given, value)]
        if not said:
            return (
                "the number is another one: softmax of the table, its diagonal, minus the "
                "logarithm, mean; then the same for the transposed table."
            )
        if said[0] != "right":
            return said[0]
    return True


def _supervised(answer):
    """Hold a supervised contrastive loss to a double loop, for uneven classes."""
    for seed, y in ((0, [0, 0, 1, 2, 0]), (1, [1, 0, 1, 1, 0, 2])):
        y = np.array(y)
        table = np.random.default_rng(seed).normal(size=(len(y), len(y))) * 2
        given = np.asarray(answer(table.copy(), y.copy()), float)
        if given.shape != ():
            return f"one number is wanted; this has shape {given.shape}. Take the mean over rows."
        same, logs = y[:, None] == y, _log_shares(table)
        truth, down = (
            -np.mean([row[known].mean() for row, known in zip(_log_shares(t), same, strict=True)])
            for t in (table, table.T)
        )
        shares = np.exp(logs)
        others = same & ~np.eye(len(y), dtype=bool)
        known = {
            "right": truth,
            "only the leaf's own spectrum counts there: y has no effect.": _rows(table),
            "those are the spectra asking: each row is a picture, and its shares add up to 1 "
            "along the row.": down,
            "that is the mean of both directions; here the pictures ask only.": (truth + down) / 2,
            "you added over the partners; leaves of common conditions would weigh more.": (
                -(logs * same).sum(1).mean()
            ),
            "that is the mean over all pairs of a kind at once: average within each row first, "
            "or leaves of common conditions weigh more.": -logs[same].mean(),
            "you added the shares before the logarithm. Then one good partner is enough; each "
            "partner shall be found.": -np.log((shares * same).sum(1)).mean(),
            "you averaged the shares before the logarithm; each partner shall be found.": (
                -np.log((shares * same).sum(1) / same.sum(1)).mean()
            ),
            "the sign: a share below 1 has a negative logarithm, and a loss is positive.": -truth,
            "you averaged over all columns; only the partners of a row count.": (
                -(logs * same).mean()
            ),
            "y holds conditions, not numbers of columns: compare y with itself to find partners.": (
                -logs[np.arange(len(y)), y].mean()
            ),
            "y holds conditions, not columns: compare y with itself to find partners.": (
                -logs[:, y].mean()
            ),
            "here a leaf's own spectrum is a partner too; you left it out.": (
                -((logs * others).sum(1) / np.maximum(others.sum(1), 1)).mean()
            ),
        }
        said = [why for why, value in known.items() if np.isclose(given, value)]
        if not said:
            return "the number is another one: for each row, the mean over its partners of -log."
        if said[0] != "right":
            return said[0]
    return True


def _softmax(table):
    return np.exp(table) / np.exp(table).sum(1, keepdims=True)


def _right_supervised(table, y):
    same = y[:, None] == y
    return ((-np.log(_softmax(table)) * same).sum(1) / same.sum(1)).mean()


def _loop_supervised(table, y):
    logs = np.log(_softmax(table))
    return -np.mean([logs[i][y == y[i]].mean() for i in range(len(y))])


EXERCISES = [
    Exercise(
        "08.1",
        "Write the contrastive loss of a table of similarities.",
        test=_loss,
        kind="function",
        hint="np.diag takes the diagonal; table.T lets the spectra ask.",
        more="rows: -np.log(np.diag(softmax(table))).mean(). Do the same with table.T and "
        "take the mean.",
        why="a classification in both directions, with the partner as the right class.",
        right=[_both, lambda t: np.mean([_rows(t), _rows(t.T)])],
        wrong=[
            _rows,
            lambda t: _rows(t.T),
            lambda t: (_rows(t) - np.log(np.diag(_softmax(t).T)).mean()) / 2,
            lambda t: _rows(t) + _rows(t.T),
            lambda t: -_both(t),
            lambda t: len(t) * _both(t),
            lambda t: _both(t) / np.log(10),
            lambda t: _both(t) / np.log(2),
            lambda t: -np.log(_softmax(t)),
            lambda t: 1 - (np.diag(_softmax(t)).mean() + np.diag(_softmax(t.T)).mean()) / 2,
            lambda t: -np.diag(t).mean(),
            lambda t: _both(t / 0.1),
            lambda t: _rows(t / 0.1),
            lambda t: -np.log(_softmax(t)).mean(),
            lambda t: -np.log(np.diag(_softmax(t)).mean()),
        ],
    ),
    Exercise(
        "08.2",
        "Where is the loss lower, and can the two losses be compared?",
        answer="32, not comparable",
        choices=("32, comparable", "512, comparable", "32, not comparable"),
        mistakes=[
            ("32, comparable", "the loss is lower, for it is easier to find one among 32 than "
             "among 512. Does an easier test make a better student?"),
            ("512, comparable", "more strangers make the game harder: who says nothing pays "
             "the logarithm of the batch."),
        ],
        hint="a net that says nothing gives each candidate the same share. What is its loss?",
        more="equal shares among n candidates cost log(n). How much is that for 32, and how "
        "much for 512?",
        why="fewer strangers make an easier test, not a better net: compare recalls, not losses.",
        right=["32, not comparable"],
        wrong=["32, comparable", "512, comparable"],
    ),
    Exercise(
        "08.3",
        "Which factor have the spectrum's four numbers lost most of?",
        answer="water",
        choices=("water", "anthocyanins", "chlorophyll"),
        synonyms={"moisture": "water", "red pigment": "anthocyanins"},
        mistakes=[
            ("anthocyanins", "they redden the leaf, and the camera sees that: it helps to find the "
             "partner."),
            ("chlorophyll", "it makes the leaf green, and the camera sees that: it helps to find "
             "the partner."),
        ],
        hint="which of them can a photograph not answer to?",
        more="the four numbers keep what helps to find the photograph. Which factor leaves "
        "no trace in it?",
        why="the camera cannot see water, so knowing it does not help to find the photograph.",
        right=["water"],
        wrong=["anthocyanins", "chlorophyll"],
    ),
    Exercise(
        "08.4",
        "Without lesions in the pictures, what happens to water in the spectrum's numbers?",
        answer="most is lost",
        choices=("as before", "more is kept", "most is lost"),
        mistakes=[
            ("as before", "the spectra are the same, but the pairs are not: what could a "
             "photograph have said about water, if only by excluding it?"),
            ("more is kept", "there is one thing less to find partners by, and none more."),
        ],
        hint="can a leaf of ours have blight and be dry at once? What do spots then say of water?",
        more="a photograph with large spots had said: this leaf has blight, so it is not "
        "dry. Now there are none.",
        why="spots had said: not dry. Without them, water helps no one to find a partner.",
        right=["most is lost"],
        wrong=["as before", "more is kept"],
    ),
    Exercise(
        "08.5",
        "Which order is right with ten labels of each condition?",
        answer="early, pretrained, scratch",
        choices=(
            "pretrained, scratch, early",
            "pretrained, early, scratch",
            "early, pretrained, scratch",
        ),
        mistakes=[
            ("pretrained, scratch, early", "remember notebook 06: with few leaves, which was "
             "ahead, a net or early fusion?"),
            ("pretrained, early, scratch", "pretraining helps the encoders, but the head still has "
             "thousands of weights and fifty labels."),
        ],
        hint="how many weights must be learned from fifty labels in each?",
        more="which of the three has a few hundred weights and a formula, and needs no steps "
        "downhill?",
        why="pretraining helps a net, and a model with few weights to learn does not need that.",
        right=["early, pretrained, scratch"],
        wrong=["pretrained, scratch, early", "pretrained, early, scratch"],
    ),
    Exercise(
        "08.6",
        "Write the supervised contrastive loss of one direction.",
        test=_supervised,
        kind="function",
        hint="y[:, None] == y is the table of who is whose partner.",
        more="multiply -np.log(softmax(table)) by the table of partners, add up each row, "
        "divide by its partners.",
        why="with all conditions different it is the pictures' half of the loss of exercise 08.1.",
        right=[_right_supervised, _loop_supervised],
        wrong=[
            lambda t, y: _rows(t),
            lambda t, y: -_right_supervised(t, y),
            lambda t, y: _right_supervised(t.T, y),
            lambda t, y: (_right_supervised(t, y) + _right_supervised(t.T, y)) / 2,
            lambda t, y: (-np.log(_softmax(t)) * (y[:, None] == y)).sum(1).mean(),
            lambda t, y: -np.log(_softmax(t))[y[:, None] == y].mean(),
            lambda t, y: -np.log((_softmax(t) * (y[:, None] == y)).sum(1)).mean(),
            lambda t, y: (-np.log(_softmax(t)) * (y[:, None] == y)).mean(),
            lambda t, y: -np.log(_softmax(t)).mean(1),
            lambda t, y: -np.log(_softmax(t))[np.arange(len(y)), y].mean(),
            lambda t, y: -np.log(_softmax(t))[:, y].mean(),
        ],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
