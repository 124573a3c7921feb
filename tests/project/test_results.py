"""Results go beside the project, and replace nothing that no comparison wrote."""

import pytest

from mmlib.__main__ import main
from mmlib.project.results import free_name


def test_results_go_where_the_user_says(few_models, folder, tmp_path):
    assert main(["compare", str(folder), "--quick", "--results", str(tmp_path / "here")]) == 0
    assert (tmp_path / "here" / "quick.csv").is_file()
    assert not folder.with_name("my leaves-results").exists()


def test_results_never_replace_what_no_comparison_wrote(folder, tmp_path, capsys):
    mine = tmp_path / "thesis" / "comparison.csv"
    mine.parent.mkdir()
    mine.write_text("a table of mine", encoding="utf-8")
    assert main(["compare", str(folder), "--results", str(mine.parent)]) == 2
    assert "comparison.csv" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "a table of mine"


@pytest.mark.parametrize("inside", [".", "results"])
def test_results_do_not_go_into_the_project(inside, folder, capsys):
    before = sorted(folder.rglob("*"))
    assert main(["compare", str(folder), "--results", str(folder / inside)]) == 2
    assert "--results" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["compare", str(folder), "--results", str(tmp_path / "file" / "x")]) == 2
    assert "--results" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["quick.csv", "report.html"])
def test_a_result_that_another_program_holds_is_named(name, few_models, folder, tmp_path, capsys):
    (tmp_path / "here" / "fits").mkdir(parents=True)  # of an earlier run
    (tmp_path / "here" / name).mkdir()  # no file can be written there, as in one that Excel holds
    assert main(["report", str(folder), "--quick", "--results", str(tmp_path / "here")]) == 2
    assert f"{name} cannot be written" in capsys.readouterr().err


def test_a_name_for_later_predictions_is_free(tmp_path):
    assert free_name(tmp_path / "new") == ""
    for name in ("new-predictions.xlsx", "new-predictions-2.csv"):
        (tmp_path / name).touch()
    assert free_name(tmp_path / "new") == str(tmp_path / "new-predictions-3.csv")
