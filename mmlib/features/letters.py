"""What texts look like, without reading them: letters, scripts and lengths, nothing of it fitted.

For whoever asks whether a new text is like those of the training, such as one in another language:
words cannot tell, since every new text has words that were not there before.
"""

import unicodedata

import numpy as np

KINDS = 32  # of letters: those of the Latin and of the Cyrillic alphabet fall apart
SCRIPTS = np.array([0x80, 0x250, 0x370, 0x400, 0x590, 0x900, 0x1100, 0x2E80, 0xAC00])


def letter_shares(texts):
    """Shares of letters, of scripts and of other signs, and how long texts and words are.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    ndarray of shape (samples, 45)
        Shares of letters, by their place in the alphabet, and of scripts; then those of digits
        and other signs, and the logarithms of the letters in a text and in a word.

    Examples
    --------
    >>> from mmlib.features.letters import letter_shares
    >>> letter_shares(["abba", ""])[:, 1:3].tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    rows = np.zeros((len(texts), KINDS + len(SCRIPTS) + 4))
    for row, text in zip(rows, texts, strict=True):
        text = unicodedata.normalize("NFC", str(text)).casefold()
        signs = [sign for sign in text if not sign.isspace()]
        letters = np.array([ord(sign) for sign in signs if sign.isalpha()], int)
        if len(letters):
            script = np.searchsorted(SCRIPTS, letters, side="right")
            row[:KINDS] = np.bincount(letters % KINDS, minlength=KINDS) / len(letters)
            row[KINDS:-4] = np.bincount(script, minlength=len(SCRIPTS) + 1)[:-1] / len(letters)
        n = max(len(signs), 1)
        row[-4] = sum(sign.isdigit() for sign in signs) / n
        row[-3] = (len(signs) - len(letters)) / n - row[-4]
        row[-2:] = np.log1p(len(signs)), np.log1p(len(signs) / max(len(text.split()), 1))
    return rows
