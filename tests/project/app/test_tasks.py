"""A piece of work: followed, stopped, ended by a fault or by force."""

import time

import pytest

from mmlib import DataError
from mmlib.project.app.tasks import Desk, Task


def done(task, seconds=120):
    deadline = time.time() + seconds
    while task.running:
        assert time.time() < deadline
        time.sleep(0.1)
    return task


def test_a_fault_is_said_in_the_words_of_the_command(tmp_path):
    desk = Desk()
    how = {"folder": str(tmp_path / "leaves"), "new": str(tmp_path / "new")}
    desk.start("predict", **how, model=str(tmp_path / "model"), output="")
    desk.start("predict", **how, model=str(tmp_path / "model"), output="")  # pressed twice
    with pytest.raises(DataError, match="is going on"):
        desk.start("predict", **how, model=str(tmp_path), output="")
    task = done(desk.get("predict"))
    assert task.result is None and str(tmp_path / "model") in task.fault
    assert "Traceback" not in task.fault and desk.running() == []
    assert desk.get("predict", folder="elsewhere") is None


def test_work_that_is_killed_says_so_and_work_that_is_stopped_does_not(leaves):
    killed = Task("check", folder=str(leaves))
    killed._process.kill()
    assert "without a word" in done(killed).fault and not killed.stopped
    stopped = Task("check", folder=str(leaves))
    stopped.stop()
    assert stopped.stopped and not stopped.running and stopped.fault == ""


def test_when_it_was_done_is_told_with_the_day_where_that_is_another(leaves):
    task = Task("check", folder=str(leaves))
    task.stop()
    now = time.time()
    task.ended = now
    assert task.when == time.strftime("at %H:%M", time.localtime(now))
    task.ended = now - 3 * 86400
    assert task.when == time.strftime("on %Y-%m-%d at %H:%M", time.localtime(now - 3 * 86400))


def test_the_bar_and_the_time_left_follow_what_is_told(leaves):
    task = Task("check", folder=str(leaves))
    task.stop()
    assert task.state()["said"] == "Checking has ended."
    task.ended = None
    assert task.state()["total"] == 0 and "Checking" in task.state()["said"]
    now = time.time()
    task.progress, task._pace, task.started = [1, 40, 100, "fits"], (10, now - 60), now - 70
    assert task.state()["said"] == "40 of 100 fits done, running for 1 min, about 2 min to go."
    task.progress = [1, 12, 100, "fits"]  # most of it was read, and tells nothing of the pace
    assert "to go" not in task.state()["said"]
    task.progress = [2, 1, 5, "fits"]
    assert task.state()["said"].startswith("Step 2: 1 of 5")
