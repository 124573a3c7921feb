"""``python -m mmlib doctor``: is everything here that the course needs?

Every check is a function that returns what it found, or raises `Trouble` with
the remedy. Nothing is repaired or changed.
"""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GIGABYTE = 1e9
AGAIN = "run `python course.py open` again"


class Trouble(Exception):
    """A check failed; the message says what is wrong and what to do."""


def run():
    """Print one line for each check; return 0 if all are OK, else 1.

    Returns
    -------
    int
        Exit code.
    """
    failed = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            verdict, text = "OK", check()
        except Trouble as trouble:
            verdict, text = "FAIL", str(trouble)
        except ImportError as error:
            verdict, text = "FAIL", f"{error}: {AGAIN}."
        except OSError as error:
            place, why = error.filename or "A file", error.strerror or error
            text = f"{place} cannot be used ({why}): make it readable, or use another folder."
            verdict = "FAIL"
        failed += verdict == "FAIL"
        print(f"{verdict:<5} {name:<17} {text}", flush=True)
    print(f"{len(CHECKS) - failed} OK, {failed} FAIL")
    return int(failed > 0)


def python():
    """Version of Python and kind of computer."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < (3, 11):  # noqa: UP036 (a checkout can be run by any Python)
        raise Trouble(f"{found}: the course needs 3.11 or newer, see https://www.python.org.")
    return found


def packages():
    """Everything mmlib depends on is there and new enough."""
    from packaging.requirements import Requirement

    try:
        lines = importlib.metadata.requires("mmlib") or []
    except importlib.metadata.PackageNotFoundError:
        raise Trouble(f"mmlib itself is not installed in {sys.prefix}: {AGAIN}.") from None
    needed = [Requirement(line) for line in lines]
    needed = [need for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
    wrong = [text for need in needed if (text := _fault(need))]
    if wrong:
        raise Trouble(f"{'; '.join(wrong)}: {AGAIN}.")
    return f"all {len(needed)} are there"


def _fault(need):
    try:
        found = importlib.metadata.version(need.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{need.name} is missing"
    if not need.specifier.contains(found, prereleases=True):
        return f"{need.name} is {found}, but {need.specifier} is needed"
    return ""


def device():
    """PyTorch can be loaded, and what it will compute on."""
    _here()  # in a deleted folder, Intel's library in PyTorch would end this process
    try:
        import torch
    except (ImportError, OSError) as error:
        more = (
            "install Microsoft's Visual C++ Redistributable (x64)"
            if os.name == "nt"
            else "delete the .venv folder"
        )
        raise Trouble(f"PyTorch cannot be loaded ({error}): {more} and {AGAIN}.") from None
    if torch.cuda.is_available():
        return f"cuda ({torch.cuda.get_device_name(0)}), PyTorch {torch.__version__}"
    if torch.backends.mps.is_available():
        return f"mps (Apple's GPU), PyTorch {torch.__version__}"
    hint = "; a GPU is there: `python course.py open --gpu`" if shutil.which("nvidia-smi") else ""
    return f"cpu ({torch.get_num_threads()} threads), PyTorch {torch.__version__}{hint}"


def memory():
    """One notebook needs up to 1 GB."""
    import psutil

    free = psutil.virtual_memory().available / GIGABYTE
    if free < 1.5:
        raise Trouble(f"{free:.1f} GB free: close other programs until 1.5 GB are free.")
    return f"{free:.1f} GB free"


def disk():
    """Room for downloads and results beside the notebooks."""
    here = _here()
    free = shutil.disk_usage(here).free / GIGABYTE
    if free < 1:
        raise Trouble(f"{free:.1f} GB free on the disk of {here}: free at least 1 GB.")
    return f"{free:.1f} GB free"


def this_folder():
    """The notebooks can be saved."""
    return _writable(_here(), "change to a folder of yours")


def _here():
    try:
        return Path.cwd()
    except OSError as error:  # such as a folder that was deleted meanwhile
        raise Trouble(
            f"this folder cannot be used ({error.strerror}): change to a folder of yours."
        ) from None


def downloads_folder():
    """Where data sets are looked for: MMLIB_DATA, else a cache for downloads."""
    local = os.environ.get("MMLIB_DATA")
    if local:
        folder = Path(os.path.expanduser(local))
        if not folder.is_dir():
            raise Trouble(f"MMLIB_DATA names {folder}, which is no folder: correct or unset it.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise Trouble(
                f"MMLIB_DATA names {folder}, which cannot be read: make it readable, or unset "
                "MMLIB_DATA."
            )
        return f"{folder} (from MMLIB_DATA)"
    import pooch

    cache = Path(pooch.os_cache("mmlib"))
    exists = next(place for place in (cache, *cache.parents) if place.exists())
    _writable(exists, "set MMLIB_DATA to a folder that holds the data")
    return str(cache)


def _writable(folder, remedy):
    try:
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError as error:
        raise Trouble(f"{folder} cannot be written ({error.strerror}): {remedy}.") from None


def notebook_kernel():
    """A notebook's Python starts, is this Python, and finds mmlib."""
    try:
        from jupyter_client.manager import start_new_kernel

        manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    except Exception as error:  # whatever goes wrong in there, the remedy is the same
        raise Trouble(f"no notebook kernel starts ({error}): {AGAIN}.") from None
    said = []
    try:
        reply = client.execute_interactive(
            "import sys, mmlib; print(sys.prefix)",
            timeout=60,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
    except TimeoutError:
        raise Trouble("the notebook kernel does not answer: restart the computer.") from None
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok":
        raise Trouble(f"the notebook kernel cannot import mmlib: {AGAIN}.")
    prefix = "".join(said).strip()
    if Path(prefix).resolve() != Path(sys.prefix).resolve():
        raise Trouble(f"notebooks use another Python ({prefix}): {AGAIN}.")
    return prefix


CHECKS = [
    python,
    packages,
    device,
    memory,
    disk,
    this_folder,
    downloads_folder,
    notebook_kernel,
]
