"""A comparison that was stopped ends, taken up again, at the same table."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

import mmlib
from mmlib.features import spectrum_baselines
from mmlib.fusion.early import early_fusion

FITS = []


class Counting(DummyClassifier):
    def fit(self, X, y):
        FITS.append(len(y))
        return super().fit(X, y)


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(20, 2)


def tables_equal(a, b):
    pd.testing.assert_frame_equal(a.table, b.table)
    for name in a.predictions:
        np.testing.assert_array_equal(a.predictions[name], b.predictions[name])
    for name in a.probabilities:
        np.testing.assert_array_equal(a.probabilities[name], b.probabilities[name])


def test_what_was_fitted_is_not_fitted_again(leaves, tmp_path):
    FITS.clear()
    first = mmlib.compare({"guess": Counting()}, leaves, 2, 2, store=tmp_path)
    second = mmlib.compare({"guess": Counting()}, leaves, 2, 2, store=tmp_path)
    assert len(FITS) == 4
    tables_equal(first, second)
    more = mmlib.compare({"guess": Counting()}, leaves, 2, 3, store=tmp_path)
    assert len(FITS) == 6 and more.predictions["guess"].shape == (3, 40)


def test_after_an_update_it_is_fitted_anew(leaves, tmp_path, monkeypatch):
    FITS.clear()
    mmlib.compare({"guess": Counting()}, leaves, 2, 1, store=tmp_path)
    monkeypatch.setattr(mmlib, "__version__", "99")
    mmlib.compare({"guess": Counting()}, leaves, 2, 1, store=tmp_path)
    assert len(FITS) == 4


def test_the_store_changes_no_number(leaves, tmp_path):
    models = {"early": early_fusion(leaves), "spectrum only": spectrum_baselines()["SVM"]}
    plain = mmlib.compare(models, leaves, 2, 1)
    tables_equal(plain, mmlib.compare(models, leaves, 2, 1, store=tmp_path))
    tables_equal(plain, mmlib.compare(models, leaves, 2, 1, store=tmp_path))
    tables_equal(plain, mmlib.compare(models, leaves, 2, 1, n_jobs=2, store=tmp_path / "two"))


def test_other_data_or_another_setting_is_fitted_anew(leaves, tmp_path):
    FITS.clear()
    mmlib.compare({"guess": Counting()}, leaves, 2, 1, store=tmp_path)
    mmlib.compare({"guess": Counting(strategy="uniform")}, leaves, 2, 1, store=tmp_path)
    changed = leaves.take(np.arange(len(leaves)))
    changed.X["spectrum"][0, 0] += 0.01
    mmlib.compare({"guess": Counting()}, changed, 2, 1, store=tmp_path)
    assert len(FITS) == 6


def test_a_broken_result_is_fitted_again(leaves, tmp_path):
    first = mmlib.compare({"guess": Counting()}, leaves, 2, 1, store=tmp_path)
    for path in tmp_path.iterdir():
        path.write_text('{"result": [[', encoding="utf-8")
    tables_equal(first, mmlib.compare({"guess": Counting()}, leaves, 2, 1, store=tmp_path))


EDITED = """
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
import mmlib
class Own(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.words = {"some", "words", "in", "any", "order"}
        return self
    def predict(self, X):
        return np.full(len(X["spectrum"]), WHICH)
result = mmlib.compare({"own": Own()}, mmlib.make_leaves(20, 2), 2, 1, store="PLACE")
print(set(result.predictions["own"].ravel().tolist()))
"""


def test_a_model_that_was_edited_in_the_notebook_is_fitted_anew(tmp_path):
    for which in (1, 2, 1):
        code = EDITED.replace("WHICH", str(which)).replace("PLACE", (tmp_path / "s").as_posix())
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout.strip() == f"{{{which}}}", done.stderr
    assert len(list((tmp_path / "s").glob("*.json"))) == 4


SLOW = """
import sys, time
from sklearn.dummy import DummyClassifier
import mmlib
class Slow(DummyClassifier):
    def fit(self, X, y):
        time.sleep(0.05)
        return super().fit(X, y)
leaves = mmlib.make_leaves(20, 2)
models = {"a": Slow(strategy="stratified", random_state=1), "b": Slow()}
print(mmlib.compare(models, leaves, 2, 12, store=sys.argv[1]).table.to_csv())
"""


@pytest.mark.parametrize("enough", [1, 9, 30])
def test_a_killed_comparison_ends_at_the_same_table(enough, tmp_path):
    command = [sys.executable, "-c", SLOW]
    whole = subprocess.run(
        [*command, str(tmp_path / "whole")], capture_output=True, text=True, check=True
    )
    place = tmp_path / "killed"
    process = subprocess.Popen([*command, str(place)], stdout=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len(list(place.glob("*.json"))) < enough and time.monotonic() < end:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert enough <= len(list(place.glob("*.json"))) < 48
    again = subprocess.run([*command, str(place)], capture_output=True, text=True, check=True)
    assert again.stdout == whole.stdout


def test_two_runs_at_once_do_not_harm_each_other(tmp_path):
    command = [sys.executable, "-c", SLOW, str(tmp_path)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (run.communicate()[0] for run in runs)
    assert first == second and first.count("\n") > 3
