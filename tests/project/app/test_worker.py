"""What the work gives is what the command gives."""

import json
import os
import subprocess
import sys

import mmlib
from mmlib.project.app.worker import WORK


def ask(what, server=None, **how):
    """Everything that the process tells."""
    job = json.dumps({"what": what, "how": how, "server": server or os.getpid()})
    command = [sys.executable, "-m", "mmlib.project.app.worker"]
    told = subprocess.run(command, input=job + "\n", capture_output=True, encoding="utf-8")
    return [json.loads(line) for line in told.stdout.splitlines()], told


def test_every_finding_is_told_once(leaves):
    (leaves / "samples.csv").write_text("id,label\n" + "x,a\n" * 9, encoding="utf-8")
    (told,), _ = ask("check", folder=str(leaves))
    found = told["result"]["found"]
    said = [one["said"] for kind in found for one in kind["shown"]]
    said += [line for kind in found for line in kind["more"]]
    assert sorted(said) == sorted(map(str, mmlib.Project(leaves).check()))
    assert any(kind["more"] for kind in found) and told["result"]["data"] == ""


def test_what_libraries_print_and_what_nobody_foresaw_do_no_harm(leaves, tmp_path):
    code = """
import os, sys
from mmlib.project.app import worker
def check(tell, folder):
    print("a doubt", file=sys.stderr)
    os.write(1, b"noise")
    return [][1]
worker.WORK["check"] = check
worker.main()
"""
    job = json.dumps({"what": "check", "how": {"folder": ""}, "server": os.getpid()})
    told = subprocess.run([sys.executable, "-c", code], input=job + "\n", capture_output=True,
                          encoding="utf-8")  # fmt: skip
    first, last = map(json.loads, told.stdout.splitlines())
    assert first == {"said": ["a doubt"]}
    assert "IndexError" in last["fault"] and "please report" in last["fault"]


def test_without_its_server_it_ends(leaves):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    code = """
import time
from mmlib.project.app import worker
worker.WORK["check"] = lambda tell, folder: time.sleep(300)
worker.main()
"""
    job = json.dumps({"what": "check", "how": {"folder": ""}, "server": gone.pid})
    ended = subprocess.run([sys.executable, "-c", code], input=job + "\n", encoding="utf-8",
                           timeout=120)  # fmt: skip
    assert ended.returncode == 1


def test_the_example_is_that_of_the_command(tmp_path):
    made = WORK["example"](None, folder=str(tmp_path / "pears"))
    assert mmlib.load_folder(made["folder"]).groups is not None
