"""A project of leaves, and two quick models in the place of the ladder."""

import shutil

import pytest

from mmlib.__main__ import main
from mmlib.features import spectrum_baselines
from mmlib.fusion.early import early_fusion
from mmlib.project.writing import copy_template


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return copy_template(tmp_path_factory.mktemp("user") / "my leaves")


@pytest.fixture(scope="module")
def few_models():
    """Two quick models instead of the ladder: the commands are on trial here."""

    def ladder(data, budget, random_state, forests):
        models = {}
        if "spectrum" in data.modalities:
            models["spectrum only"] = spectrum_baselines(task=data.task)["SVM"]
        return models | {"early": early_fusion(data)}

    patch = pytest.MonkeyPatch()
    patch.setattr("mmlib.fusion.ladder", ladder)
    yield
    patch.undo()


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "my leaves")


@pytest.fixture(scope="module")
def compared(few_models, template, tmp_path_factory):
    """A project that was compared, with its results beside it."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("compared") / "my leaves")
    assert main(["compare", str(folder), "--quick"]) == 0
    return folder


@pytest.fixture
def model(compared):
    return compared.with_name("my leaves-results") / "model"
