"""The report: one file, no network, legible to all, and it says what the numbers say."""

import json
import re
import shutil
from hashlib import sha256
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.dummy import DummyClassifier
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

import mmlib
from mmlib.features import image_baselines, spectrum_baselines
from mmlib.features.blocks import default_block
from mmlib.fusion.early import early_fusion
from mmlib.project.report import make_report, write_report
from mmlib.project.sections import holm

OUTSIDE = """() => [...document.querySelectorAll('caption, h1, h2, p')]
    .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.innerText)"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def page():
    leaves = mmlib.make_leaves(60, lesions=2, synergy=2)
    leaves.meta["notes"] = ["images: <shrunk> to 21 %."]
    models = {
        "spectrum only": spectrum_baselines()["LDA on PCA"],
        "early": early_fusion(leaves),
        "late": spectrum_baselines()["random forest"],
    }
    result = mmlib.compare(models, leaves, n_repeats=2)
    return make_report(result), result


def test_it_answers_the_question_from_the_numbers(page):
    text, result = page
    assert "Yes, fusion helps here." in text
    assert result.sentence("early", "spectrum only", decimals=1)[1:] in text
    for name in result.models:
        assert f"{result.table.loc[name, 'mean']:.3f}" in text
    assert "60 groups of 5 samples" in text


def test_it_needs_nothing_but_itself(page):
    text, _ = page
    assert not re.search(r"<script|<link|src=\"(?!data:)|url\(|@import", text)
    assert len(text.encode()) < 5_000_000


def test_names_of_the_user_are_text_and_never_markup(page):
    text, _ = page
    assert "&lt;shrunk&gt;" in text and "<shrunk>" not in text


def test_every_picture_is_described_and_every_table_has_a_caption(page):
    text, _ = page
    pictures = re.findall(r"<img [^>]*>", text)
    assert len(pictures) >= 5 and all(re.search(r'alt="[^"]{20,}"', p) for p in pictures)
    assert text.count("<table") == text.count("<caption>")


def test_spectra_are_not_said_to_be_of_a_quantity_that_nobody_named(page):
    assert "Mean measured value of" in page[0] and "Mean reflectance" not in page[0]


def test_a_quantity_has_its_own_report():
    leaves = mmlib.make_leaves(30, target="chlorophyll")
    models = {
        "spectrum only": spectrum_baselines(task="regression")["PLS"],
        "early": early_fusion(leaves),
    }
    text = make_report(mmlib.compare(models, leaves, n_repeats=2))
    assert "Predicted and measured" in text and "RMSE" in text
    assert "Can the probabilities be trusted" not in text


def test_missing_groups_are_pointed_out():
    leaves = mmlib.make_leaves(20, 2)
    alone = mmlib.MultimodalData({"spectrum": leaves.X["spectrum"]}, leaves.y)
    models = {"spectrum only": spectrum_baselines()["PLS-DA"], "early": spectrum_baselines()["SVM"]}
    text = make_report(mmlib.compare(models, alone, n_folds=2, n_repeats=2))
    assert "No groups were given" in text
    assert not re.search(r"\bnan\b", text)


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium")
def test_a_browser_finds_no_barrier(page, tmp_path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = tmp_path / "report.html"
    path.write_text(page[0], encoding="utf-8")
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = chromium.new_page()
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        results = Axe().run(tab)
        tab.set_viewport_size({"width": 400, "height": 900})
        outside = tab.evaluate(OUTSIDE)
        chromium.close()
    assert outside == []  # on a phone a table is moved, and its caption is read without that
    assert results.violations_count == 0, results.generate_report()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_it_says_what_each_modality_is_worth():
    leaves = mmlib.make_leaves(60, lesions=2, synergy=2)
    blocks = {name: default_block(x.shape[1:]) for name, x in leaves.X.items()}
    models = {f"{name} only": early_fusion(blocks={name: b}) for name, b in blocks.items()}
    result = mmlib.compare(models | {"early": early_fusion(leaves)}, leaves, n_repeats=1)
    text = make_report(result)
    said = re.findall(r"row\">([^<]*)</th><td>([+-][\d.]+)</td><td>([+-][\d.]+)</td>", text)
    points = {name: (float(mean), float(low)) for name, mean, low in said}
    gain = points["early fusion, beyond naming the most frequent class"][0]
    wanted = 100 * (result.table.loc["early", "mean"] - 0.2)
    assert gain == pytest.approx(wanted, abs=0.06)
    shares = [points[f"of that, from the {name}"] for name in ("image", "spectrum")]
    assert sum(mean for mean, _ in shares) == pytest.approx(gain, abs=0.16)
    assert all(low < mean for mean, low in shares)
    recognized = text.split("class recognized")[1]
    row = re.search(r"<th scope=\"row\">drought \(60\)</th>(.*?)</tr>", recognized)[1]
    found = [float(x) for x in re.findall(r"<td>(\d+)</td>", row)]
    assert found[0] > found[1] + 20  # only the spectrum sees water


def test_where_nothing_was_learned_there_is_nothing_to_share_out():
    leaves = mmlib.make_leaves(12, 1)
    models = {name: DummyClassifier() for name in ("spectrum only", "image only", "early")}
    text = make_report(mmlib.compare(models, leaves, n_folds=2, n_repeats=1))
    assert "cannot be shown, so there is nothing to share out" in text
    assert "understood only together" not in text and "groups of 1 sample;" in text


def test_worth_and_trust_are_about_the_models_of_the_verdict():
    leaves = mmlib.make_leaves(50, 2, lesions=2, synergy=2)
    svm, guess = spectrum_baselines()["SVM"], DummyClassifier()
    models = {"spectrum only": guess, "spectrum only (svm)": svm}
    models |= {"image only": guess, "image only (svm)": image_baselines()["SVM"]}
    models |= {"early": guess, "early (svm)": early_fusion(leaves, classifier=LinearSVC())}
    text = make_report(mmlib.compare(models, leaves, n_folds=3, n_repeats=1))
    assert "early (svm)" in text.split("class recognized")[1].split("</table>")[0]
    assert "early fusion (svm), beyond naming" in text
    assert "early (svm) gave none" in text.replace("and ", "")


def test_few_samples_are_not_said_to_complete_each_other():
    leaves = mmlib.make_leaves(30, 2)
    blocks = {name: default_block(x.shape[1:]) for name, x in leaves.X.items()}
    models = {f"{name} only": early_fusion(blocks={name: b}) for name, b in blocks.items()}
    leaves.meta["warnings"] = ["spectra: percent."]
    models["early"] = early_fusion(leaves)
    text = make_report(mmlib.compare(models, leaves, n_folds=3, n_repeats=1))
    assert "cannot be told from so few samples" in text
    assert "Doubt about the data:</strong> spectra: percent." in text
    assert '<p class="verdict"><strong>First look.</strong> ' in text


def test_names_in_other_scripts_make_no_noise(recwarn):
    leaves = mmlib.make_leaves(20, 2)
    leaves.target_names = ["健康", "干旱", "枯萎", "缺磷", "缺氮"]
    models = {"spectrum only": spectrum_baselines()["SVM"], "early": early_fusion(leaves)}
    assert "健康" in make_report(mmlib.compare(models, leaves, n_folds=2, n_repeats=1))
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


def test_a_small_quantity_does_not_read_as_zero_and_the_figure_shows_single_predictions():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3))
    y = 1e-4 * (x[:, 0] + rng.normal(size=60))
    data = mmlib.MultimodalData({"a": x, "b": x[:, ::-1].copy()}, y, task="regression")
    tree = DecisionTreeRegressor()
    models = {"a only": make_pipeline(mmlib.Select("a"), tree),
              "early": make_pipeline(mmlib.Select("b"), tree)}  # fmt: skip
    result = mmlib.compare(models, data, n_repeats=5)
    text = make_report(result)
    assert f"<td>{result.table.loc['early', 'mean']:.2g}</td>" in text
    once = result.predictions["early"][0]
    rmse, share = root_mean_squared_error(y, once), r2_score(y, once)
    assert f"typically {rmse:.2g} off, R2 {share:.2f}" in text


def test_numbers_that_were_chosen_and_groups_of_classes_have_tables(page):
    text, result = page
    assert "<h2>What each model is</h2>" in text
    row = re.search(r"<th scope=\"row\">drought</th><td>(\d+)</td><td>(\d+)</td>", text)
    drought = result.data.y == list(result.data.target_names).index("drought")
    assert [int(n) for n in row.groups()] == [60, len(np.unique(result.data.groups[drought]))]
    assert "Nothing left this computer." in text and "<h2>How to cite</h2>" in text


def test_p_is_corrected_for_all_differences_of_the_table(page):
    text, result = page
    p = [result.paired(name, "spectrum only").p for name in ("early", "late")]
    said = re.search(r"p is corrected for 2 comparisons by the method of Holm.*?</table>", text)[0]
    found = [row.split("</td><td>")[-1] for row in re.findall(r"<td>(.*?)</td></tr>", said)]
    order = np.argsort(p)
    expected = np.empty(2)
    expected[order] = [min(2 * p[order[0]], 1), min(max(2 * p[order[0]], p[order[1]]), 1)]
    assert found == [f"{x:.3f}" if x >= 0.0005 else "under 0.001" for x in expected]


def test_holm_leaves_what_cannot_be_told_and_counts_it():
    assert holm([0.01, np.nan, 0.2]).round(3).tolist()[::2] == [0.03, 0.4]
    assert np.isnan(holm([0.01, np.nan, 0.2])[1]) and holm([0.9, 0.8]).max() == 1
    assert holm([]).tolist() == []


def test_probabilities_of_few_samples_are_not_judged():
    leaves = mmlib.make_leaves(30, 2)
    models = {"spectrum only": spectrum_baselines()["LDA on PCA"], "early": early_fusion(leaves)}
    text = make_report(mmlib.compare(models, leaves, n_folds=2, n_repeats=1))
    assert "60 samples cannot show whether stated probabilities are right" in text
    assert "Share right against" not in text


@pytest.fixture(scope="module")
def written(few_models, template, tmp_path_factory):
    """A quick report of a project, and the folder that holds it."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("report") / "my leaves")
    table = pd.read_csv(folder / "samples.csv")
    table["label"] = table["label"].replace("healthy", r"a_b & 5 % \input{x}")
    table.to_csv(folder / "samples.csv", index=False)
    project = mmlib.Project(folder)
    return project.report(quick=True), project.results


def test_a_quick_report_says_first_look_beside_its_verdict(written):
    outcome, results = written
    text = (results / "report.html").read_text(encoding="utf-8")
    verdict = re.search(r'<p class="verdict">(.*?)</p>', text)[1]
    assert verdict == f"<strong>First look.</strong> {outcome.verdict.answer}"
    assert "A first look, with one repeat and short training: a full run may change it." in text
    assert "was not estimated in this first look" in text
    assert f"Made on {outcome.when:%Y-%m-%d} with the seed 0." in text
    assert outcome.kept[0] in text.replace("&#x27;", "'")
    outcome.quick, outcome.promised = False, "It promises 0.81."
    full = make_report(outcome.result, found=outcome.verdict, outcome=outcome)
    outcome.quick = True
    assert "irst look" not in full and "It promises 0.81." in full
    assert "(Tsamardinos et al. 2018)" in full and "(Tsamardinos" not in text


def test_every_figure_is_an_svg_and_a_png_for_print(written):
    _, results = written
    text = (results / "report.html").read_text(encoding="utf-8")
    figures = sorted(path.stem for path in (results / "figures").glob("*.svg"))
    assert len(figures) == text.count("<figure>") and "scores" in figures
    for name in figures:
        root = ElementTree.parse(results / "figures" / f"{name}.svg").getroot()
        inches = float(root.get("width").removesuffix("pt")) / 72
        with Image.open(results / "figures" / f"{name}.png") as picture:
            assert picture.width == pytest.approx(300 * inches, abs=2)
            assert picture.info["dpi"][0] == pytest.approx(300, abs=1)


def test_every_table_is_csv_and_latex(written):
    _, results = written
    text = (results / "report.html").read_text(encoding="utf-8")
    tables = sorted(path.stem for path in (results / "tables").glob("*.csv"))
    assert len(tables) == text.count("<table") and {"scores", "differences"} <= set(tables)
    shown = re.search(r"Samples and groups of each class.*?</table>", text, re.DOTALL)[0]
    table = pd.read_csv(results / "tables" / "classes.csv", dtype=str)
    assert table["samples"].tolist() == re.findall(r"<td>(\d+)</td><td>\d+</td>", shown)
    made = (results / "tables" / "classes.tex").read_text(encoding="utf-8")
    assert r"a\_b \& 5 \% \textbackslash{}input" in made and r"\input" not in made
    assert made.count(r"\\") == len(table) + 1 and made.count("&") == 2 * (len(table) + 1) + 1


def test_the_record_is_of_the_files_that_are_there(written):
    _, results = written
    crate = json.loads((results / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    files = [part for part in crate["@graph"] if part["@type"] == "File"]
    there = {path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()}
    there = {name for name in there if not name.startswith(("fits/", "model/"))}
    assert {part["@id"] for part in files} == there - {"ro-crate-metadata.json"}
    for part in files:
        content = (results / part["@id"]).read_bytes()
        assert sha256(content).hexdigest() == part["sha256"]


def test_a_second_report_replaces_the_first_file_by_file(written):
    outcome, results = written
    before = {path: path.read_bytes() for path in results.rglob("*.svg")}
    write_report(outcome, results)
    assert {path: path.read_bytes() for path in results.rglob("*.svg")} == before
