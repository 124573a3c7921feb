"""A saved model predicts the same, and nothing but known types is ever loaded."""

import copy
import pickle
import sys
from functools import partial
from hashlib import sha256

import numpy as np
import pytest
import torch
from skops.io import dumps

import mmlib
from mmlib import DataError
from mmlib.evaluation.nested_choice import ModelSelectionCV
from mmlib.features import image_baselines, spectrum_baselines
from mmlib.fusion.early import early_fusion
from mmlib.nets.fusion_net import Concatenate
from mmlib.project import saving
from mmlib.project.about import ABOUT, About, TrainedOn, read_about


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(20)


@pytest.fixture(scope="module")
def net(leaves):
    fuse = partial(Concatenate)
    options = {"fuse": fuse, "encoders": {"spectrum": "cnn", "image": "cnn"}, "calibrate": True}
    model = mmlib.FusionClassifier(**options, epochs=2, random_state=0)
    return model.fit(leaves.X, leaves.y)


def classical(data):
    models = {f"spectrum, {k}": v for k, v in spectrum_baselines().items()}
    models |= {f"image, {k}": v for k, v in image_baselines().items()}
    return models | {"early": early_fusion(data)}


@pytest.mark.parametrize("name", list(classical(mmlib.make_leaves(5))))
def test_a_classical_model_predicts_the_same_after_loading(name, leaves, tmp_path):
    model = classical(leaves)[name].fit(leaves.X, leaves.y)
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict(leaves.X), model.predict(leaves.X))


def test_a_net_gives_the_same_probabilities_after_loading(net, leaves, tmp_path):
    mmlib.save(net, tmp_path, leaves)
    np.testing.assert_array_equal(
        mmlib.load(tmp_path).predict_proba(leaves.X), net.predict_proba(leaves.X)
    )


def test_loading_leaves_the_random_numbers_of_others_alone(net, tmp_path):
    mmlib.save(net, tmp_path)
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    mmlib.load(tmp_path)
    assert torch.rand(1) == expected


def test_a_net_can_be_copied_and_sent_to_other_processes(net, leaves):
    expected = net.predict(leaves.X)
    np.testing.assert_array_equal(copy.deepcopy(net).predict(leaves.X), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(net)).predict(leaves.X), expected)


def test_what_the_model_was_trained_on_is_kept(net, leaves, tmp_path):
    mmlib.save(net, tmp_path, leaves)
    known = read_about(tmp_path).data
    assert known == TrainedOn.of(leaves)
    assert known.axes["spectrum"] == leaves.axes["spectrum"].tolist()
    assert known.units == {"spectrum": "nm"}
    assert known.target_names == list(leaves.target_names)
    assert known.shapes["image"] == [48, 48, 3]


def test_an_older_model_is_replaced_and_nothing_else_is(net, tmp_path):
    mmlib.save(net, tmp_path / "model")
    mmlib.save(net, tmp_path / "model")
    work = tmp_path / "work" / "thesis.txt"
    work.parent.mkdir()
    work.write_text("mine", encoding="utf-8")
    for place in (work.parent, work):
        with pytest.raises(DataError, match=r"thesis\.txt"):
            mmlib.save(net, place)
    assert work.read_text(encoding="utf-8") == "mine"


def test_an_altered_file_is_refused(net, tmp_path):
    mmlib.save(net, tmp_path)
    path = tmp_path / saving.MODEL
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DataError, match="altered or cut short"):
        mmlib.load(tmp_path)
    path.unlink()
    with pytest.raises(DataError, match="missing"):
        mmlib.load(tmp_path)


def test_a_model_that_needs_pickle_is_refused_before_anything_is_written(leaves, tmp_path):
    ready = mmlib.FusionClassifier("spectrum", epochs=1).fit(leaves.X, leaves.y)
    encoder = ready.net_.encoders["spectrum"]
    model = mmlib.FusionClassifier("spectrum", encoders={"spectrum": encoder}, epochs=1)
    with pytest.raises(DataError, match="cannot be stored without pickle"):
        mmlib.save(model.fit(leaves.X, leaves.y), tmp_path / "model")
    assert not (tmp_path / "model").exists()


class Stranger:
    """A type of no library that mmlib knows."""


def test_a_type_of_an_unknown_library_is_neither_saved_nor_loaded(tmp_path):
    with pytest.raises(DataError, match="Stranger"):
        mmlib.save(Stranger(), tmp_path)
    stored = dumps(Stranger())
    (tmp_path / saving.MODEL).write_bytes(stored)
    about = About(sha256(stored).hexdigest(), "Stranger", {}, None)
    (tmp_path / ABOUT).write_text(about.to_json(), encoding="utf-8")
    with pytest.raises(DataError, match="not loaded"):
        mmlib.load(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.eval",
        "mmlib.course.start.subprocess",
        "mmlib.course.start.subprocess.Popen",
        "mmlib.nets.estimators.copy.deepcopy",
        "mmlib.fusion.early.np.load",
        "sklearn.utils.parse_version",
        "numpy.load",
        "torch.load",
        "mmlib.nothing.Here",
        "mmlib.course.start.open_jupyterlab",
        "mmlib.project.saving.save",
        "mmlib.evaluation.cache.write_result",
        "mmlib.fusion.missing.take_away",
        "mmlib.fusion.roles.presets_of",
        "numpy.memmap",
        "skorch.classifier.NeuralNetClassifier",  # its state is a pickle
        "torch.distributed.elastic.multiprocessing.subprocess_handler.subprocess_handler"
        ".SubprocessHandler",
    ],
)
def test_a_way_around_the_check_is_refused(name):
    assert not saving._is_known(name)


@pytest.mark.parametrize("name", ["mmlib.nets.encoders.TableEncoder", "chemotools.scatter._snv.X"])
def test_only_names_where_they_were_defined_are_known(name):
    assert saving._is_known(name) == name.startswith("mmlib")


def test_a_net_that_would_call_another_program_when_built_again_is_refused(leaves, tmp_path):
    from torch.distributed.elastic.multiprocessing.subprocess_handler import subprocess_handler

    model = mmlib.FusionClassifier("spectrum", epochs=1).fit(leaves.X, leaves.y)
    proof = tmp_path / "ran"
    command = f"open({str(proof)!r}, 'w').close()"
    arguments = (sys.executable, ("-c", command), {}, None, None)
    model.fuse = partial(subprocess_handler.SubprocessHandler, *arguments)
    with pytest.raises(DataError, match="SubprocessHandler"):
        mmlib.save(model, tmp_path / "own")
    stored = dumps(model)  # as a stranger would
    (tmp_path / saving.MODEL).write_bytes(stored)
    about = About(sha256(stored).hexdigest(), "Stranger", {}, None)
    (tmp_path / ABOUT).write_text(about.to_json(), encoding="utf-8")
    with pytest.raises(DataError, match="not loaded"):
        mmlib.load(tmp_path)
    assert not proof.exists()


def test_what_a_system_leaves_in_the_folder_is_no_reason_to_refuse(net, leaves, tmp_path):
    mmlib.save(net, tmp_path / "model")
    for name in saving.LEFT_BEHIND:
        (tmp_path / "model" / name).write_bytes(b"seen")
    mmlib.save(early_fusion(leaves).fit(leaves.X, leaves.y), tmp_path / "model", leaves)
    assert read_about(tmp_path / "model").model == "Pipeline"  # replaced, and the rest is left
    assert mmlib.load(tmp_path / "model").predict(leaves.X).shape == leaves.y.shape
    found = {path.name for path in (tmp_path / "model").iterdir()}
    assert found == {saving.MODEL, ABOUT, *saving.LEFT_BEHIND}


def test_a_choice_among_the_ladder_can_be_kept(leaves, tmp_path):
    tables = mmlib.MultimodalData({"spectrum": leaves.X["spectrum"][:, ::20]}, leaves.y)
    choice = ModelSelectionCV(mmlib.fusion.ladder(tables)).fit(tables.X, tables.y)
    again = mmlib.load(mmlib.save(choice, tmp_path))
    np.testing.assert_array_equal(again.predict(tables.X), choice.predict(tables.X))
    assert list(again.models) == ["spectrum only"]
