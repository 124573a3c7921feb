"""What notebook 19 says in words, checked again over several samples and laboratories.

Functions of the notebook are read from the lesson.
"""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.cross_decomposition import PLSRegression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.data.leaves.setups import Setup
from mmlib.evaluation.applicability import HOTELLING, RESIDUALS, ApplicabilityDomain
from mmlib.features import PLSDA, ColorCard, ColorTexture, SpectrumTransfer

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "19_another_day.py"
SEEDS = range(101, 106)
see = ColorTexture().fit_transform


class Study:
    """Leaves, new leaves, and the new leaves in another laboratory."""

    def __init__(self, seed):
        self.leaves = mmlib.make_leaves(160, seed=seed)
        self.new = mmlib.make_leaves(40, seed=1000 + seed)
        self.lab, self.seed = Setup(seed), seed
        self.away = self.lab.measure(self.new)
        self.spectra = self.leaves.X["spectrum"].astype(float)
        self.content, self.truth = (d.info["chlorophyll"] for d in (self.leaves, self.new))
        self.unchanged = self.away.X["spectrum"].astype(float)
        self.pls = self.fit(self.spectra)

    def fit(self, spectra):
        return PLSRegression(10, scale=False).fit(spectra, self.content)

    def rmse(self, spectra, model=None, rows=slice(None)):
        answers = np.ravel((model or self.pls).predict(spectra))
        return np.sqrt(((answers - self.truth)[rows] ** 2).mean())

    def parcel(self, n, seed=0):
        rows = np.random.default_rng([self.seed, seed]).choice(len(self.leaves), n, replace=False)
        return self.spectra[rows], self.lab.spectra(self.spectra[rows], 100 + seed).astype(float)

    def moved(self, how, n, parcels=3, **options):
        found = []
        for seed in range(parcels):
            first, second = self.parcel(n, seed)
            transfer = SpectrumTransfer(how, **options).fit(second, X_source=first)
            found.append((transfer.choice_, self.rmse(transfer.transform(self.unchanged))))
        return [way for way, _ in found], np.median([error for _, error in found])


@pytest.fixture(scope="module")
def studies():
    return [Study(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def scores(studies):
    """What was measured elsewhere -> a row for each study, percent."""
    found = {}
    for study in studies:
        leaves, new, away = study.leaves, study.new, study.away
        train = mmlib.MultimodalData(
            {**leaves.X, "image": see(leaves.X["image"])}, leaves.y, leaves.groups
        )
        ladder = mmlib.fusion.ladder(train)
        names = ("spectrum only", "image only", "early")
        models = {name: ladder[name].fit(train.X, train.y) for name in names}
        known, seen = (lab.photograph() for lab in (Setup(camera=0), study.lab))
        gray = ColorCard("gain").fit(seen[2:3], known=known[2:3])
        card = ColorCard("matrix").fit(seen, known=known)
        pictures = {"own": new.X["image"], "other": away.X["image"]}
        pictures |= {
            "gray": gray.transform(away.X["image"]),
            "card": card.transform(away.X["image"]),
        }
        pictures = {name: see(x) for name, x in pictures.items()}

        def opinions(x, model=models["spectrum only"]):
            return model.predict_proba({"spectrum": x})

        first, second = study.parcel(8)
        transfer = SpectrumTransfer(seen_by=opinions).fit(second, X_source=first)
        spectra = {"own": new.X["spectrum"], "other": study.unchanged}
        spectra["moved"] = transfer.transform(study.unchanged)
        pairs = [("own", name) for name in pictures] + [("other", "own"), ("other", "other")]
        for s, i in [*pairs, ("moved", "card")]:
            X = {"spectrum": spectra[s], "image": pictures[i]}
            row = {name: 100 * model.score(X, new.y) for name, model in models.items()}
            found.setdefault((s, i), []).append(row)
    return {pair: pd.DataFrame(rows) for pair, rows in found.items()}


def test_the_spectrum_loses_more_and_a_perfect_partner_saves_no_fusion(scores):
    lost = {pair: scores["own", "own"] - table for pair, table in scores.items()}
    spectrum, picture = lost["other", "own"]["spectrum only"], lost["own", "other"]["image only"]
    assert spectrum.mean() > picture.mean() + 3 and spectrum.min() > 3
    for pair in (("other", "own"), ("own", "other")):
        assert lost[pair]["early"].mean() > 4 and lost[pair]["early"].min() > -2
    # It depends on the laboratory.
    assert np.ptp(lost["other", "own"]["early"]) > 5


def test_the_card_brings_back_more_than_a_gray_patch_and_both_cures_nearly_all(scores):
    early = pd.DataFrame({pair: table["early"] for pair, table in scores.items()})
    mean = early.mean()
    assert mean["own", "other"] < mean["own", "gray"] < mean["own", "card"]
    assert (early["own", "own"] - early["own", "card"] < 3).all()
    assert abs(mean["own", "own"] - mean["moved", "card"]) < 3
    assert mean["moved", "card"] > mean["other", "other"] + 5
    ceiling = 100 * mmlib.ceilings(mmlib.make_leaves(10))["joint"][0]
    assert mean["moved", "card"] < ceiling + 2


def test_whole_days_are_harder_than_whole_plants(studies):
    ratios = []
    for study in studies:
        day, several = study.leaves.info["session"], study.spectra.copy()
        for k in range(6):
            lab = Setup(100 * study.seed + k)
            several[day == k] = lab.spectra(study.spectra[day == k], random_state=k)
        pls, errors = PLSRegression(10, scale=False), {}
        for name, groups in {"plants": study.leaves.groups, "days": day}.items():
            answers = cross_val_predict(
                pls, several, study.content, groups=groups, cv=GroupKFold(6)
            )
            errors[name] = np.sqrt(((np.ravel(answers) - study.content) ** 2).mean())
        ratios.append(errors["days"] / errors["plants"])
    assert min(ratios) > 1.05 and np.mean(ratios) > 1.3


def test_q_residuals_see_another_spectrometer_and_t2_hardly_does(studies):
    beyond = []
    for study in studies:
        domain = ApplicabilityDomain(alarm=0.05)
        domain.fit({"spectrum": study.spectra}, groups=study.leaves.groups)
        own, other = (
            (domain.distances({"spectrum": x})["spectrum"] > 1).mean()
            for x in (study.new.X["spectrum"], study.unchanged)
        )
        assert other[RESIDUALS] > 0.9 and other[HOTELLING] < 0.5
        beyond.append(other[HOTELLING])
        assert own[RESIDUALS] < 0.2 and own[HOTELLING] < 0.1
    assert np.median(beyond) < 0.2


def test_few_standards_carry_an_offset_and_many_direct_standardization(studies):
    worse, more = [], []
    for study in studies:
        error = {(h, n): study.moved(h, n)[1] for h in ("offset", "DS") for n in (4, 8, 64)}
        own = study.rmse(study.new.X["spectrum"])
        assert study.rmse(study.unchanged) > 2.5 * own
        assert error["DS", 4] > 1.5 * error["offset", 4]
        worse.append(error["DS", 8] / error["offset", 8])
        assert error["DS", 64] < min(error["offset", 64], 1.5 * own)
        more.append(error["offset", 4] / error["offset", 64])
        assert error["DS", 64] < study.moved("PDS", 64)[1]
    assert min(worse) > 0.95 and sorted(worse)[1] > 1.2
    assert max(more) < 1.6 and np.mean(more) < 1.25  # sixty more standards gain little


def test_the_answers_of_the_model_choose_the_way(studies):
    for study in studies:
        few, error = study.moved(None, 8, seen_by=study.pls.predict)
        assert "DS" not in few and "none" not in few
        assert error < study.moved("DS", 8)[1]
        many, _ = study.moved(None, 64, parcels=1, seen_by=study.pls.predict)
        assert set(many) == {"DS"}


def test_standards_left_out_tell_the_error_of_ds_on_average_and_within_their_range(
    studies,
):
    within, beyond, left, true = ([[] for _ in studies] for _ in range(4))
    for k, study in enumerate(studies):
        for seed in range(8):
            first, second = study.parcel(8, seed)
            transfer = SpectrumTransfer(seen_by=study.pls.predict).fit(second, X_source=first)
            left[k].append(transfer.errors_["DS"])
            moved = SpectrumTransfer("DS").fit(second, X_source=first).transform(study.unchanged)
            true[k].append(study.rmse(moved))
            rows = np.random.default_rng([study.seed, seed]).choice(len(study.leaves), 8, False)
            dark = study.truth > study.content[rows].max()
            if dark.sum() > 5:
                within[k].append(study.rmse(moved, rows=~dark))
                beyond[k].append(study.rmse(moved, rows=dark))
        assert np.mean(beyond[k]) > 1.4 * np.mean(within[k])
    ratio = np.divide(np.mean(left, axis=1), np.mean(true, axis=1))
    assert ratio.min() > 0.7 and ratio.max() < 2
    assert np.mean(np.max(left, axis=1) / np.min(left, axis=1)) > 2


def test_a_transfer_flatters_on_its_own_standards(studies):
    for study in studies:
        source = study.new.X["spectrum"][:8]
        fitted = SpectrumTransfer("DS").fit(study.unchanged[:8], X_source=source)
        moved = fitted.transform(study.unchanged)
        own = study.rmse(study.new.X["spectrum"], rows=slice(8))
        assert study.rmse(moved, rows=slice(8)) == pytest.approx(own, rel=0.01)
        assert study.rmse(moved, rows=slice(8, None)) > 2 * own


def test_epo_pays_on_days_never_seen_and_costs_little_on_the_first(studies):
    for study in studies:
        leaf, _ = study.parcel(8)
        base = 100 * study.seed
        days = [leaf, *(Setup(base + k, 0.5).spectra(leaf, k) for k in range(6))]
        parts = np.concatenate(days - np.mean(days, axis=0))
        V = np.linalg.svd(parts, full_matrices=False)[2][:6]

        def without(x, V=V):
            return x - (x @ V.T) @ V

        x = study.new.X["spectrum"].astype(float)
        later = [Setup(base + k, 0.5).spectra(x, k).astype(float) for k in range(50, 56)]
        model = study.fit(without(study.spectra))
        plain = np.mean([study.rmse(day) for day in later])
        epo = np.mean([study.rmse(without(day), model) for day in later])
        assert epo < 0.6 * plain
        assert study.rmse(without(x), model) < study.rmse(x) + 1


def test_only_a_one_class_model_can_refuse_what_nobody_has_shown_it(studies):
    axis = studies[0].leaves.axes["spectrum"]
    found = []
    spray = np.exp(-0.2 * np.exp(-0.5 * ((axis - 800) / 30) ** 2))
    for study in studies:
        y, groups = study.leaves.y, study.leaves.groups
        one = ApplicabilityDomain(alarm=0.05)
        one.fit({"spectrum": study.spectra[y == 0]}, groups=groups[y == 0])
        two = make_pipeline(PLSDA(10), LinearDiscriminantAnalysis())
        two.fit(study.spectra[y <= 1], y[y <= 1])
        shown = [study.new.X["spectrum"][study.new.y == k] for k in range(3)]
        shown.append(shown[0] * spray)
        accepted = [1 - one.is_new({"spectrum": x})["spectrum"].mean() for x in shown]
        healthy = [(two.predict(x) == 0).mean() for x in shown]
        assert accepted[0] > 0.85 and accepted[2] > 0.8 and accepted[3] == 0
        assert accepted[1] > 0.2
        assert healthy[1] < 0.3
        found.append(healthy)
    assert np.mean(found, axis=0)[[0, 2, 3]].min() > 0.85 and np.min(found, axis=0)[3] > 0.7


def test_slope_and_bias_of_the_notebook_are_exact_on_a_line():
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    kept = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "corrected"]
    names = {"np": np}
    exec(compile(ast.Module(kept, []), str(LESSON), "exec"), names)
    predicted, measured = np.array([31.0, 46, 61]), np.array([20.0, 40, 60])
    np.testing.assert_allclose(names["corrected"](predicted, measured, predicted), measured)
