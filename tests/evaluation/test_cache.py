"""A stored result belongs to one model: names tell models apart, and last from run to run."""

import os
import subprocess
import sys
from functools import partial
from threading import Lock

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC
from torch import nn

import mmlib
from mmlib import DataError
from mmlib.evaluation.cache import describe

LINEAR = nn.Linear(2, 2)


def times(factor):
    return lambda X: factor * X


def python(code, **environment):
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, env=os.environ | environment)
    assert done.stdout, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "pair",
    [
        (LogisticRegression(C=1.0), LogisticRegression(C=2.0)),
        (mmlib.FusionClassifier(), mmlib.FusionClassifier(width=8)),
        (make_pipeline(LogisticRegression()), LogisticRegression()),
        (mmlib.FusionClassifier(fuse=partial(dict, a=1)), mmlib.FusionClassifier(fuse=dict)),
        (np.arange(3), np.arange(4)),
        (FunctionTransformer(lambda X: X), FunctionTransformer(lambda X: 2 * X)),
        (FunctionTransformer(times(1)), FunctionTransformer(times(2))),
        (FunctionTransformer(np.exp), FunctionTransformer(np.log1p)),
        (nn.Sequential(LINEAR, nn.ReLU()), nn.Sequential(LINEAR, nn.Tanh())),
        (partial(dict, weight=torch.ones(2)), partial(dict, weight=torch.zeros(2))),
        (SVC(random_state=np.random.RandomState(0)), SVC(random_state=np.random.RandomState(1))),
        ({"a", "b"}, {"a", "c"}),
        (slice(0, 3), slice(0, 5)),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})),
    ],
)
def test_a_description_tells_settings_apart_and_is_stable(pair):
    assert describe(pair[0]) == describe(pair[0])
    assert describe(pair[0]) != describe(pair[1])


def test_the_order_of_a_dict_does_not_matter():
    assert describe({"a": 1, "b": 2}) == describe({"b": 2, "a": 1}) != describe({"a": 2, "b": 1})


def test_equal_settings_are_equal_wherever_they_lie_in_memory():
    one = "cm-1"
    twice = make_pipeline(FunctionTransformer(kw_args={"unit": (one,)}), SVC(kernel=one))
    other = make_pipeline(
        FunctionTransformer(kw_args={"unit": ("".join(["cm", "-1"]),)}), SVC(kernel="cm" + "-1"[:2])
    )
    assert describe(twice) == describe(other)


def test_what_cannot_be_told_apart_is_refused():
    for odd in ((row for row in []), Lock()):
        with pytest.raises(DataError, match="A FunctionTransformer cannot be told from another"):
            describe(FunctionTransformer(kw_args={"rows": {"deep": odd}}))


RUN = """
import torch
WORDS = {"some", "words", "in", "any", "order"}
class Own:
    units = {"nm", "cm-1", "um"}
    def judge(self, x):
        return x in {"a", "b", "c", "d"} and Own in WORDS
def judge(x):
    return Own().judge(x) or x in WORDS or judge(None)
from joblib import Parallel, delayed
from mmlib.evaluation.cache import describe
things = [judge, Own, Own(), torch.ones(2), torch.nn.Linear(2, 2, bias=False).requires_grad_(False)]
torch.nn.init.ones_(things[-1].weight)
print([describe(thing) for thing in things])
"""


def test_the_next_run_gives_the_same_names():
    seen = {python(RUN, PYTHONHASHSEED=seed) for seed in "012"}
    seen.add(python("# a comment moves all lines\n" + RUN, PYTHONHASHSEED="3"))
    assert len(seen) == 1


def test_a_worker_gives_the_same_names():
    code = RUN + "print(Parallel(2)(delayed(describe)(thing) for thing in things))"
    here, there = python(code).splitlines()
    assert here == there


AROUND = """
import numpy as np
import sklearn.preprocessing as p
FACTOR, UNUSED = WHICH, 5
SETTINGS = {"by": [LEVEL, 2]}
class Inner:
    def add(self, x):
        return Inner() if x is None else x + INNER + self.shift
    @property
    def shift(self):
        return SHIFT
def helper(x):
    return OTHER * x + SETTINGS["by"][0]
def times(X):
    return FACTOR * sum(helper(Inner().add(x)) for x in X)
class Own:
    factor = CLASS
from mmlib.evaluation.cache import describe
print(describe([p.FunctionTransformer(times), Own]))
"""


def test_constants_and_helpers_of_a_notebook_belong_to_the_model():
    seen = []
    names = ("WHICH", "OTHER", "CLASS", "LEVEL", "INNER", "SHIFT")
    for numbers in ("123456", "223456", "133456", "124456", "123556", "123466", "123457", "123456"):
        code = AROUND
        for name, number in zip(names, numbers, strict=True):
            code = code.replace(name, number)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        seen.append(done.stdout)
    assert len(set(seen)) == 7 and seen[0] == seen[-1] != "", done.stderr


def test_a_model_in_a_file_of_ones_own_is_told_apart_by_that_file(tmp_path):
    code = "from mmlib.evaluation.cache import describe\nimport own\n"
    code += "print(describe([own.Own, own.twice, own.Own()]))"
    seen = []
    for number in ("2", "333", "2"):
        text = "from sklearn.base import BaseEstimator\nFACTOR = NUMBER\n"
        text += "def twice(x):\n    return FACTOR * x\nclass Own(BaseEstimator):\n    pass\n"
        (tmp_path / "own.py").write_text(text.replace("NUMBER", number), encoding="utf-8")
        run = [sys.executable, "-B", "-c", code]
        done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
        seen.append(done.stdout)
    assert len(set(seen)) == 2 and seen[0] == seen[2] != "", done.stderr
