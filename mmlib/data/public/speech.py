"""Spoken and written digits: a picture and a recording that show the same number."""

import numpy as np
from scipy.io import wavfile
from sklearn.datasets import load_digits

from ..dataset import MultimodalData
from .download import fetch_tree, published

_COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1"
URL = f"https://github.com/Jakobovski/free-spoken-digit-dataset/archive/{_COMMIT}.zip"
SPEAKERS = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"]
RATE = 8000  # samples per second


def load_digits_and_speech(noise=0.0, random_state=0):
    """Digits spoken by six people, each with a picture of the same digit.

    The recordings are the Free Spoken Digit Dataset (21 MB, downloaded once, CC BY-SA 4.0); the
    pictures come with scikit-learn. The two were never recorded together: they are paired by
    digit, so given the digit they are independent. No picture is used twice, so none is on
    both sides of a split by speaker.

    Parameters
    ----------
    noise : float
        Standard deviation of Gaussian noise on the pictures, whose grays run from 0 to 1.
    random_state : int
        Of the pairing and the noise.

    Returns
    -------
    MultimodalData
        "audio" (n, 8000), int16, one second at 8 kHz, silence added or the end cut off; "image"
        (n, 8, 8, 1), float; 10 classes. Groups are speakers.

    Raises
    ------
    DataError
        When the files cannot be fetched or were altered.

    Examples
    --------
    >>> import mmlib
    >>> digits = mmlib.load_digits_and_speech()  # doctest: +SKIP
    """

    folder = fetch_tree("fsdd", URL, published("fsdd.sha256"))
    rng = np.random.default_rng(random_state)
    pictures, digit_of = load_digits(return_X_y=True)
    rows = []
    for digit in range(10):
        own = np.array_split(rng.permutation(np.flatnonzero(digit_of == digit)), len(SPEAKERS))
        for speaker, some in zip(SPEAKERS, own, strict=True):
            takes = rng.permutation(50)[: len(some)]
            rows += [(digit, speaker, int(take), k) for take, k in zip(takes, some, strict=True)]
    audio = np.zeros((len(rows), RATE), np.int16)
    for i, (digit, speaker, take, _) in enumerate(rows):
        sound = wavfile.read(folder / f"recordings/{digit}_{speaker}_{take}.wav")[1][:RATE]
        audio[i, : len(sound)] = sound
    image = pictures[[row[3] for row in rows]].reshape(-1, 8, 8, 1) / 16
    image = image + noise * rng.standard_normal(image.shape)
    return MultimodalData(
        {"audio": audio, "image": image.astype(np.float32)},
        y=[row[0] for row in rows],
        groups=[row[1] for row in rows],
        ids=[f"{digit}_{speaker}_{take}" for digit, speaker, take, _ in rows],
        name="spoken and written digits",
        meta={
            "license": "CC BY-SA 4.0 (speech), CC BY 4.0 (digits)",
            "citation": "Jackson, Free Spoken Digit Dataset, doi:10.5281/zenodo.1342401",
            "split": "by speaker",
        },
    )
