"""The stages of `python course.py test` catch what they are there to catch."""

import re
import subprocess
import sys

import nbformat
import processors
import pytest
import stages

UNTOUCHED = "print('same')"
WARNING = "import warnings\nwarnings.warn('careful')\nprint('same')"
NETWORK = (
    "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=5)\nprint('same')"
)
LOOKUP = "import socket\nsocket.getaddrinfo('example.org', 80)\nprint('same')"
LOOPBACK = """import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
server.close()
print('same')"""


def notebook(*sources, printed="same\n"):
    """A notebook whose cells all have the same stored output."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for k, source in enumerate(sources):
        cell = nbformat.v4.new_code_cell(source, execution_count=k + 1, id=f"cell-{k}")
        cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
        made.cells.append(cell)
    return made


def rerun(folder, solutions=None, **learners):
    """Run the notebook stage on such notebooks; return its counts and what it said."""
    (folder / "notebooks" / "solutions").mkdir(parents=True)
    for name, content in learners.items():
        nbformat.write(content, folder / "notebooks" / f"{name}.ipynb")
    for name, content in (solutions or {}).items():
        nbformat.write(content, folder / "notebooks" / "solutions" / f"{name}.ipynb")
    report = folder / "report.xml"
    command = stages.list_stages(quick=False, report=report)[-1][1]
    environment = stages.environment(folder, strict=True)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return stages.count(done.returncode, report, command), done.stdout + done.stderr


def test_notebook_stage_passes_what_is_unchanged_and_refuses_what_is_not(tmp_path):
    counts, said = rerun(
        tmp_path,
        unchanged=notebook(UNTOUCHED),
        loopback=notebook(LOOPBACK),
        other_output=notebook(UNTOUCHED, printed="different\n"),
        warns=notebook(WARNING),
        downloads=notebook(NETWORK),
        looks_up=notebook(LOOKUP),
    )
    assert counts == (2, 4, 0), said
    for name in ("other_output", "warns", "downloads", "looks_up"):
        assert f"FAILED notebooks/{name}.ipynb" in said
    assert "the network is blocked in this run: 192.0.2.1" in said


RUNS = "with open('ran.txt', 'a') as file:\n    _ = file.write('x')\nprint('same')"
LEARNER = ["x = 1\nprint('same')", "x += 1\nprint('same')", "answer = ...\nprint('same')"]
SOLVED = [*LEARNER[:2], "answer = 1\nprint('same')"]


def test_shared_cells_run_once_and_an_altered_output_of_learner_or_solution_fails(tmp_path):
    learners = {"unaltered": notebook(*LEARNER, RUNS)}
    solutions, expected = {"unaltered": notebook(*SOLVED, RUNS)}, set()
    for which in ("learner", "solution", "both"):
        for cell in range(3):
            pair = {"learner": notebook(*LEARNER), "solution": notebook(*SOLVED)}
            for name in pair if which == "both" else [which]:
                pair[name].cells[cell].outputs[0].text = "another\n"
            learners[f"{which}{cell}"], solutions[f"{which}{cell}"] = pair.values()
            folder = "" if which == "learner" else "solutions/"
            expected.add(f"{folder}{which}{cell}.ipynb::Cell {cell}")
    expected.add("both2.ipynb::Cell 2")  # the exercise; the other two run in the solution only
    (passed, failed, _), said = rerun(tmp_path, solutions, **learners)
    assert set(re.findall(r"^FAILED notebooks/(\S+ \d+)", said, re.M)) == expected, said
    assert failed == len(expected)
    # All of each solution; of a learner's notebook the exercise, or all three cells where another
    # one differs from its solution.
    assert passed + failed == (4 + 9 * 3) + (1 + 5 * 1 + 4 * 3)
    assert (tmp_path / "notebooks" / "solutions" / "ran.txt").read_text(encoding="utf-8") == "x"
    assert not (tmp_path / "notebooks" / "ran.txt").exists()


@pytest.mark.parametrize(
    ("warning", "fatal"),
    [
        ("'There is no current event loop', DeprecationWarning", False),  # tornado, Python 3.12
        ("'There is no other way', DeprecationWarning", True),
        ("'There is no current event loop', UserWarning", True),
    ],
)
def test_only_named_warnings_are_let_pass(warning, fatal, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", f"import warnings; warnings.warn({warning})"],
        env=stages.environment(tmp_path, strict=True),
    )
    assert bool(done.returncode) == fatal


def test_notebook_stage_without_notebooks_fails(tmp_path):
    counts, said = rerun(tmp_path)
    assert counts == (0, 1, 0), said


@pytest.mark.parametrize("exit_code", [1, 2, 3, 4, 5])
def test_pytest_stage_without_a_report_fails(exit_code, tmp_path):
    assert stages.count(exit_code, tmp_path / "report.xml", ["python", "-m", "pytest"])[1] == 1


def test_other_stage_is_judged_by_its_exit_code(tmp_path):
    assert stages.count(0, tmp_path / "none", ["ruff"]) == (1, 0, 0)
    assert stages.count(2, tmp_path / "none", ["ruff"]) == (0, 1, 0)


def test_last_line_adds_up_all_stages(capsys):
    code = stages.summarize([("One", (3, 0, 1), 0.1), ("Two", (1, 2, 0), 0.1)])
    assert code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 2 failed, 1 skipped"
    assert stages.summarize([("One", (3, 0, 1), 0.1)]) == 0


@pytest.mark.parametrize(
    "call",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.gethostbyname('example.org')",
        "socket.create_connection(('2001:db8::1', 80), timeout=5)",
    ],
)
def test_no_way_through_pythons_sockets_leads_to_the_network(call, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", f"import socket; {call}"],
        env=stages.environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode and "the network is blocked in this run" in done.stderr


ALL_SETS = {"AVX2": True, "AVX512_SKX": True}


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with notebook 00, which only passes where torch may use AVX2, and 01."""
    (tmp_path / "notebooks" / "solutions").mkdir(parents=True)
    source = "import os\nprint(os.environ['ATEN_CPU_CAPABILITY'])"
    for folder in ("notebooks", "notebooks/solutions"):
        nbformat.write(notebook(source, printed="avx2\n"), tmp_path / folder / "00_one.ipynb")
        nbformat.write(notebook(UNTOUCHED), tmp_path / folder / "01_two.ipynb")
    commit(tmp_path, start=True)
    every = processors.settings(dispatched=[], features=ALL_SETS, is_x86=True)
    monkeypatch.setattr(processors, "settings", lambda: every)
    monkeypatch.setattr(stages, "ROOT", tmp_path)
    return tmp_path


def commit(folder, start=False):
    author = ["-c", "user.name=Me", "-c", "user.email=me@example.org", "-c", "commit.gpgsign=false"]
    for command in [["init", "-q"]] * start + [["add", "."], [*author, "commit", "-qm", "x"]]:
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def test_notebook_that_depends_on_the_processor_fails_on_another(repository, capfd):
    assert stages.main(["--processors", "00"]) == 1
    summary = capfd.readouterr().out.split("=== Summary\n")[1].splitlines()
    assert [line[:6] for line in summary[:3]] == ["FAILED", "ok    ", "FAILED"]
    assert [line.split(": ")[1] for line in summary[:3]] == ["no AVX", "AVX2", "AVX-512"]
    assert summary[-1] == "1 passed, 2 failed, 0 skipped"


def test_only_notebooks_that_changed_are_tried(repository, monkeypatch, capfd):
    ran = []
    monkeypatch.setattr(stages, "run", lambda command, env, longest: ran.append(command) or 1)
    path = repository / "notebooks" / "01_two.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert stages.main(["--processors", "--changed", "HEAD"]) == 1
    assert "1 of 1 that the change since HEAD may touch" in capfd.readouterr().out
    both = ["notebooks/01_two.ipynb", "notebooks/solutions/01_two.ipynb"]
    assert [command[-2:] for command in ran] == [both] * 3
    commit(repository)
    assert stages.main(["--processors", "--changed", "HEAD"]) == 0
    said = capfd.readouterr().out.split("=== Summary\n")[1]
    assert "the change since HEAD touches no notebook" in said and len(ran) == 3


def test_the_whole_run_takes_what_changed_along(repository, monkeypatch, capfd):
    ran = []
    monkeypatch.setattr(stages, "run", lambda command, env, longest: ran.append(command) or 0)
    path = repository / "notebooks" / "01_two.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    stages.main(["--changed", "HEAD"])
    whole = [command for _, command in stages.list_stages(False, "report")]
    assert len(ran) == len(whole) + 3


@pytest.mark.parametrize("arguments", [["--processors", "77"], ["--changed", "no-such-commit"]])
def test_unknown_notebook_or_commit_is_said_and_fails(repository, arguments, capfd):
    assert stages.main(arguments) == 1
    assert arguments[-1] in capfd.readouterr().err


def test_stage_that_takes_too_long_fails(capfd):
    forever = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert stages.run(forever, None, longest=1) == 1
    assert "longer than 1 s" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        ("lessons/03_judge.py", (["03"], [])),
        ("notebooks/solutions/03_judge.ipynb", (["03"], [])),
        ("mmlib/course/exercises/e03.py", (["03"], [])),
        ("mmlib/course/figures/n03.py", (["03"], [])),
        ("mmlib/nets/loop.py", ([], ["02", "03"])),
        ("constraints.txt", ([], ["02", "03"])),
        ("README.md", ([], [])),
        ("lessons/99_gone.py", ([], [])),
    ],
)
def test_a_change_touches_its_own_notebook_and_the_package_all(path, touched, tmp_path):
    for name in ("02_images", "03_judge"):
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        (tmp_path / "notebooks" / f"{name}.ipynb").touch()
    commit(tmp_path, start=True)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("changed", encoding="utf-8")
    assert processors.changed_notebooks(tmp_path, "HEAD") == touched


def test_of_many_notebooks_a_handful_is_chosen_those_with_changes_of_their_own_first(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for number in range(9):
        (tmp_path / "notebooks" / f"0{number}_x.ipynb").touch()
    commit(tmp_path, start=True)
    for path in ("mmlib/base.py", "lessons/07_x.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    chosen, said = processors.choose(tmp_path, "HEAD")
    assert len(chosen) == processors.AT_MOST and "07" in chosen and "4 of 9" in said


NAMES_OF_NUMPY = {
    "2.4": ["X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR"],
    "1.26": ["SSE41", "AVX", "FMA3", "AVX2", "AVX512F", "AVX512_SKX", "AVX512_CLX"],
}


@pytest.mark.parametrize("names", NAMES_OF_NUMPY.values(), ids=NAMES_OF_NUMPY)
def test_numpy_is_told_to_leave_out_what_it_has_and_no_more(names):
    here = {name: name not in ("AVX512_SPR", "AVX512_CLX") for name in names}
    possible, said = processors.settings(names, here, is_x86=True)
    off = {
        name: set(values.get(processors.DISABLED, "").split()) for name, values in possible.items()
    }
    present = {name for name in names if here[name]}
    assert off["no AVX"] == present and off["AVX-512"] == set() and not said
    wide = {name for name in present if name.startswith(("AVX512", "X86_V4"))}
    assert off["AVX2"] == wide and wide


def test_what_a_processor_cannot_try_is_said_and_the_rest_is_tried():
    possible, said = processors.settings(["AVX2"], {"AVX2": True}, is_x86=True)
    assert list(possible) == ["no AVX", "AVX2"] and said == "this processor cannot try AVX-512"
    possible, said = processors.settings(["ASIMD"], {"ASIMD": True}, is_x86=False)
    assert list(possible) == ["the processor's own"] and "no AVX, AVX2, AVX-512" in said


def test_each_setting_starts_numpy_with_what_it_says():
    code = "import numpy._core._multiarray_umath as m; f = m.__cpu_features__; "
    code += "print(sum(f[name] for name in m.__cpu_dispatch__))"
    counts = []
    for variables in processors.settings()[0].values():
        environment = stages.environment("unused") | variables
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        counts.append(int(done.stdout))
    assert counts == sorted(set(counts)), counts  # each allows more than the one before


def test_quick_run_leaves_out_the_claims_and_the_notebooks_only(tmp_path):
    whole, quick = (dict(stages.list_stages(q, tmp_path)) for q in (False, True))
    assert quick["Tests and examples"] == [*whole["Tests and examples"], "-m", "not claims"]
    assert set(whole) - set(quick) == {stages.FETCH, "Notebooks give the same outputs"}
