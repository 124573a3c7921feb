"""A folder of yours, start to end: check, compare, report, predict.

`run` has `Project`, whose methods these are. `reading` turns a folder into data or says what is
wrong with it; `comparing` judges every model and keeps one, in the folder that `results` looks
after; `report` writes one page (`sections`, `page`); `saving` keeps a model without pickle, with
what `about` knows of it (`packing` and `rebuilding` turn it into data and back along the table
`kinds`, `model_file` has the bytes); `predicting` applies it to new samples; `writing` makes
folders.

Names are imported when they are first used, so that checking a folder needs no torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "about", "comparing", "compiled", "kinds", "model_file", "net_kinds", "packing", "page",
        "predicting", "reading", "rebuilding", "report", "results", "run", "saving", "sections",
        "slots", "writing",
    ],
    submod_attrs={"run": ["Project"]},
)  # fmt: skip
