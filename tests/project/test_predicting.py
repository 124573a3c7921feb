"""New samples get predictions, or a sentence on why they cannot."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.dummy import DummyClassifier

import mmlib
from mmlib.__main__ import main
from mmlib.evaluation.applicability import WithApplicabilityDomain
from mmlib.evaluation.choice import Choice
from mmlib.fusion.balanced import BalancedDecision
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.project import predicting


def unlabeled(folder, name, rows=7):
    """A copy of the project without labels, as new samples would come."""
    new = shutil.copytree(folder, folder.with_name(name))
    table = pd.read_csv(new / "samples.csv").drop(columns=["label", "group"])
    table.head(rows).to_csv(new / "samples.csv", index=False)
    return new


def test_new_samples_get_a_table_of_predictions(compared, model, tmp_path, capsys):
    new = unlabeled(compared, "new")
    before = {path: path.read_bytes() for path in new.rglob("*") if path.is_file()}
    assert main(["predict", str(model), str(new)]) == 0
    output = new.with_name("new-predictions.csv")
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel reads UTF-8
    table = pd.read_csv(output)
    assert table.columns[0] == "id"
    assert len(table) == 7
    assert {path: path.read_bytes() for path in new.rglob("*") if path.is_file()} == before
    shares = table.filter(like="probability of")
    assert shares.shape[1] == 5 and (shares.sum(axis=1).sub(1).abs() < 0.001).all()
    best = shares.idxmax(axis=1).str.removeprefix("probability of ")
    assert best.tolist() == table["predicted"].tolist()
    assert set(table["image unlike the training data"]) <= {"yes", "no"}
    assert main(["predict", str(model), str(new)]) == 2  # nothing is overwritten
    assert "--output" in capsys.readouterr().err


def test_predictions_are_those_of_the_model(compared, model, tmp_path):
    output = tmp_path / "out.csv"
    assert main(["predict", str(model), str(compared), "--output", str(output)]) == 0
    data = mmlib.load_folder(compared)
    wanted = [data.target_names[y] for y in mmlib.load(model).predict(data.X)]
    assert pd.read_csv(output)["predicted"].tolist() == wanted


def test_the_ending_of_the_output_says_which_kind_of_table(compared, model, tmp_path, capsys):
    new = unlabeled(compared, "two kinds")
    assert main(["predict", str(model), str(new), "--output", str(tmp_path / "out.xlsx")]) == 0
    assert f"7 predictions are in {tmp_path / 'out.xlsx'}." in capsys.readouterr().out
    assert main(["predict", str(model), str(new)]) == 0
    both = [new.with_name(f"two kinds-predictions{end}") for end in (".csv", ".xlsx")]
    assert f"in {both[0]} and {both[1]}." in capsys.readouterr().out
    books = [pd.read_excel(path, engine="calamine") for path in (tmp_path / "out.xlsx", both[1])]
    for book in books:
        pd.testing.assert_frame_equal(book, pd.read_csv(both[0]), check_dtype=False)
    both[0].unlink()
    assert main(["predict", str(model), str(new)]) == 2  # the workbook is not replaced either
    assert "is there already" in capsys.readouterr().err


def cut_bands(folder):
    table = pd.read_csv(folder / "spectra.csv")
    table.iloc[:, :150].to_csv(folder / "spectra.csv", index=False)


def gray(folder):
    for path in (folder / "images").iterdir():
        Image.open(path).convert("L").save(path)


def larger(folder):
    for path in (folder / "images").iterdir():
        Image.open(path).resize((96, 96)).save(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut_bands, "149 bands from 400 to 1880 nm, but the model was trained on 211"),
        (gray, "1 channel"),
        (larger, "96 x 96 pixels in 3 channel"),
        (lambda folder: shutil.rmtree(folder / "images"), "has no image"),
        (lambda folder: (folder / "samples.csv").unlink(), "samples.csv"),
    ],
)
def test_samples_that_do_not_fit_the_model_are_refused(change, said, compared, model, capsys):
    new = unlabeled(compared, f"new {said[:6]}")
    change(new)
    assert main(["predict", str(model), str(new)]) == 2
    found = capsys.readouterr().err
    assert said in found and "Traceback" not in found
    assert not new.with_name(f"{new.name}-predictions.csv").exists()


def test_a_sample_unlike_the_training_data_is_named(compared, model, capsys):
    new = unlabeled(compared, "strange")
    table = pd.read_csv(new / "spectra.csv", index_col=0)
    table.iloc[0] = table.iloc[0].to_numpy()[::-1]
    table.to_csv(new / "spectra.csv")
    assert main(["predict", str(model), str(new)]) == 0
    found = pd.read_csv(new.with_name("strange-predictions.csv"))
    assert found["spectrum unlike the training data"].tolist() == ["yes"] + ["no"] * 6
    said = capsys.readouterr().out
    # 60 leaves of 12 plants: the farthest training leaf is the limit, and plants are counted
    assert "do not trust" in said and re.search(r"up to [4-9] % are called so by mistake", said)


def test_a_place_for_predictions_that_is_not_there_is_named(compared, model, tmp_path, capsys):
    output = tmp_path / "nowhere" / "out.csv"
    assert main(["predict", str(model), str(compared), "--output", str(output)]) == 2
    assert f"There is no folder {output.parent}" in capsys.readouterr().err


def test_nine_samples_are_compared_and_kept_without_a_guard(few_models, folder, capsys):
    table = pd.read_csv(folder / "samples.csv").iloc[:9]
    table = table.assign(group=range(9), label=["a", "b", "c"] * 3)
    table.to_csv(folder / "samples.csv", index=False)
    spectra = pd.read_csv(folder / "spectra.csv", index_col=0).iloc[:9]
    spectra.iloc[:, :90] += np.arange(9)[:, None] % 3  # or no model would be kept
    spectra.to_csv(folder / "spectra.csv")
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "rained on all" in capsys.readouterr().out
    kept = folder.with_name("my leaves-results") / "model"
    assert main(["predict", str(kept), str(folder)]) == 0
    assert "unlike" not in capsys.readouterr().out


def test_no_model_is_named(compared, tmp_path, capsys):
    assert main(["predict", str(tmp_path), str(compared)]) == 2
    assert "no model" in capsys.readouterr().err


def test_a_quantity_is_compared_and_predicted(folder, few_models, capsys):
    table = pd.read_csv(folder / "samples.csv").drop(columns="label")
    table["target"] = pd.read_csv(folder / "spectra.csv").iloc[:, 16].to_numpy() * 10
    table.to_csv(folder / "samples.csv", index=False)
    assert main(["compare", str(folder), "--quick"]) == 0
    model = folder.with_name("my leaves-results") / "model"
    output = folder.with_name("out.csv")
    assert main(["predict", str(model), str(folder), "--output", str(output)]) == 0
    found = pd.read_csv(output)["predicted target"]
    assert found.corr(table["target"]) > 0.9


def test_one_modality_is_compared_and_predicted(folder, capsys):
    shutil.rmtree(folder / "images")
    assert main(["compare", str(folder), "--quick"]) == 0
    model = folder.with_name("my leaves-results") / "model"
    assert main(["predict", str(model), str(unlabeled(folder, "new"))]) == 0


def test_new_samples_need_only_what_the_model_uses(folder, monkeypatch, capsys):
    monkeypatch.setattr(
        "mmlib.project.comparing.best_model",
        lambda result: Choice("spectrum only", "spectrum only", 0.0, ""),
    )
    assert main(["compare", str(folder), "--quick"]) == 0
    assert "new samples need spectrum." in capsys.readouterr().out
    new = unlabeled(folder, "new")
    (new / "images" / "plant000-leaf0.png").write_bytes(b"broken")
    model = folder.with_name("my leaves-results") / "model"
    outputs = [folder.with_name(name) for name in ("with.csv", "without.csv")]
    assert main(["predict", str(model), str(new), "--output", str(outputs[0])]) == 0
    shutil.rmtree(new / "images")
    assert main(["predict", str(model), str(new), "--output", str(outputs[1])]) == 0
    assert outputs[0].read_text() == outputs[1].read_text()
    assert "image unlike" not in outputs[0].read_text()


def test_the_folder_of_results_is_no_model(compared, tmp_path, capsys):
    assert main(["predict", str(compared.with_name("my leaves-results")), str(compared)]) == 2
    assert "one folder deeper" in capsys.readouterr().err


def test_doubts_about_new_samples_are_said(compared, model, capsys):
    new = unlabeled(compared, "doubtful")
    table = pd.read_csv(new / "spectra.csv", index_col=0)
    table.iloc[0] *= 100
    table.to_csv(new / "spectra.csv")
    assert main(["predict", str(model), str(new)]) == 0
    assert "WARNING spectrum" in capsys.readouterr().err


def test_only_a_model_that_weighs_its_probabilities_is_said_to_do_so():
    plain = DummyClassifier()
    even = BalancedDecision(plain)
    guarded = WithApplicabilityDomain(even)
    guarded.model_ = even
    assert predicting._decides_evenly(even) and predicting._decides_evenly(guarded)
    with_fallbacks = WithFallbacks(even, {"image": even})
    with_fallbacks.fused_ = guarded.model_ = even
    assert predicting._decides_evenly(with_fallbacks)
    guarded.model_ = plain
    assert not predicting._decides_evenly(plain) and not predicting._decides_evenly(guarded)
