"""Where pictures meet: what the stored table holds, and that its parts can be made anew."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

import mmlib
from mmlib.course import head_study
from mmlib.data.heads import make_heads

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "23_heads.py"


def lesson_functions():
    """The functions of notebook 23."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {}
    exec(compile(tree, str(LESSON), "exec"), names)
    return names


def test_the_stored_table_is_whole():
    for study, draws in {"nets": 2, "volumes": 4, "slices": 2}.items():
        table = head_study.stored(study)
        assert len(table) == draws and not table.isna().to_numpy().any()
    assert list(head_study.stored("nets")) == ["stacked", *head_study.MEETINGS, "X-ray alone"]


def test_what_the_lesson_says_of_the_stored_numbers():
    nets = head_study.stored("nets")
    assert nets["stacked"].min() > 0.9 and nets["by place"].min() > 0.9
    pooled = nets[["vectors concatenated", "vectors weighted", "X-ray alone"]]
    assert (abs(pooled - 0.5) < 0.08).all(axis=None)  # 400 patients: three standard errors
    mm = head_study.stored("volumes")
    assert (mm["mutual information"] < 3).all() and (mm["as moved"] > 10).all()
    for metric in ("correlation", "mean squares"):
        assert mm[metric].mean() > mm["as moved"].mean()
    assert (mm["CT on CT, mean squares"] < 0.5).all()
    assert mm["mutual information, nothing moved"].mean() > 0.5 * mm["mutual information"].mean()
    slices = head_study.stored("slices")
    assert (slices["mm after"] < 2).all()
    assert (slices["registered"] - slices["off"] > 0.2).all()
    assert (slices["aligned"] > slices["registered"]).all()


def test_the_lesson_s_functions_are_those_of_the_study():
    data, lesson = make_heads(20, seed=8), lesson_functions()
    X, same = lesson["prepare"](data), head_study.prepared(data)
    for name in head_study.NAMES:
        np.testing.assert_array_equal(X[name], same[name])
    names = ["mri", "xray"]
    np.testing.assert_array_equal(lesson["cascade"](X, names), head_study.read_at_spot(X, names))
    np.testing.assert_array_equal(lesson["spots"](X["ct"]), head_study.spots(X["ct"]))


def test_spots_are_read_where_they_were_planted():
    data = make_heads(100, seed=9)
    X = head_study.prepared(data)
    place = head_study.spots(X["ct"]).reshape(100, -1).argmax(1)
    found = np.column_stack(np.unravel_index(place, (36, 36))) + 6
    away = np.linalg.norm(found - data.info["ct spot"], axis=1)
    assert np.mean(away < 1.5) > 0.95
    read = head_study.read_at_spot(X, ["ct", "mri"])
    assert read.shape == (100, 2) and (read[:, 0] > 0).all()
    assert read[data.y == 0, 1].mean() < 3 * read[data.y == 1, 1].mean() < 0 or (
        read[data.y == 0, 1].mean() < -0.5 < read[data.y == 1, 1].mean()
    )


def test_all_meetings_get_a_row():
    table = head_study.run_nets(0, n_train=24, n_test=8, epochs=1, say=lambda *_: None)
    assert table["setting"].tolist() == ["stacked", *head_study.MEETINGS, "X-ray alone"]
    assert table["value"].between(0, 1).all()


def test_slices_are_registered_one_by_one():
    pytest.importorskip("SimpleITK", reason='needs pip install "mmlib[medical]"')
    row = head_study.run_slices(0, n_train=60, n_test=12).set_index("setting")["value"]
    assert row["mm after"] < 3 < row["mm before"]


def test_without_the_extra_one_sentence_says_what_to_install():
    try:
        import SimpleITK  # noqa: F401
    except ImportError:
        with pytest.raises(mmlib.DataError, match=r"mmlib\[medical\]"):
            head_study.run_slices(0, n_train=10, n_test=2)


def test_the_two_lines_that_the_lesson_gives_for_one_s_own_pictures_run():
    pytest.importorskip("SimpleITK", reason='needs pip install "mmlib[medical]"')
    text = LESSON.read_text(encoding="utf-8")
    (code,) = re.findall(r"^# ```python\n(.*?)^# ```", text, re.M | re.S)
    data = make_heads(2, off=6, seed=10)
    X = head_study.prepared(data)
    names = {"fixed": X["ct"][0, ..., 0], "moving": X["mri"][0, ..., 0]}
    exec(re.sub(r"^# ?", "", code, flags=re.M), names)
    away = np.linalg.norm(names["found"].shift + data.info["shift"][0])
    assert names["on_fixed"].shape == (48, 48) and away < 6
