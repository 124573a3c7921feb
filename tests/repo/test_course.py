"""The set-up script says in one sentence what is missing, and works once."""

import contextlib
import os
import platform
import signal
import subprocess
import sys
import time
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
import course  # noqa: E402

Usage = namedtuple("Usage", "free")


@pytest.fixture
def plenty(monkeypatch):
    monkeypatch.setattr(course.shutil, "disk_usage", lambda place: Usage(100e9))


def refused(arguments, capsys):
    """Run the script, which must refuse; return what it said."""
    assert course.main(arguments) == 1
    return capsys.readouterr().err.strip()


def test_old_python_is_named(monkeypatch):
    monkeypatch.setattr(course.sys, "version_info", (3, 9, 1))
    with pytest.raises(SystemExit) as stop:
        course.main(["open"])
    assert "3.11 or newer" in stop.value.code


def test_python_without_venv_is_named(monkeypatch, capsys):
    monkeypatch.setattr(course.importlib.util, "find_spec", lambda name: None)
    assert "has no venv module" in refused(["open"], capsys)


def test_full_disk_is_named_before_anything_is_made(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(course.shutil, "disk_usage", lambda place: Usage(1e9))
    monkeypatch.setattr(course, "cpu_build_at_hand", lambda venv: True)
    said = refused(["open", "--venv", str(tmp_path / "venv")], capsys)
    assert "free 4 GB" in said and not list(tmp_path.iterdir())


@pytest.fixture
def linux_without_cpu_builds(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(course, "reachable", lambda address: False)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


def test_what_cuda_costs_is_said_before_it_is_downloaded_and_the_disk_checked_for_it(
    linux_without_cpu_builds, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(course.shutil, "disk_usage", lambda place: Usage(10e9))
    assert course.main(["open", "--venv", str(tmp_path / "venv")]) == 1
    said = capsys.readouterr()
    assert "the build with CUDA, about 5.6 GB" in said.out and "free 12 GB" in said.err
    assert not list(tmp_path.iterdir())


def test_a_cpu_build_that_is_at_hand_needs_no_room_for_cuda(
    linux_without_cpu_builds, monkeypatch, tmp_path
):
    assert not course.cpu_build_at_hand(tmp_path)
    version = course.wanted_torch().replace("torch==", "")
    python = "cp{}{}".format(*sys.version_info)
    wheel = tmp_path / f"torch-{version}+cpu-cp30-cp30-any.whl"
    wheel.touch()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert not course.cpu_build_at_hand(tmp_path)  # for another Python
    wheel.rename(tmp_path / f"torch-{version}+cpu-{python}-{python}-any.whl")
    assert course.cpu_build_at_hand(tmp_path)
    monkeypatch.delenv("PIP_FIND_LINKS")
    installed = f"lib/python3/site-packages/torch-{version}+cpu.dist-info"
    (tmp_path / "venv" / installed).mkdir(parents=True)
    assert course.cpu_build_at_hand(tmp_path / "venv")
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    assert course.cpu_build_at_hand(tmp_path)


@pytest.mark.parametrize(("release", "fits"), [("13.6.1", False), ("14.0", True), ("26.1", True)])
def test_old_macos_is_named(release, fits, no_steps, plenty, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(platform, "mac_ver", lambda: (release, ("", "", ""), "arm64"))
    said = refused(["open", "--venv", str(tmp_path / "venv")], capsys)
    assert ("macOS 14 or newer" in said) != fits


def test_install_sets_up_and_starts_nothing(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(course, "set_up", lambda venv, gpu: venv)
    monkeypatch.setattr(course, "run_to_end", None)
    assert course.main(["install", "--venv", str(tmp_path)]) == 0
    assert str(tmp_path) in capsys.readouterr().out


def test_what_concerns_the_stages_is_handed_on(monkeypatch, tmp_path):
    monkeypatch.setattr(course, "set_up", lambda venv, gpu: venv)
    ran = []
    monkeypatch.setattr(course, "run_to_end", lambda command, cwd: ran.append(command) or 0)
    course.main(["test", "--processors", "03", "05", "--changed", "HEAD^1"])
    assert ran[0][2:] == ["--processors", "03", "05", "--changed", "HEAD^1"]
    course.main(["test", "--quick"])
    assert ran[1][2:] == ["--quick"]


def test_intel_mac_is_named(monkeypatch, capsys):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert "Intel" in refused(["open"], capsys)


def test_folder_with_other_files_is_left_alone(plenty, capsys, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert "holds other files" in refused(["test", "--venv", str(tmp_path)], capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("below", ["", "venv", "venv/deeper"])
def test_file_in_the_place_of_the_environment_is_named(plenty, capsys, tmp_path, below):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    said = refused(["open", "--venv", str(tmp_path / "notes.txt" / below)], capsys)
    assert f"{tmp_path / 'notes.txt'} is no folder: name a new folder with --venv" in said
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_environment_beside_which_nothing_can_be_written_is_named(
    plenty, monkeypatch, capsys, tmp_path
):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(course, "open", refuse, raising=False)
    said = refused(["open", "--venv", str(tmp_path / "venv")], capsys)
    log = tmp_path / "venv-install.log"
    assert f"{log} cannot be written (Permission denied): name a folder with --venv" in said


def test_folder_that_may_not_be_looked_into_is_named(plenty, monkeypatch, capsys, tmp_path):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(course.Path, "iterdir", refuse)
    said = refused(["open", "--venv", str(tmp_path)], capsys)
    assert said.startswith(f"{tmp_path} cannot be used (Permission denied): name a folder")


def test_environment_in_the_home_folder_is_found(monkeypatch, tmp_path):
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(course, "set_up", lambda venv, gpu: venv)
    ran = []
    monkeypatch.setattr(course, "run_to_end", lambda command: ran.append(command) or 0)
    assert course.main(["open", "--venv=~/v"]) == 0
    assert ran[0][0] == str(tmp_path / "v")


@pytest.mark.parametrize(
    ("printed", "remedy"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("Failed to establish a new connection: [Errno -3]", "could not be reached"),
        ("NewConnectionError: Temporary failure in name resolution", "could not be reached"),
        ("ERROR: No matching distribution found for torch==2.13.0", "has nothing for Python"),
        ("ERROR: No matching distribution found for torch==2.13.0", "macOS 14 or newer"),
        ("SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "PIP_CERT"),
        ("system does not have Windows Long Path support enabled", "move this folder"),
        ("PermissionError: [WinError 5] Access is denied", "could not be written"),
        ("something nobody has thought of", "This step failed."),
    ],
)
def test_failed_step_says_what_to_do_and_where_the_log_is(printed, remedy, plenty, tmp_path):
    steps = course.Steps(1, tmp_path / "install.log")
    script = f"import sys; print({printed!r}); sys.exit(1)"
    with pytest.raises(course.SetupError) as error:
        steps.run("Step", [sys.executable, "-c", script])
    assert remedy in str(error.value) and str(tmp_path / "install.log") in str(error.value)
    assert printed in (tmp_path / "install.log").read_text(encoding="utf-8")


def test_network_failure_wins_over_the_missing_distribution_it_causes(tmp_path):
    lines = ["Temporary failure in name resolution", "No matching distribution found for torch"]
    said = course.explain(lines, tmp_path)
    assert "could not be reached: check the network (or your proxy settings)" in said


def test_optional_step_may_fail(tmp_path, capsys):
    steps = course.Steps(1, tmp_path / "install.log")
    steps.run("Step", [sys.executable, "-c", "raise SystemExit(1)"], optional=True)
    assert "going on without it" in capsys.readouterr().out


def installed(venv, gpu=""):
    """Make `venv` look as a finished installation leaves it."""
    venv.mkdir(exist_ok=True)
    (venv / "mmlib-stamp.txt").write_text(course.fingerprint() + gpu, encoding="utf-8")


@pytest.fixture
def no_steps(monkeypatch):
    def run(self, title, command, optional=False):
        raise course.SetupError(f"would install: {title}")

    monkeypatch.setattr(course.Steps, "run", run)
    monkeypatch.setattr(course, "works", lambda python: True)


def test_second_run_installs_nothing(no_steps, tmp_path):
    installed(tmp_path / "venv")
    assert course.set_up(tmp_path / "venv").parent.parent == tmp_path / "venv"


def test_changed_requirements_install_again(no_steps, plenty, monkeypatch, tmp_path):
    installed(tmp_path / "venv")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    monkeypatch.setattr(course, "fingerprint", lambda: "other")
    with pytest.raises(course.SetupError, match="would install"):
        course.set_up(tmp_path / "venv")
    assert not (tmp_path / "venv" / "mmlib-stamp.txt").exists()


@pytest.mark.skipif(platform.system() == "Darwin", reason="--gpu is refused on a Mac")
def test_gpu_build_is_installed_when_asked_for_and_kept_when_not(no_steps, plenty, tmp_path):
    installed(tmp_path / "venv")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    with pytest.raises(course.SetupError, match="would install"):
        course.set_up(tmp_path / "venv", gpu=True)
    installed(tmp_path / "venv", gpu=" gpu")
    course.set_up(tmp_path / "venv")
    course.set_up(tmp_path / "venv", gpu=True)


def commands_for_torch(monkeypatch, system, reach, gpu=False):
    """The arguments that would be given to pip to choose PyTorch's build."""
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(course, "reachable", lambda address: reach)
    ran = []
    steps = type("Steps", (), {"run": lambda self, title, command, **_: ran.append(command)})()
    course.install_torch(steps, "python", ["pip"], gpu, False)
    assert len(ran) == 1  # one numbered step, whatever it does
    return ran[0]


def test_linux_takes_the_cpu_build_where_it_can_be_reached(monkeypatch):
    command = commands_for_torch(monkeypatch, "Linux", reach=True)
    assert command[-2] == course.TORCH_CPU and command[-1].startswith("torch==")


@pytest.mark.parametrize(("system", "reach"), [("Linux", False), ("Windows", True), ("Darwin", 1)])
def test_otherwise_the_requirement_files_choose_the_build(system, reach, monkeypatch):
    assert commands_for_torch(monkeypatch, system, reach) is None


def test_linux_with_gpu_replaces_the_cpu_build(monkeypatch):
    command = commands_for_torch(monkeypatch, "Linux", reach=True, gpu=True)
    assert "--force-reinstall" in command and course.TORCH_CPU not in command


def test_fresh_environment_and_a_named_one_exclude_each_other(capsys, tmp_path):
    assert "leave out --venv" in refused(["test", "--fresh", "--venv", str(tmp_path)], capsys)


def test_all_optional_packages_are_extras_of_the_test_command():
    text = (course.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = set(tomllib.loads(text)["project"]["optional-dependencies"])
    assert set(course.EXTRAS) == extras - {"test"}


def test_a_damaged_stamp_is_no_stamp(no_steps, plenty, tmp_path):
    installed(tmp_path / "venv")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    (tmp_path / "venv" / "mmlib-stamp.txt").write_bytes(b"\xff\xfe\x00\x9f" * 9)
    with pytest.raises(course.SetupError, match="would install"):
        course.set_up(tmp_path / "venv")


@pytest.mark.skipif(platform.system() == "Windows", reason="there the lock ends with the script")
def test_an_installer_that_outlives_the_killed_script_keeps_the_next_one_waiting(tmp_path):
    log, code = (
        tmp_path / "install.log",
        "import time; print('at work', flush=True); time.sleep(60)",
    )
    script = f"""
import sys
import time
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
import course
log = Path({str(log)!r})
with course.locked(log) as lock:
    course.Steps(1, log, lock).run("Step", [sys.executable, "-c", {code!r}])
"""
    killed = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    try:
        while not log.is_file() or "at work" not in log.read_text(encoding="utf-8"):
            time.sleep(0.05)
        killed.kill()
        killed.wait()
        with course.open_log(log) as file:
            assert not course.take(file)  # pip lives on, and holds the lock
            os.killpg(killed.pid, signal.SIGKILL)
            while not course.take(file):  # the end of pip ends it
                time.sleep(0.05)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(killed.pid, signal.SIGKILL)


def test_a_run_that_waited_for_another_takes_what_that_one_installed(
    no_steps, plenty, monkeypatch, tmp_path
):
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").touch()
    free = iter([False, True])

    def take(file):
        installed(venv)  # by the other run, meanwhile
        return next(free)

    monkeypatch.setattr(course, "take", take)
    monkeypatch.setattr(course.time, "sleep", lambda seconds: None)
    assert course.set_up(venv).parent.parent == venv
