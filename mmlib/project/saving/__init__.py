"""A fitted model as data in a file, and back: no pickle, and no name of code is taken from it.

`model_folder` saves and loads, with what `about` knows of the model; `packing` and `rebuilding`
turn a model into data and back, along the table `kinds` (of nets, `net_kinds`), whose lines
`slots` explains and whose arrays for compiled code `compiled` checks; `model_file` has the bytes.

Names are imported when they are first used: only nets need torch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "about", "compiled", "kinds", "model_file", "model_folder", "net_kinds", "packing",
        "rebuilding", "slots",
    ],
    submod_attrs={"model_folder": ["digest_of", "load", "save"]},
)  # fmt: skip
