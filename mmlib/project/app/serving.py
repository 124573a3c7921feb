"""The server: one address on this computer, and the browser that is opened there."""

import asyncio
import webbrowser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from ...base import DataError
from ..saying import plain
from .gate import Entrance, Keys, Nothing, Static
from .sending import SENT
from .tasks import Desk
from .views import PAGES

HERE = Path(__file__).parent
ADDRESS = "127.0.0.1"


def serve(folder=None, port=0, browser=True):
    """Answer until somebody stops it with Ctrl-C.

    Parameters
    ----------
    folder : str or path, optional
        Where the list of folders begins.
    port : int
        0 for any that is free.
    browser : bool
        Whether to open it; the address is printed in any case.

    Raises
    ------
    DataError
        When the port is taken.
    """
    if not 0 <= port < 2**16:  # the system would take another one without a word
        raise DataError(f"The port {port} cannot be used: name one from 1024 to 65535 with --port.")
    asyncio.run(_serve(folder, port, browser))


async def _serve(folder, port, browser):
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError as error:
        said = getattr(error, "strerror", None) or error
        raise DataError(
            f"The port {port} cannot be used ({said}): name another with --port."
        ) from None
    port = sockets[0].getsockname()[1]
    keys, desk = Keys(port), Desk()
    server = HTTPServer(make_application(keys, desk, folder), max_body_size=1_000_000)
    server.add_sockets(sockets)
    print(
        f"The pages are at http://{ADDRESS}:{port}/?token={keys.token}\n"
        "Only this computer reaches them. Stop with Ctrl-C; what was fitted is kept.",
        flush=True,
    )
    if browser:
        webbrowser.open(f"http://{ADDRESS}:{port}/?token={keys.once}")
    try:
        await asyncio.Event().wait()
    finally:
        desk.stop()


def make_application(keys, desk, folder=None):
    """The pages, for a server to answer with.

    Parameters
    ----------
    keys : Keys
    desk : Desk
    folder : str or path, optional
        Where the list of folders begins.

    Returns
    -------
    tornado.web.Application

    Examples
    --------
    >>> from mmlib.project.app.gate import Keys
    >>> from mmlib.project.app.serving import make_application
    >>> from mmlib.project.app.tasks import Desk
    >>> type(make_application(Keys(8000), Desk())).__name__
    'Application'
    """
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    routes = [
        ("/", Entrance),
        *PAGES,
        *SENT,
        ("/static/(.*)", Static, {"path": str(HERE / "static")}),
        (".*", Nothing),
    ]
    how = {"keys": keys, "desk": desk, "templates": templates, "log_function": _quiet}
    return Application(routes, start=str(folder or ""), **how)


def _shown(value):
    """What a template shows: text from files without controls, and never markup."""
    return value if hasattr(value, "__html__") else plain(value, most=10_000_000, keep="\n\t")


def _quiet(handler):
    """No line in the terminal for each answer."""
