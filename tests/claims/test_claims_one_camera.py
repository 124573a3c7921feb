"""What notebook 17 says in words, checked again over five simulated samples."""

from itertools import combinations

import numpy as np
import pytest
from chemotools.scatter import StandardNormalVariate
from scipy.ndimage import binary_erosion
from scipy.spatial.distance import cdist
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import GroupKFold, KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mmlib
from mmlib.data.leaves.hyperspectral import CAMERA, cube_ceilings, make_cubes
from mmlib.data.splits import group_folds
from mmlib.features import PLS
from mmlib.features.cube_measures import band_table, find_plants, to_reflectance
from mmlib.features.interval_pls import IntervalSelector
from mmlib.features.measures import shape_features
from mmlib.features.wavelengths import BandSelector, stability
from mmlib.fusion import early_fusion

SEEDS = range(201, 206)
CLUES_GONE = {"lesions": 0, "synergy": 0}


def see(seed, n_plants=120, **knobs):
    """Leaves, their cubes and masks, and the blocks of the notebook."""
    leaves = make_cubes(n_plants, seed=seed, **knobs)
    cubes = to_reflectance(leaves.X["cube"], leaves.X["white"], leaves.X["dark"])
    masks = find_plants(cubes, CAMERA)
    table = band_table(cubes, masks)
    form = np.column_stack(list(shape_features(masks).values()))
    blocks = {"spectrum": table[..., 0], "pictures": table[..., :6], "patterns": table}
    data = mmlib.MultimodalData({**blocks, "form": form}, leaves.y, leaves.groups)
    return leaves, cubes, masks, data


def fused(**blocks):
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return early_fusion(blocks=blocks, classifier=lda)


def models():
    scale, six = StandardScaler(), [BandSelector(6), StandardScaler()]
    return {
        "form": fused(form=scale),
        "six means": fused(spectrum=six),
        "intervals": fused(spectrum=[IntervalSelector(), scale]),
        "pictures": fused(pictures=six),
        "pictures + form": fused(pictures=six, form=scale),
        "mean": fused(spectrum=scale),
        "mean + form": fused(spectrum=scale, form=scale),
        "all": fused(spectrum=scale, pictures=six, form=scale),
        "all, LBP": fused(spectrum=scale, patterns=six, form=scale),
    }


def pixels_of(leaves, cubes, masks):
    """20 pixels of each leaf of 60 plants, and the leaf of each."""
    rng = np.random.default_rng(0)
    leaf = np.repeat(np.flatnonzero(leaves.groups < 60), 20)
    where = [rng.permutation(np.argwhere(masks[k]))[:20] for k in np.unique(leaf)]
    row, column = np.concatenate(where).T
    return cubes[leaf, row, column], leaf


def by_split(leaves, cubes, masks, seed):
    """Accuracy on pixels: true and meaningless labels; split by pixel, leaf and plant."""
    pixels, leaf = pixels_of(leaves, cubes, masks)
    plant = leaves.groups[leaf]
    nonsense = np.random.default_rng([seed, 1]).permutation(120)[plant] % 5
    near = make_pipeline(StandardNormalVariate(), KNeighborsClassifier(5))
    shuffled = {"n_splits": 5, "shuffle": True, "random_state": 0}
    ways = [(KFold(**shuffled), None), (GroupKFold(**shuffled), leaf)]
    ways += [(GroupKFold(**shuffled), plant)]
    return [
        [cross_val_score(near, pixels, y, groups=g, cv=cv).mean() for cv, g in ways]
        for y in (leaves.y[leaf], nonsense)
    ]


def map_errors(leaves, cubes, masks, spectra):
    """Typical error of log chlorophyll, of whole leaves and of pixels of sound tissue."""
    chlorophyll, truth = leaves.info["chlorophyll"], leaves.info["chlorophyll_map"]
    train = leaves.groups < 90
    model = make_pipeline(StandardNormalVariate(), PLS(8))
    model.fit(spectra[train], np.log(chlorophyll[train]))
    new = np.flatnonzero(~train)
    inner = np.array([binary_erosion(masks[k]) for k in new])
    sound = inner & (truth[new] > 0.5 * chlorophyll[new, None, None])
    whole = model.predict(spectra[new]).ravel() - np.log(chlorophyll[new])
    told = model.predict(cubes[new][sound]).ravel() - np.log(truth[new][sound])
    return [np.sqrt(np.mean(error**2)) for error in (whole, told)]


def choices(data, side=0):
    """Kept bands in each of five training parts, or test parts, by each way to choose."""
    ways = {
        "VIP": BandSelector(6),
        "SR": BandSelector(6, "selectivity ratio"),
        "intervals": IntervalSelector(),
    }
    kept = {name: [] for name in ways}
    for fold in group_folds(data, 5, 1):
        part = fold[side]
        for name, way in ways.items():
            grouped = {"groups": data.groups[part]} if name == "intervals" else {}
            x = data.X["spectrum"][part]
            kept[name].append(way.fit(x, data.y[part], **grouped).bands_)
    return kept


def similar_pairs(leaves, spectra):
    """Pairs of a healthy leaf and one short of nitrogen with similar spectra, the most unequal
    in age first."""
    snv = StandardNormalVariate().fit_transform(spectra)
    healthy, short = np.flatnonzero(leaves.y == 0), np.flatnonzero(leaves.y == 4)
    apart = cdist(snv[healthy], snv[short])
    i, j = np.nonzero(apart < np.quantile(apart, 0.01))
    age = leaves.info["maturity"]
    order = np.argsort(age[healthy[i]] - age[short[j]], kind="stable")
    return healthy[i[order]], short[j[order]]


@pytest.fixture(scope="module")
def found():
    """Everything that is claimed, for each seed."""
    rows = []
    for seed in SEEDS:
        leaves, cubes, masks, data = see(seed)
        result = mmlib.compare(models(), data, n_folds=5, n_repeats=1)
        scores, spectra = result.table["mean"], data.X["spectrum"]
        a, b = similar_pairs(leaves, spectra)
        share = leaves.info["chlorophyll"] / (15 * 5 ** leaves.info["maturity"])
        said = {name: result.predictions[name][0] for name in ("mean", "mean + form")}
        drawn = np.random.default_rng([seed, 1]).permutation(120)[leaves.groups] % 5
        rows.append(
            {
                "scores": scores,
                "pixels": by_split(leaves, cubes, masks, seed),
                "errors": map_errors(leaves, cubes, masks, spectra),
                "kept": choices(data),
                "kept apart": choices(data, side=1),
                "pair": (share[a[0]], share[b[0]]),
                "told": {n: np.mean((p[a] == 0) & (p[b] == 4)) for n, p in said.items()},
                "vip": BandSelector().fit(spectra, data.y).scores_,
                "ratio": BandSelector(6, "selectivity ratio").fit(spectra, data.y).scores_,
                "nonsense": BandSelector().fit(spectra, drawn).scores_,
                "spectra": spectra,
            }
        )
    return rows


@pytest.fixture(scope="module")
def score(found):
    """Model -> accuracies over the seeds."""
    return {name: np.array([row["scores"][name] for row in found]) for name in models()}


def test_form_alone_is_near_chance_and_helps_beside_the_mean_spectrum(score):
    assert score["form"].mean() < 0.30
    gain = score["mean + form"] - score["mean"]
    assert gain.min() > 0 and gain.mean() > 0.04


def test_six_pictures_reach_about_what_the_whole_mean_spectrum_does(score):
    assert abs((score["pictures"] - score["mean"]).mean()) < 0.035
    assert (score["pictures"] - score["six means"]).mean() > 0.05


def test_spectrum_and_form_are_ahead_of_six_pictures_and_form(score):
    assert (score["mean + form"] - score["pictures + form"]).mean() > 0.03


def test_patterns_bring_no_gain(score):
    assert (score["all, LBP"] - score["all"]).mean() < 0.005


def test_six_means_lose_and_intervals_lose_less(score):
    assert (score["mean"] - score["six means"]).mean() > 0.05
    assert (score["intervals"] - score["six means"]).mean() > 0.02


def test_no_model_passes_its_ceiling(score):
    limits = cube_ceilings()
    for name in ("mean", "six means", "intervals"):
        assert score[name].mean() < limits["mean spectrum"], name
    assert max(values.mean() for values in score.values()) < limits["joint"]


def test_where_pictures_can_know_nothing_they_bring_nothing():
    gains = []
    for seed in SEEDS:
        data = see(seed, n_plants=60, **CLUES_GONE)[3]
        some = {name: model for name, model in models().items() if name in ("mean", "all")}
        table = mmlib.compare(some, data, n_folds=5, n_repeats=1).table["mean"]
        gains.append(table["all"] - table["mean"])
    assert abs(np.mean(gains)) < 0.04


def test_pixels_split_at_random_find_what_is_not_there(found):
    true, nonsense = np.array([row["pixels"] for row in found]).transpose(1, 0, 2)
    assert (true[:, 0] > 0.8).all() and (true[:, 2] < 0.62).all()
    assert (nonsense[:, 0] > 0.75).all()
    assert nonsense[:, 1].mean() > 0.27  # the leaf is new, its plant is not
    assert 0.12 < nonsense[:, 2].mean() < 0.28


def test_an_error_of_leaves_is_none_of_pixels(found):
    whole, pixel = np.array([row["errors"] for row in found]).T
    assert (pixel > 1.5 * whole).all()


def test_the_best_of_ten_indices_flatters_already(found):
    i, j = np.array(list(combinations(range(71), 2))).T
    lda, best = LinearDiscriminantAnalysis(), SelectKBest(f_classif, k=1)
    order, scores = np.random.default_rng(0).permutation(len(i)), []
    for row in found:
        spectra = row["spectra"]
        index = (spectra[:, i] - spectra[:, j]) / (spectra[:, i] + spectra[:, j])
        for seed in range(12):
            rng = np.random.default_rng(seed)
            rows, y = 4 * rng.permutation(120)[:40], rng.permutation(40) % 2
            some = (index[rows][:, order[:n]] for n in (1, 10, 100, 2485))
            kept = [best.fit_transform(x, y) for x in some]
            scores.append([cross_val_score(lda, x, y, cv=5).mean() for x in kept])
    one, ten, hundred, everything = np.mean(scores, axis=0)
    assert 0.44 < one < 0.55 and one + 0.04 < ten < hundred < everything + 0.01


def test_similar_mean_spectra_of_other_ages_are_told_apart_by_form(found):
    healthy, short = np.array([row["pair"] for row in found]).T
    assert (healthy > 0.85).all() and (short < 0.65).all()
    alone, with_form = (
        np.array([row["told"][n] for row in found]) for n in ("mean", "mean + form")
    )
    assert alone.mean() < 0.2 and (with_form > alone + 0.2).all()


def test_parts_that_share_no_plant_agree_less_about_wavelengths(found):
    for name in ("VIP", "SR", "intervals"):
        folds, apart = (
            np.mean([stability(row[key][name], 71) for row in found])
            for key in ("kept", "kept apart")
        )
        assert apart < folds - 0.05, name


def test_red_pigment_and_water_have_the_vip(found):
    for row in found:
        red = (CAMERA > 500) & (CAMERA < 600)
        assert row["vip"][red].max() > 1.3
        assert row["vip"][abs(CAMERA - 670) < 16].max() > 1.3  # chlorophyll
        assert row["vip"][abs(CAMERA - 1450) < 40].max() > np.median(row["vip"])
        assert row["vip"][abs(CAMERA - 1940) < 40].max() > 1


def test_the_selectivity_ratio_dips_where_the_leaf_is_nearly_black(found):
    for row in found:
        light, ratio = row["spectra"].mean(axis=0), row["ratio"]
        for nm in (430, 670, 1930):
            k = np.argmin(abs(CAMERA - nm))
            assert light[k] < 0.08
            assert ratio[k] < min(ratio[k - 1], ratio[k + 1]), nm
        water = np.argmin(abs(CAMERA - 1450))
        assert light[water] > 0.12
        assert ratio[water] > max(ratio[water - 2], ratio[water + 2])


def test_vip_above_one_is_found_for_labels_that_mean_nothing(found):
    assert min((row["nonsense"] > 1).sum() for row in found) > 10


def test_folds_do_not_keep_the_same_wavelengths(found):
    for name in ("SR", "intervals"):
        agree = [stability(row["kept"][name], 71) for row in found]
        assert np.mean(agree) < 0.95, name
        assert np.mean(agree) > 0.2, name  # but far from drawing by lot


def test_an_index_searched_before_the_split_flatters_six_bands_hardly(found):
    i, j = np.array(list(combinations(range(71), 2))).T
    lda, best, six = LinearDiscriminantAnalysis(), SelectKBest(f_classif, k=1), BandSelector(6)
    early, inside, bands = [], [], []
    for row in found:
        spectra = row["spectra"]
        index = (spectra[:, i] - spectra[:, j]) / (spectra[:, i] + spectra[:, j])
        for seed in range(12):
            rng = np.random.default_rng(seed)
            rows, y = 4 * rng.permutation(120)[:40], rng.permutation(40) % 2
            x, raw = index[rows], spectra[rows]
            early.append(cross_val_score(lda, best.fit_transform(x, y), y, cv=5).mean())
            inside.append(cross_val_score(make_pipeline(best, lda), x, y, cv=5).mean())
            bands.append(
                cross_val_score(lda, six.fit_transform(raw, y), y, cv=5).mean()
                - cross_val_score(make_pipeline(six, lda), raw, y, cv=5).mean()
            )
    assert np.mean(early) > 0.6 and 0.42 < np.mean(inside) < 0.55
    assert np.mean(bands) < 0.06
