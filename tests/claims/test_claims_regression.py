"""What notebook 15 says in words, checked again over several simulated samples.

Functions of the notebook are read from the lesson.
"""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR

import mmlib
from mmlib.data.leaves.floors import floors
from mmlib.evaluation.conformal import (
    ConformalRegressor,
    conformal_radius,
    coverage_of,
    coverage_over_splits,
)
from mmlib.evaluation.metrics import regression_scores
from mmlib.features import default_block, spectrum_baselines
from mmlib.fusion import early_fusion, ladder
from mmlib.fusion.heteroscedastic import with_spread
from mmlib.fusion.tensor import LowRankTensor

LESSON = Path(__file__).resolve().parents[2] / "lessons" / "15_regression.py"
SEEDS = range(101, 106)
NETS = ("intermediate", "attention", "tensor")


@pytest.fixture(scope="module")
def lesson():
    """Functions of the notebook, in a namespace of their own."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, kinds)]
    names = {}
    exec(compile(tree, str(LESSON), "exec"), names)
    return names


@pytest.fixture(scope="module")
def make(lesson):
    def with_area(n_plants, **options):
        leaves = mmlib.make_leaves(n_plants, target="chlorophyll", **options)
        return lesson["with_area"](leaves)

    return with_area


@pytest.fixture(scope="module")
def samples(make):
    return [make(240, seed=seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def new(make):
    return make(240, seed=1000)


def plain_sum(leaves):
    return early_fusion(leaves, classifier=RidgeCV(np.logspace(-4, 4, 17)))


def fit(model, leaves, net=False):
    return model.fit(leaves.X, leaves.y, **({"model__groups": leaves.groups} if net else {}))


def rmse(model, leaves):
    return 1000 * regression_scores(leaves.y, model.predict(leaves.X))["RMSE"]


@pytest.fixture(scope="module")
def errors(lesson, samples, new):
    """Model -> RMSE (µg) on new plants, one for each sample."""
    found = {}
    for leaves in samples:
        models = {"PLS": spectrum_baselines(task="regression")["PLS"]} | ladder(leaves)
        models["sum"] = plain_sum(leaves)
        for name in ("sum", "late"):
            models[f"{name} on logs"] = lesson["on_logs"](models[name])
        for name, model in models.items():
            if name not in ("contrastive", "graph"):
                found.setdefault(name, []).append(rmse(fit(model, leaves, name in NETS), new))
    return {name: np.array(values) for name, values in found.items()}


def test_the_spectrum_alone_stands_at_its_floor(errors, samples):
    floor = 1000 * floors(samples[0])["spectrum"][0]
    assert floor < errors["spectrum only"].mean() < 1.12 * floor
    assert abs(errors["PLS"] / errors["spectrum only"] - 1).max() < 0.08


def test_averaging_gains_little_and_stays_far_above_what_a_sum_could_reach(errors, samples):
    late = errors["late"].mean()
    assert 0.75 < late / errors["spectrum only"].mean() < 0.97
    assert late > 3 * 1000 * floors(samples[0])["late"][0]


def test_rungs_that_add_halve_the_error_and_rungs_that_multiply_do_better(errors):
    adding, multiplying = errors["sum"], errors["tensor"]
    assert 0.4 < adding.mean() / errors["spectrum only"].mean() < 0.7
    assert (multiplying < adding).all()
    assert errors["attention"].mean() < 0.9 * errors["intermediate"].mean()


def test_a_block_that_bends_beats_the_sum_where_it_holds_both_factors(errors, samples, new):
    assert (errors["early"] < 0.85 * errors["sum"]).all()
    only_area = []
    for leaves in (*samples[:2], new):
        part = leaves.take(range(len(leaves)))
        part.X["image"] = part.X["image"][:, -1:]
        only_area.append(part)
    for leaves in only_area[:2]:
        both = [
            rmse(fit(model(leaves), leaves), only_area[2]) for model in (early_fusion, plain_sum)
        ]
        assert both[0] > 0.95 * both[1]


def test_one_logarithm_does_at_least_as_well_as_the_best_net(errors):
    logs = errors["sum on logs"]
    assert logs.mean() < errors["early"].mean() and (logs < errors["sum"]).all()
    assert logs.mean() < 0.75 * errors["sum"].mean()
    assert logs.mean() < 1.05 * min(errors[name].mean() for name in NETS)


def test_logarithms_do_not_cure_late_fusion(errors):
    assert errors["late on logs"].mean() > 1.8 * errors["sum on logs"].mean()


def test_nothing_is_below_its_floor(errors, samples):
    limits = {name: 1000 * value for name, (value, _) in floors(samples[0]).items()}
    for name in ("spectrum", "image"):
        assert errors[f"{name} only"].mean() > 0.95 * limits[name]


def test_rpd_falls_where_the_errors_are_no_worse(lesson, samples, new):
    ratio = []
    for leaves in samples:
        predicted = fit(lesson["on_logs"](plain_sum(leaves)), leaves).predict(new.X)
        middle = (new.y > 0.3) & (new.y < 0.6)
        whole, part = (regression_scores(new.y[m], predicted[m]) for m in (slice(None), middle))
        ratio.append(part["RMSE"] / whole["RMSE"])
        assert new.y[middle].std() / part["RMSE"] < 0.75 * new.y.std() / whole["RMSE"]
        assert new.y.std() / whole["RMSE"] == pytest.approx(1 / np.sqrt(1 - whole["R2"]))
    assert np.mean(ratio) < 1 and max(ratio) < 1.1


def test_a_parrot_is_perfect_in_training_only(samples, new):
    blocks = {"spectrum": default_block((211,), 15)}
    for leaves in samples:
        parrot = fit(early_fusion(leaves, blocks, classifier=KNeighborsRegressor(1)), leaves)
        assert parrot.score(leaves.X, leaves.y) > 0.999
        assert parrot.score(new.X, new.y) < 0.75


@pytest.fixture(scope="module")
def stated(samples, new):
    """Dropout -> (mean, spread) on new plants, one for each sample."""
    found = {}
    for leaves in samples:
        for name, options in {"usual": {}, "none": {"dropout": 0}}.items():
            net = with_spread(leaves, fuse=LowRankTensor, **options)
            said = fit(net, leaves, net=True).predict(new.X, return_std=True)
            found.setdefault(name, []).append(said)
    return found


def test_the_net_knows_which_leaves_are_hard(stated, new):
    ratio = []
    for mean, spread in stated["usual"]:
        sure = spread < np.median(spread)
        ratio.append(np.std((mean - new.y)[sure]) / np.std((mean - new.y)[~sure]))
    assert np.mean(ratio) < 0.8 and max(ratio) < 0.95


def test_with_dropout_it_is_far_too_modest_and_without_it_is_not(stated, new):
    inside = {
        name: np.array([np.mean(np.abs(new.y - m) < 1.645 * s) for m, s in said])
        for name, said in stated.items()
    }
    assert inside["usual"].min() > 0.97
    assert 0.7 < inside["none"].mean() < 0.955
    assert (inside["none"] < inside["usual"] - 0.02).all()


def test_what_it_states_is_honest_about_predictions_made_with_dropout_on(samples, new):
    inside = []
    for leaves in samples[:2]:
        model = fit(with_spread(leaves, fuse=LowRankTensor), leaves, net=True)
        net = model["model"]
        X = {}
        for name, x in model["blocks"].transform(new.X).items():
            center, scale = net.scaling_[name]
            X[name] = torch.tensor((x - center) / scale)
        for module in net.net_.modules():
            module.training = isinstance(module, torch.nn.Dropout)
        with torch.random.fork_rng(devices=[]), torch.inference_mode():
            torch.manual_seed(0)
            mean, log_variance = net.net_(X).double().numpy().T
        center, scale = net.target_scaling_
        spread = scale * np.exp(log_variance / 2)
        inside.append(np.mean(np.abs(new.y - center - scale * mean) < 1.645 * spread))
    assert 0.87 < min(inside) and max(inside) < 0.96


@pytest.fixture(scope="module")
def conformal(lesson, samples):
    """Spread -> a calibrated model for each sample."""
    return {
        spread: [
            ConformalRegressor(lesson["on_logs"](plain_sum(leaves)), spread=spread).fit(
                leaves.X, leaves.y, groups=leaves.groups
            )
            for leaves in samples
        ]
        for spread in (None, "relative")
    }


def coverages(models, leaves):
    return np.array([coverage_of(leaves.y, m.predict_interval(leaves.X))[0] for m in models])


def test_intervals_keep_their_promise_on_new_plants(conformal, new):
    for models in conformal.values():
        assert 0.88 < coverages(models, new).mean() < 0.96


def test_constant_intervals_serve_poor_leaves_and_fail_rich_ones(conformal, new):
    third = np.digitize(new.y, np.quantile(new.y, [1 / 3, 2 / 3]))
    poor, rich = new.take(third == 0), new.take(third == 2)
    assert coverages(conformal[None], poor).min() > 0.96
    assert coverages(conformal[None], rich).mean() < 0.86
    even = [coverages(conformal["relative"], leaves) for leaves in (poor, rich)]
    assert np.abs(even[0] - even[1]).mean() < 0.06


def test_calibrating_on_training_leaves_breaks_the_promise_and_plants_kept_aside_keep_it(
    lesson, samples, new
):
    spoiled, honest = [], []
    for leaves in samples:
        machine = early_fusion(leaves, classifier=SVR(C=10, gamma=0.1, epsilon=0.01))
        machine = fit(lesson["on_logs"](machine), leaves)
        radius = conformal_radius(lesson["relative_errors"](machine, leaves), 0.9, leaves.groups)
        spoiled.append(np.mean(lesson["relative_errors"](machine, new) <= radius))
        kept = ConformalRegressor(machine, spread="relative")
        kept.fit(leaves.X, leaves.y, groups=leaves.groups)
        honest.append(coverage_of(new.y, kept.predict_interval(new.X))[0])
    assert max(spoiled) < 0.7
    assert 0.87 < np.mean(honest) < 0.96


def test_few_plants_keep_the_promise_with_wider_intervals(lesson, conformal, new):
    errors = lesson["relative_errors"](conformal["relative"][0], new)
    width, unlucky = {}, {}
    for plants in (10, 100):
        kept, radii = coverage_over_splits(errors, new.groups, 0.9, plants)
        width[plants], unlucky[plants] = np.median(radii), np.mean(kept < 0.9)
        assert kept.mean() > 0.89
    assert width[10] > 1.15 * width[100]
    assert unlucky[10] < unlucky[100] < 0.5


def test_severe_blight_breaks_the_promise(make, conformal, new):
    ill = make(100, seed=1001, lesions=3)
    assert (coverages(conformal["relative"], ill) < coverages(conformal["relative"], new)).all()
    assert coverages(conformal["relative"], ill).mean() < 0.82


def test_beyond_the_calibrated_range_a_sum_and_a_net_fail_and_logs_fail_less(lesson, samples, new):
    large, found = new.take(new.y > 0.8), {}
    for leaves in samples:
        small = leaves.take(leaves.y < 0.6)
        models = {name: ladder(leaves)[name] for name in ("early", "tensor")}
        models |= {"sum": plain_sum(leaves), "logs": lesson["on_logs"](plain_sum(leaves))}
        for name, model in models.items():
            model = ConformalRegressor(model, spread="relative")
            model.fit(small.X, small.y, groups=small.groups)
            inside = coverage_of(large.y, model.predict_interval(large.X))[0]
            found.setdefault(name, []).append(inside)
    assert max(np.mean(found[name]) for name in ("sum", "early")) < 0.15
    assert np.mean(found["tensor"]) < 0.3
    assert 0.5 < np.mean(found["logs"]) < 0.88


def test_on_real_soil_the_promise_is_kept_and_the_intervals_are_wide():
    try:
        soil = mmlib.load_soil("SA.112", target="pH")
    except mmlib.DataError as missing:
        pytest.skip(str(missing))
    found = []
    for seed in range(20):
        train, new = soil.split(test_size=0.3, seed=seed)
        model = ConformalRegressor(early_fusion(soil), level=0.8, random_state=seed)
        found.append(coverage_of(new.y, model.fit(train.X, train.y).predict_interval(new.X)))
    coverage, width = np.mean(found, axis=0)
    assert 0.76 < coverage < 0.88
    assert width > 1.5 * soil.y.std()
