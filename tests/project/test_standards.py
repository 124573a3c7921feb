"""New samples of another instrument are moved by standards, or it is said why not."""

import shutil
from copy import copy

import numpy as np
import pandas as pd
import pytest

import mmlib
from mmlib.__main__ import main
from mmlib.base import DataError
from mmlib.data.leaves.setups import Setup
from mmlib.data.mapping import Samples
from mmlib.fusion.early import early_fusion
from mmlib.project.predicting import predict
from mmlib.project.writing import write_folder

TRAIN, NEW = mmlib.make_leaves(n_plants=60), mmlib.make_leaves(n_plants=12, seed=1)
AWAY = Setup(4, camera=0)


def only(data, *names):
    data = copy(data)
    data.X = Samples({name: data.X[name] for name in names})
    data.axes = {name: axis for name, axis in data.axes.items() if name in names}
    data.units = {name: data.units[name] for name in data.axes}
    return data


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A model, the folder it came from, new samples from elsewhere, and eight standards."""
    desk = tmp_path_factory.mktemp("desk")
    train = only(TRAIN, "spectrum")
    mmlib.save(early_fusion(train).fit(train.X, train.y), desk / "model", train)
    write_folder(train, desk / "pears")
    write_folder(only(AWAY.measure(NEW), "spectrum"), desk / "away")
    write_folder(only(AWAY.measure(TRAIN.take(np.arange(0, 240, 30)), 1), "spectrum"),
                 desk / "standards")  # fmt: skip
    return desk


def test_standards_bring_the_answers_back(desk, capsys):
    command = ["predict", str(desk / "model"), str(desk / "away"), "--output"]
    plain, moved = desk / "plain.csv", desk / "moved.csv"
    assert main([*command, str(plain)]) == 0
    assert "moved" not in capsys.readouterr().out.replace(str(moved), "")
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    standards = [str(desk / "standards"), str(desk / "pears")]
    assert main([*command, str(moved), "--standards", *standards]) == 0
    said = capsys.readouterr().out
    assert "The spectra were moved by 8 standards (offset): standards left out differ by" in said
    assert {path: path.read_bytes() for path in before} == before
    model = mmlib.load(desk / "model")
    wanted = model.predict_proba(NEW.X)
    shares = [pd.read_csv(path).filter(like="probability of").to_numpy() for path in (plain, moved)]
    off = [np.abs(share - wanted).mean() for share in shares]
    assert off[1] < 0.5 * off[0]


def refused(desk, folder, now, before, said, model="model"):
    with pytest.raises(DataError, match=said):
        predict(desk / model, desk / folder, desk / "none.csv", (desk / now, desk / before))
    assert not (desk / "none.csv").exists()


def test_standards_that_were_not_measured_before_are_named(desk):
    refused(desk, "away", "away", "standards", "Standard plant000-leaf1 of .* has no spectrum in")


def test_too_few_standards_are_refused(desk):
    two = shutil.copytree(desk / "standards", desk / "two")
    for name in ("samples.csv", "spectra.csv"):
        pd.read_csv(two / name, dtype=str).head(2).to_csv(two / name, index=False)
    refused(desk, "away", "two", "pears", "holds 2 standards: fewer than 3")


def test_a_folder_of_standards_that_is_not_there_is_named(desk):
    refused(desk, "away", "nowhere", "pears", "nowhere: there is no such folder")


def test_a_model_without_a_spectrum_has_nothing_to_move(desk):
    pictures = only(NEW, "image")
    mmlib.save(early_fusion(pictures).fit(pictures.X, pictures.y), desk / "eye", pictures)
    write_folder(pictures, desk / "photographs")
    refused(desk, "photographs", "standards", "pears", "The model uses no spectrum", "eye")


def test_where_nothing_gains_the_spectra_stay(desk):
    again = write_folder(only(TRAIN.take(np.arange(0, 240, 30)), "spectrum"), desk / "again")
    found = predict(desk / "model", desk / "away", desk / "stay.csv", (again, desk / "pears"))
    assert "The spectra were left as they are: of 8 standards" in found.said
