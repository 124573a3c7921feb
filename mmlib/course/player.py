"""Sound on the page: a player, and the sentence that says what there is to hear."""

import base64
import html
import io

import numpy as np
from scipy.io import wavfile


def to_wav(sound, rate=8000):
    """A recording as the bytes of a WAV file with 8 bits a sample, as loud as that allows.

    Parameters
    ----------
    sound : array-like of shape (samples,)
    rate : int
        Samples per second.

    Returns
    -------
    bytes
        A little more than one for each sample: pages stay small.

    Examples
    --------
    >>> from mmlib.course.player import to_wav
    >>> list(to_wav([0.0, 0.5, -0.5, 0.0])[-4:])
    [128, 255, 1, 128]
    """
    sound = np.asarray(sound, float)
    loudest = np.abs(sound).max(initial=0) or 1.0
    buffer = io.BytesIO()
    wavfile.write(buffer, rate, np.round(128 + 127 * sound / loudest).astype(np.uint8))
    return buffer.getvalue()


def play(sound, said, rate=8000):
    """Put a player on the page, with what there is to hear below it.

    Parameters
    ----------
    sound : array-like of shape (samples,)
    said : str
        For whoever cannot hear it, too.
    rate : int
        Samples per second.

    Raises
    ------
    ValueError
        When nothing is said.
    """
    from IPython.display import display

    text = " ".join(str(said).split())
    if not text:
        raise ValueError("A sound needs a description: say in a sentence what there is to hear.")
    wav, label = base64.b64encode(to_wav(sound, rate)).decode("ascii"), html.escape(text)
    player = f'<audio controls aria-label="{label}" src="data:audio/wav;base64,{wav}"></audio>'
    display({"text/html": f"{player}<p><em>{label}</em></p>", "text/plain": text}, raw=True)
