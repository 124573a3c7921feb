"""Three modalities, one speaker left out: nets and linear models, fused in several ways.

The study of notebook 21. `benchmarks/sound.py` makes the stored table, which takes minutes; the
notebook repeats a part of it.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from torch import nn

from ..data.clues import digit_sentences
from ..data.dataset import MultimodalData
from ..data.mapping import Samples, Select
from ..evaluation.intervals import interval_by_groups
from ..features import frames, sound
from ..features.blocks import Blocks
from ..features.codes import WordCodes
from ..features.images import flatten
from ..fusion.early import early_fusion
from ..fusion.intermediate import FusionClassifier
from ..fusion.rules import combine

ENCODERS = {"sound": "frames", "picture": None, "sentence": "words"}  # None: DigitCNN
ALONE = {"linear": "{} only, linear", "nets": "{} only, net"}
PRODUCT = {"linear": "product of linear models", "nets": "product of nets"}
EARLY, JOINT = "one linear model, early", "one net, concatenated"


class DigitCNN(nn.Sequential):
    """One convolution, then every place by itself, (batch, 1, 8, 8) -> (batch, width)."""

    def __init__(self, shape, width=32):
        seen = nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
        super().__init__(*seen, nn.Linear(256, width))
        self.width = width


def other_microphone(X, strength=0.5):
    """Add a constant to the coefficients of each recording, over all frames but the zeros."""
    X = dict(X)
    if "sound" in X:
        x = X["sound"]
        constant = strength * torch.randn(len(x), 1, x.shape[2], device=x.device)
        X["sound"] = x + constant * (x != 0)
    return X


def three_modalities(digits, wrong=0.1, random_state=0):
    """A sentence beside each spoken and written digit, and the sound as MFCC.

    Parameters
    ----------
    digits : MultimodalData
        See `mmlib.load_digits_and_speech`.
    wrong, random_state
        See `mmlib.data.clues.digit_sentences`.

    Returns
    -------
    MultimodalData
        "sentence" (n,), texts; "sound" (n, 98, 13), for each speaker with mean 0 and spread 1,
        and zeros behind the end; "picture" (n, 8, 8, 1).
    """
    audio = digits.X["audio"]
    lengths = frames.lengths_of(audio, sound.WIDTH, sound.STEP, at_least=8)
    table = sound.mfcc(sound.log_mel(audio))
    table = frames.reference(table, lengths, by=digits.groups, spread=True)
    X = {"sound": table, "picture": digits.X["image"]}
    data = MultimodalData(X, digits.y, digits.groups, digits.ids, name="three modalities")
    # Texts are no numbers, so they join after the numbers were checked.
    data.X = Samples(sentence=digit_sentences(digits.y, wrong, random_state), **data.X)
    return data


def net(*names, epochs=15, random_state=0):
    """A net on some of the modalities, its vectors side by side; it takes the whole mapping.

    Parameters
    ----------
    *names : str
        "sound", "picture", "sentence".
    epochs, random_state
        See `mmlib.FusionClassifier`.
    """
    steps = {name: make_pipeline(Select(name)) for name in names}
    options = {}
    if "sentence" in names:
        steps["sentence"] = make_pipeline(Select("sentence"), WordCodes())
        options["encoders__sentence__words"] = 30
    if "sound" in names:
        options["encoders__sound__stride"] = 4
    model = FusionClassifier(
        encoders={name: ENCODERS[name] or DigitCNN for name in names}, augment=other_microphone,
        width=32, dropout=0.3, lr=5e-3, epochs=epochs, validation=0.0,
        random_state=random_state, **options,
    )  # fmt: skip
    return Pipeline([("blocks", Blocks(steps)), ("model", model)])


def linear_blocks():
    """Plain tables: part means of the sound, pixels, counts of words and of pairs of words."""
    return {
        "sentence": [CountVectorizer(ngram_range=(1, 2))],
        "sound": [FunctionTransformer(frames.part_means), StandardScaler()],
        "picture": [FunctionTransformer(flatten), StandardScaler()],
    }


def linear(*names):
    """Logistic regression on plain tables, side by side."""
    blocks = {name: steps for name, steps in linear_blocks().items() if name in names}
    last = LogisticRegression(C=0.01, max_iter=1000, tol=1e-8)
    return early_fusion(blocks=blocks, classifier=last, block_scale=False)


def models(epochs=15, random_state=0):
    """All that is fitted: name -> model. The products need no fit of their own."""
    made = {}
    for kind, make in {"linear": linear, "nets": net}.items():
        options = {} if kind == "linear" else {"epochs": epochs, "random_state": random_state}
        made |= {ALONE[kind].format(name): make(name, **options) for name in ENCODERS}
        made[EARLY if kind == "linear" else JOINT] = make(*ENCODERS, **options)
    return made


def run(data, fitted=None, only=None):
    """Accuracy of every model on every speaker, when it was trained on the others.

    Parameters
    ----------
    data : MultimodalData
        See `three_modalities`.
    fitted : mapping of str to estimator, optional
        `models` where nothing is said. Where those of all modalities alone are among them, so is
        their product.
    only : sequence of str, optional
        Speakers who are left out; all in turn where nothing is said.

    Returns
    -------
    pandas.DataFrame
        "speaker", "model", "accuracy".
    """
    fitted, rows = models() if fitted is None else fitted, []
    for speaker in np.unique(data.groups) if only is None else only:
        test = data.groups == speaker
        rest, new = data.take(~test), data.take(test)
        opinions = {
            name: clone(model).fit(rest.X, rest.y).predict_proba(new.X)
            for name, model in fitted.items()
        }
        prior = np.unique(rest.y, return_counts=True)[1] / len(rest)
        for kind, alone in ALONE.items():
            singles = [opinions.get(alone.format(name)) for name in ENCODERS]
            if all(one is not None for one in singles):
                opinions[PRODUCT[kind]] = combine(np.array(singles), "product", None, prior)
        for name, proba in opinions.items():
            right = np.unique(rest.y)[proba.argmax(1)] == new.y
            rows.append((speaker, name, round(float(right.mean()), 4)))
    return pd.DataFrame(rows, columns=["speaker", "model", "accuracy"])


def stored():
    """The table of the whole study: `run` for several pairings, "pairing" being the first column.

    Another pairing is other recordings, other pictures of the digit, other noise, other sentences
    and another start of the nets.
    """
    return pd.read_csv(Path(__file__).with_name("sound_study.csv"))


def means(table, over=None):
    """Mean accuracy with its 95 % interval, or that of the gain over one of the models.

    What varies is the speaker: pairings are averaged first. The interval is that which `compare`
    uses, see `mmlib.evaluation.intervals.interval_by_groups`.

    Parameters
    ----------
    table : pandas.DataFrame
        See `run` and `stored`.
    over : str, optional
        Gains are taken speaker by speaker.

    Returns
    -------
    pandas.DataFrame
        Indexed by "model": "mean", "low", "high".

    Examples
    --------
    >>> from mmlib.course.sound_study import means, stored
    >>> list(means(stored(), over="product of nets").columns)
    ['mean', 'low', 'high']
    """
    wide = table.pivot_table(index="speaker", columns="model", values="accuracy")
    wide = wide[list(dict.fromkeys(table["model"]))]
    if over is not None:
        wide = wide.sub(wide[over], axis=0).drop(columns=over)
    rows = {}
    for name, values in wide.items():
        without = [values.drop(speaker).mean() for speaker in values.index]
        rows[name] = interval_by_groups(values.mean(), without, np.ones(len(values)))[:3]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
