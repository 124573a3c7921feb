"""Prices in a folder: read in any spelling, faults named, shown in the report."""

import re

import pandas as pd
import pytest

import mmlib
from mmlib.__main__ import main
from mmlib.project import comparing
from mmlib.project.reading.load import read_project

GOOD = "modality,price (EUR)\nimage,0.50\nspectrum,12\n"


def prices(folder, text, name="prices.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    checked = read_project(folder)
    return checked.data and checked.data.meta.get("prices"), checked.findings


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (GOOD, "EUR"),
        ("Modality;Price [min]\nSpectrum;12,0\nIMAGE;0,5\n", "min"),
        ("note\tmodality\tprice\nx\timage\t0.5\ny\tspectrum\t12\n", ""),
    ],
)
def test_prices_are_read_in_any_spelling(text, unit, project):
    found, findings = prices(project, text)
    assert found.each == {"spectrum": 12.0, "image": 0.5} and found.unit == unit
    assert not findings.of("error") and "not used" not in str(findings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modality,cost\nimage,1\nspectrum,2\n", "prices.csv: its columns are modality, cost"),
        ("modality,price\nimage,1\n", "there is no price for spectrum"),
        ("modality,price\nimage,1\nspectrum,2\nscent,3\n", "row 4: 'scent' is no modality"),
        ("modality,price\nimage,1\nspectrum,2\nimage,3\n", "row 4: 'image' has a price already"),
        ("modality,price\nimage,-1\nspectrum,2\n", "row 2: the price is -1"),
        ("modality,price\nimage,cheap\nspectrum,2\n", "row 2"),
        ("modality,price\nimage,\nspectrum,2\n", "row 2"),
    ],
)
def test_a_faulty_table_of_prices_is_named_and_nothing_is_used(text, said, project):
    found, findings = prices(project, text)
    assert found is None and any(said in str(finding) for finding in findings.of("error"))


def test_two_tables_of_prices_are_one_too_many(project):
    (project / "prices.txt").write_text(GOOD, encoding="utf-8")
    found, findings = prices(project, GOOD)
    assert found is None and "keep one" in str(findings.of("error")[0])


def test_without_prices_nothing_is_said_of_them(project):
    assert "prices" not in mmlib.load_folder(project).meta


@pytest.fixture
def with_camera(few_models, monkeypatch):
    """The image alone, too: what a cascade begins with."""
    from mmlib.fusion.early import early_fusion

    few = comparing.fusion.ladder

    def ladder(data, *args, **options):
        return {"image only": early_fusion(data, modalities=["image"])} | few(
            data, *args, **options
        )

    monkeypatch.setattr(comparing.fusion, "ladder", ladder)


def test_the_report_shows_what_accuracy_costs(with_camera, folder, capsys):
    (folder / "prices.csv").write_text(GOOD, encoding="utf-8")
    assert main(["report", str(folder), "--quick"]) == 0
    said = capsys.readouterr().out
    share = int(re.search(r"(\d+) % of the samples need all", said)[1])
    results = folder.with_name("my leaves-results")
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "What a sample costs" in page and f"{share} % of the samples need all" in page
    table = pd.read_csv(results / "tables" / "costs.csv", index_col="model")
    assert table.loc["image only", "price of a sample"] == "0.5 EUR"
    assert table.loc["cascade", "all measured (%)"] == share
    assert (results / "figures" / "costs.svg").is_file()
    scores = pd.read_csv(results / "quick.csv", index_col="model")
    assert "cascade" not in scores.index  # it takes no part in the verdict
