"""Taught picture encoders as columns: pictures go in, a table comes out, no label is needed.

`mmlib.nets.taught.TaughtImage` behind scikit-learn's interface, for models that are no nets. All
that are fitted to the same pictures with the same settings share what was learned.
"""

from collections import OrderedDict

import joblib
import numpy as np
import torch
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.validation import check_is_fitted

from ..base import DataError, all_or_nothing
from ..features.once import Once
from ..features.segmentation import check_images
from ..features.wide import columns
from .inputs import as_many_at_once, center_and_scale
from .loop import numpy_generator, own_randomness, pick_device, to_device
from .taught import TaughtImage

MOST = 8  # encoders that are kept in memory, about one megabyte each
_learned = OrderedDict()


class TaughtPictures(TransformerMixin, BaseEstimator):
    """Pictures to what a net sees in them that was taught to measure: a table of columns.

    Parameters
    ----------
    targets : transformer, optional
        What the net learns to predict, see `mmlib.nets.taught.TaughtImage`.
    n_pictures, epochs, n_moments : int
        See `mmlib.nets.taught.TaughtImage`.
    device : str
        "auto" takes a graphics card where there is one.
    random_state : int, RandomState or None
        Only with a number an encoder is learned once for all that are fitted alike.

    Attributes
    ----------
    shape_ : tuple of int
        Of one picture.
    scaling_ : tuple of ndarray
        Mean and standard deviation of each color.
    weights_ : dict of str to ndarray
        Of the encoder.
    said_ : ndarray of shape (64, measures)
        From taught columns to the measures that they predict, but for constants.

    Raises
    ------
    DataError
        For pictures of fewer than 16 pixels a side, of another shape or kind of number than
        those it was fitted to, or with pixels that are not finite.

    Notes
    -----
    The first 64 columns are the taught vector of the picture, the next `n_moments` components of
    what lies where. The last are the measures as the net predicts them, averaged over the picture
    and its three mirror images: more exact where left and right mean nothing, and blind where
    they do. So a model behind it must choose among the three, see `taught_blocks`.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlib.nets.taught_pictures import TaughtPictures
    >>> pictures = np.random.default_rng(0).integers(0, 255, (30, 16, 16, 3), dtype=np.uint8)
    >>> TaughtPictures(n_pictures=60, epochs=1).fit_transform(pictures).shape
    (30, 107)
    """

    learns = True  # from many pictures: `mmlib.features.once.compute_once` leaves it alone

    def __init__(
        self,
        targets=None,
        n_pictures=6000,
        epochs=7,
        n_moments=10,
        device="auto",
        random_state=0,
    ):
        self.targets = targets
        self.n_pictures = n_pictures
        self.epochs = epochs
        self.n_moments = n_moments
        self.device = device
        self.random_state = random_state

    def fit(self, X, y=None):
        """Let the encoder learn from pictures X, (samples, height, width, channels)."""
        X = _numbers(X)
        with all_or_nothing(self):
            self.shape_, self.bytes_ = X.shape[1:], X.dtype == np.uint8
            self.scaling_ = center_and_scale(X)
            self.weights_, self.said_ = self._learn(X)
        return self

    def transform(self, X):
        """The table, shape (samples, 64 + n_moments + measures)."""
        check_is_fitted(self)
        X = _numbers(X)
        if X.shape[1:] != self.shape_ or (X.dtype == np.uint8) != self.bytes_:
            raise DataError(
                f"These pictures have shape {X.shape[1:]} and hold {_kind(X)}, but the encoder "
                f"was taught on {self.shape_} of {'bytes' if self.bytes_ else 'other numbers'}: "
                "bring them to the same."
            )
        encoder = self._encoder()
        center, scale = (to_device(part, encoder.origin.device) for part in self.scaling_)
        said = to_device(self.said_, center.device)
        size, parts = as_many_at_once([self.shape_]), []
        with torch.inference_mode():
            for i in range(0, len(X), size):
                x = to_device(X[i : i + size], center.device).to(center.dtype)
                x = ((x - center) / scale).permute(0, 3, 1, 2)
                seen = encoder.columns(x)
                mirrored = [encoder.columns(x.flip(axes)) for axes in ((3,), (2,), (2, 3))]
                mean = sum(mirrored, seen)[:, : encoder.taught] / 4
                parts.append(torch.cat([seen, mean @ said], dim=1).cpu().double().numpy())
        return np.concatenate(parts)

    def build_net(self):
        """A fresh encoder for the shape of the pictures seen in `fit`."""
        return TaughtImage(
            self.shape_, 1, self.targets, self.n_pictures, self.epochs, self.n_moments
        )

    def _encoder(self):
        """The taught encoder, built anew from its weights."""
        device = pick_device(self.device)
        with own_randomness(0, device):
            encoder = to_device(self.build_net(), device)
        encoder.load_state_dict({k: to_device(v, device) for k, v in self.weights_.items()})
        return encoder.eval()

    def _learn(self, X):
        """Weights and `said_` of an encoder that learned from X; kept, to be learned once."""
        settings, device = self.get_params(deep=False), pick_device(self.device)
        key = joblib.hash([np.ascontiguousarray(X), settings, str(device)])
        learned = _learned.get(key)  # in one step, since threads may share them
        if learned is None or not isinstance(self.random_state, (int, np.integer)):
            with own_randomness(int(numpy_generator(self.random_state).integers(2**31)), device):
                encoder = to_device(self.build_net(), device)
                scaling = tuple(to_device(part, device) for part in self.scaling_)
                said = encoder.learn(to_device(X, device), scaling).cpu().numpy()
            weights = {name: x.cpu().numpy() for name, x in encoder.state_dict().items()}
            learned = _learned[key] = weights, said
            while len(_learned) > MOST:
                _learned.popitem(last=False)
        weights, said = learned
        return {name: x.copy() for name, x in weights.items()}, said.copy()


def taught_blocks(n_moments=10, **options):
    """What a taught encoder sees, in three blocks, of which a model may choose the weights.

    Parameters
    ----------
    n_moments : int
    **options
        Of `TaughtPictures`.

    Returns
    -------
    dict of str to list of transformers
        "taught": the vector of the picture as it is. "moments": components of what lies where.
        "measures": what it predicts of the picture and its mirror images, on average.

    Examples
    --------
    >>> from mmlib.nets.taught_pictures import taught_blocks
    >>> list(taught_blocks(epochs=1))
    ['taught', 'moments', 'measures']
    """
    ends = TaughtImage.taught, TaughtImage.taught + n_moments
    parts = {"taught": (0, ends[0]), "moments": ends, "measures": (ends[1], None)}
    return {
        name: [
            Once(TaughtPictures(n_moments=n_moments, **options)),
            FunctionTransformer(columns, kw_args={"start": start, "stop": stop}),
            StandardScaler(),
        ]
        for name, (start, stop) in parts.items()
        if start != stop
    }


def _numbers(X):
    """Pictures, checked: bytes as they are, all else in double precision."""
    X = check_images(X)
    return X if X.dtype == np.uint8 else X.astype(float)


def _kind(X):
    return "bytes" if X.dtype == np.uint8 else "other numbers"
