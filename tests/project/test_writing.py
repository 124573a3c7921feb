"""What is written is a sound folder, and nothing is overwritten."""

import numpy as np
import pytest
from folders import AXIS, IDS, LABELS, PICTURES, VALUES

import mmlib
from mmlib import DataError
from mmlib.__main__ import main
from mmlib.project.writing import copy_template, write_folder


def test_the_template_is_a_sound_project_and_is_never_overwritten(tmp_path, capsys):
    assert main(["start", "--template", str(tmp_path / "mine")]) == 0
    assert main(["check", str(tmp_path / "mine")]) == 0
    assert "60 samples" in capsys.readouterr().out
    assert main(["start", "--template", str(tmp_path / "mine")]) == 2
    with pytest.raises(DataError, match="not empty"):
        copy_template(tmp_path / "mine")


def test_what_is_written_is_read_with_its_unit(tmp_path):
    data = mmlib.MultimodalData({"spectrum": VALUES}, LABELS, ids=IDS,
                                axes={"spectrum": AXIS}, units={"spectrum": "cm-1"})  # fmt: skip
    back = mmlib.load_folder(write_folder(data, tmp_path / "new"))
    assert back.units == data.units
    np.testing.assert_allclose(back.axes["spectrum"], AXIS)


def test_a_modality_that_would_not_be_read_is_refused_before_anything_is_written(tmp_path):
    data = mmlib.MultimodalData({"spectrum": VALUES, "scent": VALUES[:, :3]}, LABELS, ids=IDS)
    with pytest.raises(DataError, match=r"'scent' cannot be written.*write the data without it"):
        write_folder(data, tmp_path / "new")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a/b", "../a", "a:b", "a.", ".a", IDS[5].upper()])
def test_an_id_that_cannot_name_a_picture_is_refused_before_anything_is_written(name, tmp_path):
    data = mmlib.MultimodalData({"image": PICTURES}, LABELS, ids=[*IDS[:-1], name])
    with pytest.raises(DataError, match=r"cannot name a picture|differ by case only"):
        write_folder(data, tmp_path / "new")
    assert not list(tmp_path.iterdir())
