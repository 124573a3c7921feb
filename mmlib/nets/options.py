"""Parts of a net that are given by name, and options of theirs: ``fuse="tensor", fuse__rank=8``.

The spelling is skorch's: the argument that holds the part, two underscores, the option. So
``get_params``, ``set_params``, ``clone`` and ``GridSearchCV`` reach every option.
"""

import inspect

from sklearn.base import BaseEstimator
from torch import nn

from ..base import DataError, all_or_nothing
from .defaults import ENCODERS
from .encoders import default_encoder
from .fusion_net import Concatenate

FUSES = {"concatenate": Concatenate}  # what a string names


class WithOptions(BaseEstimator):
    """An estimator with encoders and perhaps a `fuse`, which may have options.

    An option belongs to its part: ``set_params(fuse="gate")`` starts from the options that
    `Gate` has by itself, as a new part does everywhere in scikit-learn.
    """

    _fuses = FUSES

    def get_params(self, deep=True):
        """All arguments, and the options that were given."""
        return super().get_params(deep) | {k: v for k, v in vars(self).items() if _is_option(k)}

    def set_params(self, **params):
        """Set arguments and options; a part that is set loses the options it had before."""
        with all_or_nothing(self):
            options = {key: params.pop(key) for key in list(params) if "__" in key}
            for key in [key for key in vars(self) if key.partition("__")[0] in params]:
                if _is_option(key):
                    delattr(self, key)
            super().set_params(**params)
            self._take(options)
        return self

    def _take(self, options):
        """Keep options under their names, if there are such."""
        arguments = self._get_param_names()
        for key, value in options.items():
            if not _is_option(key) or key.partition("__")[0] not in arguments:
                raise DataError(
                    f"{type(self).__name__} has no option {key!r}: it has {', '.join(arguments)}."
                )
            setattr(self, key, value)
        for part in {key.rpartition("__")[0] for key in options}:
            self._options(part)

    def _part(self, part):
        """What makes the part "fuse" or "encoders__image"."""
        if part == "fuse":
            what, given, named = "fuse", self.fuse, self._fuses
        else:
            name = part.removeprefix("encoders__")
            given = (self.encoders or {}).get(name, default_encoder)
            what, named = f"The encoder of {name!r}", ENCODERS
        if isinstance(given, str) and given not in named:
            raise DataError(f"{what} is {given!r}: it must be a class or {_list(named)}.")
        return named[given] if isinstance(given, str) else given

    def _options(self, part):
        """Options that were given for a part; a `DataError` where it does not know one."""
        given = {k.rpartition("__")[2]: v for k, v in vars(self).items() if _of(k) == part}
        if given:
            known = known_options(self._part(part), arguments=1 if part == "fuse" else 2)
            odd = [option for option in given if known is not None and option not in known]
            if odd:
                has = f"it has {_list(known)}" if known else "it has none"
                raise DataError(f"{part} has no option {odd[0]!r}: {has}.")
        return given


def _is_option(key):
    return key.startswith(("fuse__", "encoders__"))


def _of(key):
    """The part that an option belongs to; the name of a modality may have underscores, too."""
    return key.rpartition("__")[0] if _is_option(key) else None


def known_options(part, arguments):
    """Options of a class or function after its first arguments; None where it takes any."""
    if isinstance(part, nn.Module):
        return []  # ready made
    parameters = inspect.signature(part).parameters.values()
    if any(p.kind == p.VAR_KEYWORD for p in parameters):
        return None
    return [p.name for p in parameters if p.kind != p.VAR_POSITIONAL][arguments:]


def _list(names):
    return ", ".join(repr(name) for name in names)
