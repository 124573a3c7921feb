"""A folder of yours, start to end: check, compare, report, predict.

`run` has `Project`, whose methods these are. `reading` turns a folder into data or says what is
wrong with it; `comparing` judges every model and keeps one, in the folder that `results` looks
after; `report` writes one page (`sections`, `page`) in words of `describing`, and a record of the
run (`crate`); `saving` keeps a model, as data; `predicting` applies it to new samples
(`spreadsheet`); `next_study` says how many more would be enough; `writing` makes folders;
`cluster` fits on several machines; `app` has all of it as pages in a browser.

Names are imported when they are first used, so that checking a folder needs no torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "app", "cluster", "comparing", "crate", "describing", "next_study", "page", "predicting",
        "reading", "report", "results", "run", "saving", "sections", "spreadsheet", "writing",
    ],
    submod_attrs={"run": ["Project"]},
)  # fmt: skip
