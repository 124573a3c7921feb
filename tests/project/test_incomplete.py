"""A sample without a picture or a spectrum stops nobody: it is named, and left out or kept."""

import shutil

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import mmlib
from mmlib import DataError
from mmlib.__main__ import main
from mmlib.features import image_baselines, spectrum_baselines
from mmlib.fusion.early import early_fusion
from mmlib.project.predicting import predict
from mmlib.project.reading.load import read_project
from mmlib.project.saving.about import read_about


def take_out(folder, spectra=(), pictures=(), blank=()):
    """The folder without some rows of the spectra (or with empty ones), and some pictures."""
    table = pd.read_csv(folder / "spectra.csv", index_col=0)
    table.loc[list(blank)] = np.nan
    table.drop(index=list(spectra)).to_csv(folder / "spectra.csv")
    for name in pictures:
        (folder / "images" / f"{name}.png").unlink()


def warnings(folder, **how):
    return [str(finding) for finding in mmlib.check_folder(folder, **how)[1].of("warning")]


def test_one_sample_without_a_picture_is_named_and_left_out(project):
    take_out(project, pictures=["s03"])
    data, findings = mmlib.check_folder(project)
    assert len(data) == 29 and "s03" not in data.ids and not findings.of("error")
    assert (
        "picture: 1 sample has none, of 30: s03; it is left out; --missing keep lets it take part "
        "where that can be."
    ) in map(str, findings.of("warning"))


def test_some_without_a_spectrum_are_counted_and_the_first_are_named(project):
    take_out(project, spectra=[f"s{k:02d}" for k in range(6)], blank=["s08"])
    assert (
        "spectrum: 7 samples have none, of 30: s00, s01, s02, s03, s04 and 2 more; they are left "
        "out; --missing keep lets them take part where that can be."
    ) in warnings(project)
    assert len(mmlib.load_folder(project)) == 23


def test_the_others_keep_their_numbers_and_their_rows(project):
    whole = mmlib.load_folder(project)
    take_out(project, spectra=["s04"], pictures=["s11"])
    rest = mmlib.load_folder(project)
    rows = [k for k, name in enumerate(whole.ids) if name not in ("s04", "s11")]
    assert rest.fingerprint() == whole.take(rows).fingerprint()


def test_kept_ones_are_beside_the_data_for_the_models_that_can_do_without(project):
    whole = mmlib.load_folder(project)
    take_out(project, spectra=["s04"], pictures=["s11", "s12"])
    data, findings, alone = read_project(project, "keep")
    assert len(data) == 27 and list(alone) == ["spectrum", "image"]
    for name, gone in (("spectrum", ["s04"]), ("image", ["s11", "s12"])):
        rows = [k for k, sample in enumerate(whole.ids) if sample not in gone]
        expected = whole.take(rows)
        assert alone[name].ids.tolist() == expected.ids.tolist()
        np.testing.assert_array_equal(alone[name].X[name], expected.X[name])
        assert alone[name].modalities == [name] and alone[name].groups is not None
    said = " ".join(map(str, findings))
    assert "s04; it takes no part in the comparison, but trains the model that can" in said
    assert "s11, s12; they take no part in the comparison, but train the model that can" in said


def test_who_has_nothing_is_left_out_whatever_is_asked_for(project):
    take_out(project, spectra=["s04", "s05"], pictures=["s04", "s05", "s09"])
    for missing in ("leave-out", "keep"):
        said = warnings(project, missing=missing)
        both = "2 samples have no spectrum and no picture, of 30: s04, s05"
        assert f"project: {both}; they are left out." in said
        assert any(x.startswith("picture: 1 sample has none, of 30: s09; it ") for x in said)
    shutil.rmtree(project / "images")
    assert "project: 2 samples have no spectrum, of 30: s04, s05; they are left out." in warnings(
        project
    )


def test_a_class_that_loses_too_many_is_a_fault_of_the_complete_samples(project):
    table = pd.read_csv(project / "samples.csv")
    rare = table[table["label"] == "c"]
    keep = rare["group"].iloc[0]
    take_out(project, pictures=rare["id"][rare["group"] != keep])
    data, findings = mmlib.check_folder(project)
    (fault,) = findings.of("error")
    n = 30 - (rare["group"] != keep).sum()
    assert data is None and str(fault).startswith(
        f"the {n} complete samples: class 'c' has 1 group"
    )
    take_out(project, pictures=rare["id"][rare["group"] == keep])
    data, findings = mmlib.check_folder(project)
    assert data.target_names == ["a", "b"]
    assert "no complete sample is left of the class c" in str(findings)


def test_a_quantity_may_have_gaps_too(project):
    table = pd.read_csv(project / "samples.csv").rename(columns={"label": "target"})
    table["target"] = [f"{k},5" for k in range(30)]
    table.to_csv(project / "samples.csv", index=False, sep=";")
    take_out(project, pictures=["s03"])
    data, _, alone = read_project(project, "keep")
    assert data.y.tolist() == [k + 0.5 for k in range(30) if k != 3]
    assert alone["spectrum"].y.tolist() == [k + 0.5 for k in range(30)]


def test_where_no_sample_has_both_nothing_can_be_compared(project):
    names = pd.read_csv(project / "samples.csv")["id"].tolist()
    take_out(project, spectra=names[:15], pictures=names[15:])
    assert "no sample has spectrum and picture at once" in str(mmlib.check_folder(project)[1])


def test_pictures_that_the_table_names_may_be_missing_but_not_all(project):
    table = pd.read_csv(project / "samples.csv")
    table["image"] = [f"{name}.png" for name in table["id"]]
    table.loc[3, "image"] = "other.png"  # s03.png is there, but is not what the table names
    table.to_csv(project / "samples.csv", index=False)
    said = " ".join(warnings(project))
    assert "samples (id s03): there is no picture 'other.png'; copy it into images/." in said
    assert "picture: 1 sample has none, of 30: s03" in said
    assert "s03" not in mmlib.load_folder(project).ids
    table["image"] = "other.png"
    table.to_csv(project / "samples.csv", index=False)
    with pytest.raises(DataError, match=r"there is no picture 'other\.png'"):
        mmlib.load_folder(project)


def test_another_way_with_them_is_refused(project):
    with pytest.raises(DataError, match="missing is 'drop': it must be leave-out or keep"):
        mmlib.check_folder(project, missing="drop")


@pytest.fixture(scope="module")
def three_models():
    def ladder(data, budget, random_state, forests, pixels):
        single = {
            "spectrum only": spectrum_baselines(task=data.task)["SVM"],
            "image only": image_baselines(task=data.task)["SVM"],
        }
        single = {name: model for name, model in single.items() if name.split()[0] in data.X}
        return single | ({"early": early_fusion(data)} if len(data.X) > 1 else {})

    patch = pytest.MonkeyPatch()
    patch.setattr("mmlib.fusion.ladder", ladder)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def clear(template, tmp_path_factory):
    """Leaves whose spectra tell two of five classes plainly, and whose pictures two others."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("clear") / "leaves")
    codes = pd.read_csv(folder / "samples.csv", index_col=0)["label"].astype("category").cat.codes
    spectra = pd.read_csv(folder / "spectra.csv", index_col=0)
    spectra.iloc[:, :90] += 0.3 * codes.loc[spectra.index].clip(0, 2).to_numpy()[:, None]
    spectra.to_csv(folder / "spectra.csv")
    for name, code in codes.items():
        path = folder / "images" / f"{name}.png"
        picture = np.asarray(Image.open(path)) * (1 - 0.3 * max(code - 2, 0))
        Image.fromarray(picture.astype(np.uint8)).save(path)
    return folder


@pytest.fixture(scope="module")
def gaps(clear, tmp_path_factory):
    """Of these leaves two have no picture and one no spectrum."""
    folder = shutil.copytree(clear, tmp_path_factory.mktemp("gaps") / "leaves")
    ids = pd.read_csv(folder / "samples.csv")["id"]
    take_out(folder, spectra=[ids[7]], pictures=[ids[3], ids[20]])
    return folder


@pytest.fixture(scope="module")
def outcomes(three_models, gaps):
    """What is kept where incomplete samples are left out, and where they are kept."""
    found = {}
    for missing in ("leave-out", "keep"):
        project = mmlib.Project(gaps, gaps.with_name(missing), missing)
        found[missing] = project.compare(quick=True)
    return found


def test_kept_samples_leave_the_comparison_as_it_is(outcomes):
    tables = [outcome.result.table for outcome in outcomes.values()]
    pd.testing.assert_frame_equal(*tables)
    said = str(outcomes["keep"])
    assert "Where a sample has a spectrum only, 'spectrum only' decides: accuracy 0." in said
    assert "on the 59 samples that have one" in said
    assert "a spectrum only" not in str(outcomes["leave-out"])


def new_samples(clear, tmp_path, name, **gone):
    folder = shutil.copytree(clear, tmp_path / name)
    table = pd.read_csv(folder / "samples.csv").drop(columns=["label", "group"]).head(6)
    table.to_csv(folder / "samples.csv", index=False)
    take_out(folder, **gone)
    return folder


def test_a_model_with_fallbacks_predicts_what_is_there(outcomes, clear, tmp_path):
    ids = pd.read_csv(clear / "samples.csv")["id"]
    whole = new_samples(clear, tmp_path, "whole")
    some = new_samples(clear, tmp_path, "some", pictures=[ids[1]], spectra=[ids[2], ids[4]])
    (some / "images" / f"{ids[4]}.png").unlink()
    kept = outcomes["keep"].model
    complete, found = predict(kept, whole), predict(kept, some)
    assert "remark" not in complete.table
    rest = [0, 3, 5]
    alike = complete.table.columns
    pd.testing.assert_frame_equal(
        found.table.loc[rest, alike].reset_index(drop=True),
        complete.table.loc[rest].reset_index(drop=True),
        check_dtype=False,
    )
    assert found.table["remark"].tolist() == [
        "",
        "there is no picture: predicted from the spectrum alone",
        "there is no spectrum: predicted from the picture alone",
        "",
        "no prediction: there is no spectrum and no picture, which the model needs",
        "",
    ]
    assert found.table.loc[[1, 2], "predicted"].notna().all()
    assert pd.isna(found.table.loc[4, "predicted"])
    assert found.table["image unlike the training data"].isna().tolist() == [
        k in (1, 4) for k in range(6)
    ]
    assert "5 predictions are in" in str(found) and "1 sample has no prediction" in str(found)
    inner = mmlib.load(kept).model_
    spectrum = mmlib.load_folder(clear).X["spectrum"][:6]
    own = inner.fallbacks_["spectrum"].predict({"spectrum": spectrum})[1]
    known = read_about(kept).data
    assert found.table.loc[1, "predicted"] == known.target_names[known.labels.index(own)]


def test_a_model_without_says_which_rows_it_cannot_predict(outcomes, clear, tmp_path, capsys):
    ids = pd.read_csv(clear / "samples.csv")["id"]
    some = new_samples(clear, tmp_path, "some", pictures=[ids[1], ids[2]])
    model = outcomes["leave-out"].model
    assert set(read_about(model).data.shapes) == {"spectrum", "image"}
    assert main(["predict", str(model), str(some)]) == 0
    said = capsys.readouterr()
    assert "4 predictions are in" in said.out
    assert "2 samples have no prediction: the column remark says why." in said.out
    assert "picture: 2 samples have none, of 6" in said.err and "look at their rows" in said.err
    table = pd.read_csv(some.with_name("some-predictions.csv"))
    assert table["predicted"].isna().tolist() == [False, True, True, False, False, False]
    assert table["remark"][1] == "no prediction: there is no picture, which the model needs"
    book = pd.read_excel(some.with_name("some-predictions.xlsx"), engine="calamine")
    pd.testing.assert_frame_equal(book, table, check_dtype=False)


def test_a_modality_that_all_new_samples_lack_is_a_fault_only_where_nothing_steps_in(
    outcomes, clear, tmp_path
):
    bare = new_samples(clear, tmp_path, "bare")
    shutil.rmtree(bare / "images")
    with pytest.raises(DataError, match="bare has no image, which the model was trained on"):
        predict(outcomes["leave-out"].model, bare)
    assert predict(outcomes["keep"].model, bare).table["remark"].nunique() == 1
