"""A project of leaves, and two quick models in the place of the ladder; folders to be read."""

import shutil

import numpy as np
import pytest
from broken_folders import AXIS, IDS, write
from PIL import Image

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

    def ladder(data, budget, random_state, forests, pixels):
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


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Thirty samples of three classes and fifteen plants, without a fault."""
    root = tmp_path_factory.mktemp("sound") / "project"
    (root / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    rows = [[name, "abc"[k // 2 % 3], f"plant {k // 2}"] for k, name in enumerate(IDS)]
    write(root / "samples.csv", [["id", "label", "group"], *rows])
    spectra = [[name, *rng.random(len(AXIS)).round(4)] for name in IDS]
    write(root / "spectra.csv", [["id", *(f"{x} nm" for x in AXIS)], *spectra])
    for name in IDS:
        picture = rng.integers(0, 256, (16, 16, 3)).astype(np.uint8)
        Image.fromarray(picture).save(root / "images" / f"{name}.png")
    return root


@pytest.fixture
def project(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "project")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "my data").mkdir()
    return tmp_path / "my data"
