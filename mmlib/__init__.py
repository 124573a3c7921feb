"""mmlib: the helper package of a course on fusing spectra with images.

Everything in it is the same picture, *encoders -> fuse -> head*: each modality
is turned into numbers, the numbers meet somewhere, something decides.

The folders, each of which imports only from those above it:

- `data`: samples and their ids, splits, simulated leaves, real data sets;
- `features`: arrays to columns;
- `nets`: encoders and training (the only torch below `fusion`);
- `fusion`: one file a method, and the ladder of all of them;
- `evaluation`: fair comparison, and how far to trust it;
- `explain`: what a model relies on;
- `plots`: pictures, each with a sentence that says what it shows;
- `project`: a folder of your own, from `check` to `predict`;
- `course`: what only the notebooks need.

Names are imported when they are first used, so that ``import mmlib`` is quick.
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "base", "course", "data", "evaluation", "explain", "features", "fusion", "nets", "plots",
        "project",
    ],
    submod_attrs={
        "base": ["DataError"],
        "data": ["MultimodalData", "Select"],
        "data.leaves": ["ceilings", "load_leaves", "make_leaves"],
        "data.public": [
            "load_coffee", "load_ct_mri", "load_digits_and_speech", "load_houston2013",
            "load_idtrees2020", "load_soil",
        ],
        "evaluation": ["compare"],
        "evaluation.conformal": ["ConformalRegressor"],
        "fusion.heteroscedastic": ["SpreadRegressor"],
        "fusion.intermediate": ["FusionClassifier", "FusionRegressor"],
        "project": ["Project"],
        "project.reading": ["check_folder", "load_folder"],
        "project.saving": ["load", "save"],
    },
)  # fmt: skip
