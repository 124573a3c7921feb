"""The commands as pages in a browser, for people who do not type: ``python -m mmlib app``.

Plain forms and links, answered on this computer only; `mmlib.Project` does the work, in a process
of its own, so that page and command cannot disagree.

`serving` opens the address and the browser; `gate` says who is let in; `views` are the pages, made
from ``templates/``, and `sending` sends the rest; `browsing` lists folders; `tasks` starts a piece
of work, which `worker` does, and follows it; `concerned` finds the pictures a fault is about.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["browsing", "concerned", "gate", "sending", "serving", "tasks", "views", "worker"],
    submod_attrs={"serving": ["serve"]},
)
