"""What tests of the pages in a browser share: the server as the command starts it, and axe.

CHROMIUM names a browser in an unusual place.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@contextmanager
def serving(folder):
    """The process of ``python -m mmlib app``, and the address that it prints."""
    command = [sys.executable, "-m", "mmlib", "app", str(folder), "--no-browser"]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | ONE_THREAD, encoding="utf-8"
    )
    try:
        yield server, re.search(r"http://\S+", server.stdout.readline())[0]
    finally:
        server.kill()
        server.wait(30)
        server.stdout.close()


def axe(page):
    """What is wrong for people who cannot see, or use no mouse."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
