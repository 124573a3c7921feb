"""The stages of `python course.py test` catch what they are there to catch."""

import subprocess
import sys

import nbformat
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


def notebook(source, printed="same\n"):
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})


def rerun(folder, **sources):
    """Run the notebook stage on notebooks of one cell; return its counts and what it said."""
    (folder / "notebooks").mkdir()
    for name, content in sources.items():
        nbformat.write(content, folder / "notebooks" / f"{name}.ipynb")
    report = folder / "report.xml"
    command = stages.list_stages(quick=False, report=report)[-1][1]
    environment = stages.environment(folder, strict=True)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return stages.count(done.returncode, report, command), done.stdout


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
