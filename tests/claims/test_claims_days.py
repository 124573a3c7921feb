"""What notebook 22 says in words, checked again over five simulated samples."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import mmlib
from mmlib.course.day_series import by_shift, clock_shift, day_series
from mmlib.data.leaves.days import day_ceilings, make_days
from mmlib.features.lagged import LaggedProducts, lagged_products, pad
from mmlib.fusion import late_fusion

SEEDS = range(701, 706)
ENDS = ["water centered", "width centered"]


def linear(first_step):
    return make_pipeline(first_step, StandardScaler(), LogisticRegression(solver="newton-cholesky"))


def svm(name):
    return make_pipeline(mmlib.Select(name), StandardScaler(), SVC(random_state=0))


def net(encoder, modalities="days", **options):
    names = [modalities] if isinstance(modalities, str) else modalities
    encoders = dict.fromkeys(names, encoder)
    return mmlib.FusionClassifier(
        modalities, encoders=encoders, width=32, lr=5e-3, random_state=0, **options
    )


PRODUCTS = linear(LaggedProducts("water", "width", max_lag=4))


def prepare(data):
    both = np.stack([data.X["water"], data.X["width"]], axis=2)
    centered = both - both.mean(axis=1, keepdims=True)
    data.X["last day"], data.X["mean of days"] = both[:, -1], both.mean(1)
    data.X["side by side"] = both.reshape(len(both), -1)
    data.X["days"], data.X["centered"] = centered, centered.reshape(len(both), -1)
    for k, name in enumerate(ENDS):
        data.X[name] = centered[:, :, [k]]
    data.X["padded"] = pad(list(centered), steps=30)
    return data


def see(seed, **settings):
    return prepare(day_series(make_days(seed=seed, **settings)))


@pytest.fixture(scope="module")
def samples():
    return [see(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def cheap(samples):
    """Model -> accuracies over the samples, of models without nets."""
    alone = {name: svm(name) for name in ("water", "width")}
    models = {f"{name} only": model for name, model in alone.items()}
    models["late"] = late_fusion(models=alone, rule="product", calibration="sigmoid")
    for name in ("last day", "mean of days", "side by side"):
        models[name] = linear(mmlib.Select(name))
    models |= {"products": PRODUCTS, "SVM": svm("centered")}
    tables = [mmlib.compare(models, data, n_folds=4, n_repeats=1).table for data in samples]
    return {name: np.array([table["mean"][name] for table in tables]) for name in models}


@pytest.fixture(scope="module")
def nets(samples):
    """Model -> accuracies over the samples, one split each."""
    models = {
        "LSTM": net("recurrent"),
        "CNN": net("temporal cnn"),
        "bag": net("temporal mean"),
        "concatenated": net("recurrent", ENDS),
        "outer product": net("recurrent", ENDS, fuse="outer product"),
        "aware": net("recurrent", "padded", encoders__padded__padded=True),
        "day 30": net("recurrent", "padded"),
        "products": PRODUCTS,
    }
    right = {name: [] for name in models}
    for data in samples:
        train, test = data.split(seed=0)
        for name, model in models.items():
            grouped = {} if name == "products" else {"groups": train.groups}
            right[name].append(model.fit(train.X, train.y, **grouped).score(test.X, test.y))
    return {name: np.array(values) for name, values in right.items()}


@pytest.mark.parametrize(
    "name", ["water only", "width only", "late", "last day", "mean of days", "side by side"]
)
def test_what_forgets_the_order_or_is_alone_is_a_coin(cheap, name):
    assert abs(cheap[name].mean() - 0.5) < 0.04 and cheap[name].max() < 0.6


def test_lagged_products_are_near_the_ceiling_and_the_svm_not_bad(cheap):
    top = day_ceilings()["joint"][0]
    assert top - 0.06 < cheap["products"].mean() < top + 0.01
    assert cheap["SVM"].min() > 0.75


def test_a_rule_without_training_is_right_for_four_leaves_in_five(samples):
    for data in samples:
        before, _, after = lagged_products(data.X["water"], data.X["width"], 1)[:, :, 0, 0].T
        assert np.mean((before > after) == (data.y == 1)) > 0.77


def test_the_lstm_is_not_better_than_the_products(nets):
    assert (nets["LSTM"] - nets["products"]).mean() < 0.01
    assert nets["LSTM"].min() > 0.7 and nets["CNN"].min() > 0.7
    assert nets["products"].mean() - nets["LSTM"].mean() < 0.1


def test_a_bag_of_days_is_a_coin(nets):
    assert abs(nets["bag"].mean() - 0.5) < 0.06


def test_two_lstms_side_by_side_are_far_behind_their_outer_product(nets):
    gain = nets["outer product"] - nets["concatenated"]
    assert gain.mean() > 0.15 and gain.min() > 0.02
    assert nets["concatenated"].min() < 0.6  # some do not get off the ground
    assert abs((nets["outer product"] - nets["LSTM"]).mean()) < 0.06


def test_reading_at_the_padding_is_a_coin_and_knowing_of_it_costs_nothing(nets):
    assert abs(nets["day 30"].mean() - 0.5) < 0.08
    assert abs((nets["aware"] - nets["LSTM"]).mean()) < 0.06


def test_with_forty_plants_the_products_are_ahead(samples):
    gains = []
    for data in samples:
        few = data.groups < 40
        train, test = data.take(few), data.take(~few)
        scores = [
            m.fit(train.X, train.y).score(test.X, test.y) for m in (PRODUCTS, net("recurrent"))
        ]
        gains.append(scores[0] - scores[1])
    assert np.mean(gains) > 0.015


def test_a_clock_two_days_behind_turns_answers_around_and_correlation_repairs_it(samples):
    for seed, data in zip(SEEDS, samples, strict=True):
        new = see(1000 + seed, n_plants=160, clock=2)
        trained = [m.fit(data.X, data.y) for m in (PRODUCTS, net("recurrent"))]
        before = [model.score(new.X, new.y) for model in trained]
        assert max(before) < 0.38
        shift = clock_shift(by_shift(data), by_shift(new))
        assert shift == 2
        new.X["width"] = np.roll(new.X["width"], shift, axis=1)
        after = [model.score(prepare(new).X, new.y) for model in trained]
        assert min(after) > 0.75


def test_the_calendar_is_learned_where_all_records_begin_after_watering(samples):
    for seed, data in zip(SEEDS, samples, strict=True):
        hers = see(2000 + seed, start=2)
        train, test = hers.split(seed=0)
        assert svm("width").fit(train.X, train.y).score(test.X, test.y) > 0.75
        camera = svm("width").fit(hers.X, hers.y)
        products = PRODUCTS.fit(hers.X, hers.y)
        assert abs(camera.score(data.X, data.y) - 0.5) < 0.08
        assert products.score(data.X, data.y) > 0.82
