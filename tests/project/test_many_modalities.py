"""The whole way with sounds and texts: check, compare, report, plan, predict."""

import numpy as np
import pandas as pd
import pytest
from sounding_folders import write_sounding

import mmlib
from mmlib import fusion
from mmlib.__main__ import main

ladder = fusion.ladder


@pytest.fixture(scope="module")
def few_rungs():
    """Single modalities, early, late and one net of the ladder: the whole way is on trial here."""

    def few(data, *args, **options):
        models = ladder(data, *args, **options)
        for name in list(models):
            if name in ("attention", "contrastive", "graph", "tensor") or "forest" in name:
                del models[name]
        return models

    patch = pytest.MonkeyPatch()
    patch.setattr("mmlib.fusion.ladder", few)
    yield
    patch.undo()


@pytest.fixture(scope="module", params=["all four", "sounds and texts"])
def way(request, few_rungs, tmp_path_factory):
    rest = request.param == "all four"
    desk = tmp_path_factory.mktemp("way")
    folder = write_sounding(desk / "fruits", n_groups=18, rest=rest)
    assert main(["report", str(folder), "--quick", "--missing", "keep"]) == 0
    return desk, folder, rest


def test_every_model_gets_through_and_the_report_names_what_was_measured(way):
    desk, _, rest = way
    names = ["spectrum", "image", "sound", "text"] if rest else ["sound", "text"]
    table = pd.read_csv(desk / "fruits-results" / "quick.csv", index_col="model")
    assert [name for name in table.index if name.endswith(" only")] == [f"{n} only" for n in names]
    assert {"early", "late", "intermediate"} <= set(table.index) and "failed" not in table
    assert table.loc[["sound only", "text only", "late"], "mean"].min() > 0.5  # chance is 1/3
    page = (desk / "fruits-results" / "report.html").read_text(encoding="utf-8")
    assert "sound (39 columns from 8000 values per second)" in page
    assert "text (one for each sample)" in page
    assert ("picture" in page.lower()) == rest


def test_new_samples_are_predicted_and_what_they_lack_is_told(way, capsys):
    desk, _, rest = way
    new = write_sounding(desk / "new", 3, 1, rest=rest, seed=5, labeled=False, first=50)
    model = desk / "fruits-results" / "model"
    assert main(["predict", str(model), str(new)]) == 0
    found = pd.read_csv(desk / "new-predictions.csv")
    assert set(found["predicted"]) <= {"raw", "ripe", "soft"} and len(found) == 3
    columns = [f"{name} unlike the training data" for name in ("sound", "text")]
    assert (found[columns] == "no").all().all()
    text = (new / "samples.csv").read_text(encoding="utf-8").splitlines()
    text[1] = text[1].rpartition(",")[0] + ","
    (new / "samples.csv").write_text("\n".join(text), encoding="utf-8")
    (new / "sounds" / "f51a.wav").unlink()
    assert main(["predict", str(model), str(new), "--output", str(desk / "less.csv")]) == 0
    remarks = pd.read_csv(desk / "less.csv")["remark"].fillna("")
    assert remarks[0].startswith("there is no text") and "no sound" in remarks[1]
    assert remarks[2] == ""


def test_a_plan_follows_from_the_comparison(way, capsys):
    _, folder, _ = way
    assert main(["plan", str(folder)]) == 0
    assert "groups" in capsys.readouterr().out


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_rung_of_the_ladder_on_texts_and_sounds_is_saved_and_loaded(task, tmp_path):
    folder = write_sounding(tmp_path / "fruits", n_groups=12, rest=False)
    data = mmlib.load_folder(folder)
    if task == "regression":
        y = data.y + 0.1 * np.random.default_rng(0).normal(size=len(data))
        data = mmlib.MultimodalData(data.X, y, data.groups, task=task, meta=data.meta)
    models = ladder(data, forests=True)
    for name, model in models.items():
        nets = {key: 2 for key in model.get_params() if key.endswith("epochs")}
        model.set_params(**nets).fit(data.X, data.y)
        again = mmlib.load(mmlib.save(model, tmp_path / name, data))
        np.testing.assert_array_equal(again.predict(data.X), model.predict(data.X), err_msg=name)
