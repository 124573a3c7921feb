"""Long runs: stopped and started again, they end at the same table."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mmlib import DataError
from mmlib.evaluation.jobs import run_jobs

CALLS = []


def square(x, seed=0):
    CALLS.append(x)
    return {"square": x * x + seed}


def fragile(x):
    if x == 3:
        raise ValueError("three is too much")
    CALLS.append(x)
    return [{"part": part, "value": x + part} for part in range(2)]


def settings(n):
    return [{"x": x, "seed": 1} for x in range(n)]


def test_what_is_done_is_not_done_again(tmp_path):
    CALLS.clear()
    first = run_jobs(square, settings(3), tmp_path)
    second = run_jobs(square, settings(5), tmp_path)
    assert CALLS == [0, 1, 2, 3, 4]
    assert second["square"].tolist() == [1, 2, 5, 10, 17]
    assert second.head(3).equals(first)


def test_a_result_belongs_to_its_setting_whatever_the_order(tmp_path):
    run_jobs(square, settings(4), tmp_path)
    backwards = run_jobs(square, settings(4)[::-1], tmp_path)
    assert backwards["square"].tolist() == [10, 5, 2, 1]


def test_a_job_of_several_rows(tmp_path):
    table = run_jobs(fragile, [{"x": 1}, {"x": 2}], tmp_path)
    assert table["value"].tolist() == [1, 2, 2, 3]
    assert table["x"].tolist() == [1, 1, 2, 2]


def test_a_failing_job_is_named_and_the_others_are_kept(tmp_path):
    CALLS.clear()
    with pytest.raises(DataError, match=r"\{'x': 3\} failed: three is too much"):
        run_jobs(fragile, [{"x": 1}, {"x": 3}], tmp_path)
    run_jobs(fragile, [{"x": 1}], tmp_path)
    assert CALLS == [1]


def test_a_broken_file_is_computed_again(tmp_path):
    run_jobs(square, settings(2), tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_text(path.read_text(encoding="utf-8")[:10], encoding="utf-8")
    assert run_jobs(square, settings(2), tmp_path)["square"].tolist() == [1, 2]


def test_in_parallel_the_table_is_the_same(tmp_path):
    one = run_jobs(square, settings(6), tmp_path / "one")
    two = run_jobs(square, settings(6), tmp_path / "two", n_jobs=2)
    assert one.equals(two)


def test_a_setting_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be written as text"):
        run_jobs(square, [{"x": object()}], tmp_path)


SLOW = """
import sys, time
from mmlib.evaluation import jobs
def slow(x):
    time.sleep(0.05)
    return {"x squared": x * x}
slow.__module__ = "slow"
print(jobs.run_jobs(slow, [{"x": x} for x in range(40)], sys.argv[1])["x squared"].sum())
"""


def test_a_killed_run_is_taken_up_again(tmp_path):
    command = [sys.executable, "-c", SLOW, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len(list(tmp_path.glob("*.json"))) < 5 and time.monotonic() < end:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGTERM)
    process.wait()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.json")}
    assert 5 <= len(before) < 40
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(out.stdout) == sum(x * x for x in range(40))
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())
