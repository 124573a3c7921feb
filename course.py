"""Set up the course and open it, or set it up and run every test.

    python course.py open      the first notebook, in your browser
    python course.py test      all tests
    python course.py install   neither: only what both do first

All first build a virtual environment beside this file (about 2 GB, a few
minutes, once). Nothing outside it is changed; delete the folder to undo it.
Only the standard library is used here, and only what Python 3.7 understands,
so that an older Python can at least say what is missing.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

ROOT = Path(__file__).resolve().parent
INPUTS = ["pyproject.toml", "constraints.txt", "requirements.txt"]
EXTRAS = ["docs", "trees", "soil", "cubes", "instruments", "cluster", "text", "medical", "check"]
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
GIGABYTE = 1e9

# What pip writes when it fails -> what to do about it. The first match counts.
REMEDIES = [
    (
        ("no space left", "errno 28", "not enough space on the disk"),
        "The disk is full: free about 4 GB, or use another disk with --venv DIR.",
    ),
    (
        ("long path support", "file name too long"),
        "Windows refused a long path: move this folder to a short one, such as C:\\mmlib.",
    ),
    (
        ("certificate_verify_failed", "certificate verify failed"),
        "A proxy stands between you and the package index: ask your IT for its certificate "
        "and set the environment variable PIP_CERT to that file.",
    ),
    (
        (
            "name resolution",
            "failed to establish a new connection",
            "getaddrinfo failed",
            "read timed out",
            "connection broken",
            "connecttimeout",
            "network is unreachable",
            "connection refused",
            "nodename nor servname",
        ),
        "The package index could not be reached: check the network (or your proxy settings).",
    ),
    (
        ("no matching distribution found",),
        "The package index could not be reached, or it has nothing for Python {python} on "
        "{system} {machine}: check the network, and use a 64-bit Python 3.11, 3.12 or 3.13 "
        "(on a Mac also macOS 14 or newer).",
    ),
    (("permission denied", "access is denied"), "A file could not be written: use --venv DIR."),
]


class SetupError(Exception):
    """Something the person at the keyboard can mend; the message says how."""


def main(arguments=None):
    if sys.version_info < (3, 11):
        sys.exit(
            f"This is Python {platform.python_version()}, but the course needs 3.11 or newer: "
            "install it from https://www.python.org and run this command with it."
        )
    parser = argparse.ArgumentParser(
        prog="course.py",
        description="Set up the course (once), then open it or run its tests.",
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--venv", metavar="DIR", help="virtual environment (default: .venv)")
    shared.add_argument("--gpu", action="store_true", help="PyTorch with CUDA (several GB more)")
    commands = parser.add_subparsers(dest="command", metavar="open | test | install", required=True)
    opening = commands.add_parser("open", parents=[shared], help="open the first notebook")
    opening.add_argument(
        "workspace",
        nargs="?",
        default="my-course",
        help="folder for your own copies of the notebooks (default: my-course)",
    )
    opening.add_argument("--no-browser", action="store_true", help="print the address instead")
    testing = commands.add_parser("test", parents=[shared], help="run all tests")
    testing.add_argument("--fresh", action="store_true", help="in a new, temporary environment")
    testing.add_argument(
        "--quick", action="store_true", help="leave out the notebooks and the longest tests"
    )
    testing.add_argument("--extras", action="store_true", help="with all optional packages")
    testing.add_argument(
        "--processors",
        nargs="*",
        metavar="NN",
        help="only these notebooks (default: all), under three instruction sets",
    )
    testing.add_argument(
        "--changed",
        metavar="COMMIT",
        help="with notebooks that changed since COMMIT under three instruction sets",
    )
    commands.add_parser("install", parents=[shared], help="set up only")
    options = parser.parse_args(arguments)
    run = {"open": open_course, "test": test_course, "install": install_course}
    try:
        return run[options.command](options)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        what = f"{error.filename or 'A file'} cannot be used ({error.strerror or error})"
        print(f"\n{what}: name a folder of yours with --venv DIR.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130


def open_course(options):
    python = set_up(venv_of(options), options.gpu)
    command = [str(python), "-m", "mmlib", "start", options.workspace]
    return run_to_end(command + ["--no-browser"] * options.no_browser)


def install_course(options):
    print(f"The course is set up: {set_up(venv_of(options), options.gpu)}")
    return 0


def test_course(options):
    if options.fresh and options.venv:
        raise SetupError("--fresh makes a temporary environment: leave out --venv.")
    place = Path(tempfile.mkdtemp(prefix="mmlib-")) if options.fresh else None
    try:
        python = set_up(place / "venv" if place else venv_of(options), options.gpu)
        if options.extras:
            install_extras(python)
        stages = [str(python), str(ROOT / "tests" / "stages.py")]
        stages += ["--quick"] * options.quick
        if options.processors is not None:
            stages += ["--processors", *options.processors]
        stages += ["--changed", options.changed] if options.changed else []
        code = run_to_end(stages, cwd=str(ROOT))
    except SetupError:
        place = None  # keep it: the message names the log in it
        raise
    finally:
        if place:
            shutil.rmtree(str(place), ignore_errors=True)
    return code


def install_extras(python):
    """What some data sets and checks need besides, so that no test is skipped for want of it."""
    print("Optional packages", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    command = [*pip, "-c", "constraints.txt", "-e", f".[{','.join(EXTRAS)}]"]
    if run_to_end(command, cwd=str(ROOT)):
        raise SetupError("The optional packages could not be installed: run it without --extras.")


def venv_of(options):
    # A shell leaves the ~ in --venv=~/v as it is.
    return Path(os.path.expanduser(options.venv)) if options.venv else ROOT / ".venv"


def run_to_end(command, **options):
    """Run a command that handles Ctrl-C by itself, and wait for it."""
    process = subprocess.Popen(command, **options)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def set_up(venv, gpu=False):
    """Make the environment hold what the requirement files ask for; return its Python."""
    check_computer(venv, gpu)
    venv = venv.absolute()
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "mmlib-stamp.txt"
    wanted = fingerprint()
    found = read_stamp(stamp)
    gpu_found = "gpu" in found
    if found[:1] == [wanted] and (gpu_found or not gpu) and works(python):
        return python

    cuda_comes = not gpu and not gpu_found and not cpu_build_at_hand(venv)
    if cuda_comes:
        print(
            "PyTorch's index of CPU builds is out of reach: pip will take the build with CUDA, "
            "about 5.6 GB in all instead of 2.",
            flush=True,
        )
    needed = 12 if gpu or cuda_comes else 4
    if shutil.disk_usage(str(existing_parent(venv))).free < needed * GIGABYTE:
        raise SetupError(
            f"The disk of {venv} has too little room: free {needed} GB, "
            "or use another disk with --venv DIR."
        )
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file():
        raise SetupError(f"{venv} holds other files: name a new folder with --venv DIR.")
    log = venv.with_name(venv.name + "-install.log")
    with locked(log) as lock:
        found = read_stamp(stamp)  # again: this run may have waited for another one
        gpu_found = "gpu" in found
        if found[:1] == [wanted] and (gpu_found or not gpu) and works(python):
            return python
        if stamp.is_file():
            stamp.unlink()
        steps = Steps(4, log, lock)
        install(steps, venv, python, gpu or gpu_found, gpu_found)
        stamp.write_text(wanted + " gpu" * (gpu or gpu_found), encoding="utf-8")
    return python


def install(steps, venv, python, gpu, gpu_found):
    """Make the environment, and bring into it what is missing."""
    make = None if works(python) else [sys.executable, "-m", "venv", "--clear", str(venv)]
    steps.run(f"Python environment in {venv}", make)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    install_torch(steps, python, [*pip, "install"], gpu, gpu_found)
    steps.run(
        "All other packages (about 160, a few minutes)", [*pip, "install", "-r", "requirements.txt"]
    )
    steps.run("Checking that they fit together", [*pip, "check"])


def read_stamp(stamp):
    """The words of the stamp of a finished installation; none of them where it is damaged."""
    return stamp.read_bytes().decode(errors="replace").split() if stamp.is_file() else []


@contextlib.contextmanager
def locked(log):
    """One installation at a time, by a lock on its log; waits for one that is still going on.

    The lock is handed on to pip: where this script was killed, pip may live on, and holds it.
    (Windows gives it back with the script.)
    """
    with open_log(log) as file:
        told = False
        while not take(file):
            if not told:
                print("Another installation is at work here: waiting for its end.", flush=True)
            told = True
            time.sleep(1)
        yield file


def take(file):
    """Whether this process could take the lock, or this file system has none."""
    try:
        if fcntl:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(1 << 30)  # far behind all that is ever written
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def open_log(log):
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return open(str(log), "a+b")
    except OSError as error:
        raise SetupError(
            f"{log} cannot be written ({error.strerror}): name a folder with --venv DIR "
            "where you may write beside it, too."
        ) from None


def check_computer(venv, gpu):
    """Raise `SetupError` for what no installation could overcome."""
    if sys.maxsize < 2**32:
        raise SetupError("This is a 32-bit Python: PyTorch needs a 64-bit one (python.org).")
    if platform.system() == "Darwin" and platform.machine() == "x86_64":
        raise SetupError(
            "PyTorch is no longer built for Macs with an Intel processor: use another computer. "
            "(On a Mac with an Apple chip, install the arm64 Python from https://www.python.org.)"
        )
    release = platform.mac_ver()[0].split(".")[0]
    if platform.system() == "Darwin" and release.isdigit() and 11 <= int(release) < 14:
        raise SetupError(
            f"This is macOS {release}, but PyTorch needs macOS 14 or newer: update it, or use "
            "another computer."
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        major, minor = sys.version_info[:2]
        raise SetupError(
            "This Python has no venv module: install it with your package manager (Debian, "
            f"Ubuntu: sudo apt install python{major}.{minor}-venv) and run this command again."
        )
    if gpu and platform.system() == "Darwin":
        raise SetupError("--gpu is for NVIDIA cards: on a Mac the plain command uses Apple's GPU.")
    parent = existing_parent(venv)
    if not parent.is_dir():
        raise SetupError(f"{parent} is no folder: name a new folder with --venv DIR.")
    if not os.access(str(parent), os.W_OK):
        raise SetupError(f"{parent} cannot be written: use --venv DIR.")


def existing_parent(path):
    path = path.absolute()
    return next(p for p in [path, *path.parents] if p.exists())


def fingerprint():
    """Changes when an installation would come out differently."""
    parts = [sys.version, str(ROOT)] + [
        (ROOT / name).read_text(encoding="utf-8") for name in INPUTS
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def works(python):
    """True if this environment's Python runs (a moved or half-made one does not)."""
    if not python.is_file():
        return False
    try:
        return subprocess.call([str(python), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def install_torch(steps, python, install, gpu, gpu_found):
    """Choose PyTorch's build before the other packages bring just any.

    The package index has builds for the CPU on Windows and macOS, and one with
    CUDA (several GB) on Linux. PyTorch's own index has a CPU build for Linux.
    """
    torch = wanted_torch()
    if gpu and platform.system() == "Linux":
        again = [] if gpu_found else ["--force-reinstall", "--no-deps"]
        steps.run("PyTorch with CUDA (several GB)", [*install, *again, torch])
    elif gpu:
        code = "import torch, sys; sys.exit(torch.version.cuda is None)"
        if subprocess.call([str(python), "-c", code], stderr=subprocess.DEVNULL):
            raise SetupError(
                "On Windows, choose the CUDA build that suits your card at "
                f"https://pytorch.org/get-started, install {torch} from there with "
                f"{python} -m pip install, then run this command again."
            )
        steps.run("PyTorch with CUDA is there", None)
    elif platform.system() != "Linux":
        steps.run("PyTorch for the CPU comes with the other packages", None)
    elif reachable(TORCH_CPU + "/torch/"):
        from_cpu_index = ["--no-deps", "--index-url", TORCH_CPU, torch]
        if not steps.run("PyTorch for the CPU", [*install, *from_cpu_index], optional=True):
            print("      pip may take the build with CUDA, about 5.6 GB in all instead of 2.")
    else:
        steps.run("PyTorch's index of CPU builds is out of reach: going on without it", None)


def wanted_torch():
    """The line of constraints.txt that says which PyTorch."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("torch=="))


def cpu_build_at_hand(venv):
    """True unless pip can find no PyTorch but the one with CUDA; on Linux that may be so.

    A build that is installed already, or lies in a folder that pip was told to look into, will do.
    """
    if platform.system() != "Linux":
        return True
    version = wanted_torch().split("==")[1]
    if any(venv.glob(f"lib/python*/site-packages/torch-{version}*.dist-info")):
        return True
    wheel = "torch-{}*-cp{}{}-*.whl".format(version, *sys.version_info[:2])
    folders = [Path(folder) for folder in os.environ.get("PIP_FIND_LINKS", "").split()]
    return any(list(folder.glob(wheel)) for folder in folders if folder.is_dir()) or reachable(
        TORCH_CPU + "/torch/"
    )


def reachable(address):
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


class Steps:
    """Numbered steps with their elapsed time; what they print goes to a log."""

    def __init__(self, total, log, lock=None):
        self.number, self.total, self.log = 0, total, log
        self.held = [lock.fileno()] if lock and os.name != "nt" else []

    def run(self, title, command, optional=False):
        """Run a command (None: nothing to do); return if it worked, or raise with the remedy."""
        self.number += 1
        title = f"[{self.number}/{self.total}] {title}"
        if command is None:
            print(title, flush=True)
            return True
        start = time.time()
        with open_log(self.log) as log:
            log.write(f"{title}\n".encode())
            log.flush()
            begin = log.tell()
            process = subprocess.Popen(
                command, cwd=str(ROOT), stdout=log, stderr=log, pass_fds=self.held
            )
            try:
                self._wait(process, title, start)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            log.seek(begin)
            lines = log.read().decode(errors="replace").splitlines()
        print(f"{title}: {time.time() - start:.0f} s", flush=True)
        if process.returncode and optional:
            print("      That did not work; going on without it.", flush=True)
        elif process.returncode:
            raise SetupError(explain(lines, self.log))
        return process.returncode == 0

    def _wait(self, process, title, start):
        while True:
            try:
                return process.wait(timeout=1 if sys.stdout.isatty() else 60)
            except subprocess.TimeoutExpired:
                end = "\r" if sys.stdout.isatty() else "\n"
                print(f"{title}: {time.time() - start:.0f} s so far", end=end, flush=True)


def explain(lines, log):
    """One sentence on why a step failed and what to do, from what it printed."""
    text = "\n".join(lines).lower()
    what = "This step failed."
    for signs, remedy in REMEDIES:
        if any(sign in text for sign in signs):
            what = remedy.format(
                python=platform.python_version(),
                system=platform.system(),
                machine=platform.machine(),
            )
            break
    end = "".join(f"  | {line}\n" for line in lines[-5:])
    return f"{end}{what}\nThen run the same command again; it goes on from here. Full log: {log}"


if __name__ == "__main__":
    sys.exit(main())
