"""What a paper says of a comparison, in the singular and in the plural."""

import re
from datetime import datetime
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

import mmlib
from mmlib.evaluation.baseline import with_baseline
from mmlib.fusion.roles import Preset
from mmlib.project.describing import (
    REFERENCES,
    citation,
    data_in_words,
    left_nothing,
    made_with,
    methods,
    what_it_is,
)


def compared(names=("spectrum only", "early"), n_repeats=1, **leaves):
    data = mmlib.make_leaves(10, 1, **leaves)
    guess = DummyClassifier() if data.labels is not None else DummyRegressor()
    models = dict.fromkeys(names, guess)
    return mmlib.compare(models, data, n_folds=2, n_repeats=n_repeats)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_model_of_the_ladder_has_a_line_of_its_own(task):
    data = mmlib.make_leaves(5, target="chlorophyll" if task == "regression" else "condition")
    ladder = with_baseline(mmlib.fusion.ladder(data, forests=True))
    presets = mmlib.fusion.roles.presets_of(ladder, data.modalities)
    lines = [what_it_is(name, presets[name], task) for name in ladder]
    assert len(set(lines)) == len(lines) and not any("no words" in line for line in lines)
    assert not any(re.search("[{}]", line) for line in lines)
    late = what_it_is("late", presets["late"], task)
    assert ("calibrated" in late) == (task == "classification")
    assert ("multiplied" in late) == (ladder["late"].rule == "product")


def test_a_model_of_ones_own_is_said_to_be_one():
    assert what_it_is("mine", Preset("mine"), "regression") == "a model that mmlib has no words for"


def test_samples_classes_groups_and_channels_are_counted():
    leaves = mmlib.make_leaves(10, 2)
    assert data_in_words(leaves) == (
        "20 samples of 5 classes were measured by spectrum (211 bands from 400 to 2500 nm) and "
        "image (48 x 48 pixels, 3 channels). They come from 10 groups; a group was never in "
        "training and test at once."
    )
    gray = mmlib.MultimodalData(
        {"image": np.zeros((3, 4, 5, 1), np.uint8), "size": np.arange(3.0).reshape(-1, 1)},
        [0.5, 1.5, 2.5], groups=["a", "a", "a"], target_names=["sugar"],
    )  # fmt: skip
    assert data_in_words(gray) == (
        "3 samples, for the quantity sugar, were measured by image (4 x 5 pixels, 1 channel) and "
        "size (1 column). They come from 1 group; a group was never in training and test at once."
    )
    gray.groups = None
    assert "No groups were given, so each sample was taken for independent" in data_in_words(gray)


def test_folds_repeats_and_tries_are_counted():
    once = methods(compared())
    assert "2 models were judged by cross-validation with 2 folds, once, all on" in once
    assert "p of the 1 difference to one reference is also given corrected" in once
    assert "nested" not in once and "Best single" not in once
    often = methods(compared(("spectrum only", "image only", "early"), 2))
    assert "3 models were judged" in often and "repeated 2 times" in often
    assert "p of the 2 differences to one reference are also given" in often
    alone = methods(compared(("spectrum only",)))
    assert "1 model was judged" in alone and "Holm" not in alone


def test_how_a_chosen_model_was_judged_is_told_where_it_was():
    run = SimpleNamespace(promised="Choosing ... promises 0.8.")
    assert "judging on the others (Tsamardinos et al. 2018)" in methods(compared(), run)


def test_date_seed_and_versions_are_told():
    said = made_with(SimpleNamespace(when=datetime(2026, 3, 9, 12), seed=7))
    assert said.startswith("Made on 2026-03-09 with the seed 7. Python 3.")
    assert f"mmlib {mmlib.__version__}, numpy {np.__version__}" in said
    assert "seed" not in made_with()


def test_nothing_left_the_computer_unless_a_cluster_was_named():
    assert left_nothing() == left_nothing(SimpleNamespace(dask=None))
    assert left_nothing() == "Nothing left this computer."
    said = left_nothing(SimpleNamespace(dask="tcp://there:1"))
    assert said == "The Dask cluster that was named made the fits; nothing else left this computer."


def test_what_is_cited_can_be_read_by_bibtex():
    said = citation()
    entries = re.findall(r"^@\w+\{(\w+),$", said, re.MULTILINE)
    assert entries == ["mmlib", *REFERENCES]
    assert said.count("{") == said.count("}") and f"version = {{{mmlib.__version__}}}" in said
