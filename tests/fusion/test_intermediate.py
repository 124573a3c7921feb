import copy
import warnings
from tempfile import mkdtemp

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from torch import nn

import mmlib
from mmlib.base import DataError
from mmlib.data.mapping import Samples
from mmlib.data.splits import hold_out
from mmlib.fusion.attention import Gate
from mmlib.fusion.graph import GraphClassifier
from mmlib.fusion.intermediate import FusionClassifier, FusionRegressor, best_temperature
from mmlib.nets.augment import mirror_and_shift
from mmlib.nets.encoders import ImageCNN


def toy(n=60, classes=2, bands=64, size=(16, 16, 1), table=None, signal=2.0, seed=0):
    """A bump in the spectrum and a brighter square in the picture, by class."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    spectrum = rng.normal(size=(n, bands)).astype(np.float32)
    step = bands // classes
    image = rng.integers(80, 120, (n, *size)).astype(np.uint8)
    for i, k in enumerate(y):
        spectrum[i, k * step : (k + 1) * step] += signal
        image[i, 4:10, 4:10, 0] += np.uint8(20 * k * signal / classes)
    X = {"spectrum": spectrum, "image": image}
    if table:
        X["table"] = rng.normal(size=(n, table)) + 1e3
    return Samples(**X), np.array([f"class {k:02d}" for k in y])


def quick(**kwargs):
    return FusionClassifier(
        **{"epochs": 8, "width": 16, "random_state": 0, "device": "cpu", **kwargs}
    )


@pytest.mark.parametrize(
    ("classes", "bands", "size", "table"),
    [(2, 64, (16, 16, 1), None), (10, 2000, (64, 64, 4), 3), (2, 2000, (16, 16, 1), 3)],
)
def test_it_learns_from_two_or_three_modalities_of_many_shapes(classes, bands, size, table):
    X, y = toy(100, classes, bands, size, table)
    model = quick(epochs=20).fit(X, y)
    new, labels = toy(40, classes, bands, size, table, seed=1)
    proba = model.predict_proba(new)
    assert proba.shape == (40, classes)
    np.testing.assert_allclose(proba.sum(1), 1)
    assert list(model.classes_) == sorted(set(y))
    assert model.score(new, labels) > 0.8


@pytest.mark.parametrize("modality", ["spectrum", "image", ["image"]])
def test_one_modality_alone(modality):
    X, y = toy(signal=4)
    model = quick(modalities=modality, epochs=20).fit(X, y)
    assert model.net_.modalities == [modality if isinstance(modality, str) else "image"]
    assert model.score(X, y) > 0.9


@pytest.mark.parametrize("kwargs", [{}, {"auxiliary": 0.3}, {"modality_dropout": 0.2}])
def test_every_parameter_receives_a_gradient(kwargs):
    X, y = toy(table=3)
    net = quick(**kwargs).fit(X, y).net_.train()
    batch = {
        "spectrum": torch.randn(32, 64).double(),
        "image": torch.randn(32, 1, 16, 16).double(),
        "table": torch.randn(32, 3).double(),
    }
    encoded = net.encode(batch)
    (
        net.decide(encoded).square().sum()
        + sum(x.square().sum() for x in net.decide_alone(encoded).values())
    ).backward()
    silent = [k for k, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum()]
    assert silent == []
    assert bool(net.auxiliary) == ("auxiliary" in kwargs)


def test_every_parameter_is_changed_by_training():
    X, y = toy(table=3)
    model = quick(auxiliary=0.3, epochs=2)
    encoders = {"image": ImageCNN((16, 16, 1), 16)}  # given ready: not started from the data
    start = {k: v.clone() for k, v in encoders["image"].named_parameters()}
    model.encoders = encoders
    model.fit(X, y)
    for name, parameter in model.net_.encoders["image"].named_parameters():
        assert not torch.equal(parameter, start[name]), name
    for name, parameter in encoders["image"].named_parameters():
        assert torch.equal(parameter, start[name]), f"the given encoder was changed: {name}"


def test_order_of_the_modalities_does_not_matter():
    X, y = toy(table=3)
    backwards = Samples(**dict(reversed(X.items())))
    a = quick().fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(a, quick().fit(backwards, y).predict_proba(backwards))


def test_predictions_do_not_depend_on_the_other_samples():
    X, y = toy(table=3)
    model = quick().fit(X, y)
    together = model.predict_proba(X)
    alone = np.concatenate([model.predict_proba(X[i : i + 1]) for i in range(len(y))])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_same_seed_gives_the_same_model_and_another_one_another():
    X, y = toy()
    a = quick(random_state=3).fit(X, y).predict_proba(X)
    torch.manual_seed(99)
    np.random.seed(99)  # noqa: NPY002 (the point: the global state must not matter)
    np.testing.assert_array_equal(a, quick(random_state=3).fit(X, y).predict_proba(X))
    assert not np.allclose(a, quick(random_state=4).fit(X, y).predict_proba(X))


def test_global_random_state_is_left_alone():
    X, y = toy()
    torch_before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    quick(augment=mirror_and_shift, random_state=None).fit(X, y).predict(X)
    assert torch.equal(torch.get_rng_state(), torch_before)
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_before)  # noqa: NPY002


def test_noise_labels_score_chance():
    X, _ = toy(160, signal=0)
    y = np.random.default_rng(5).permutation(np.arange(160) % 2)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    score = cross_val_score(quick(), X, y, cv=folds).mean()
    assert abs(score - 0.5) < 3.5 * np.sqrt(0.25 / 160)


def test_it_works_in_cross_validation_and_grid_search():
    X, y = toy()
    assert cross_val_score(quick(), X, y, cv=3).mean() > 0.9
    search = GridSearchCV(quick(epochs=3), {"width": [8, 16], "modalities": ["image", None]}, cv=2)
    search.fit(X, y)
    assert search.best_params_["width"] in (8, 16)
    assert len(search.cv_results_["params"]) == 4
    assert set(search.predict(X)) <= set(y)


def test_clone_copies_parameters_and_nothing_fitted():
    X, y = toy()
    model = quick(width=24, augment=mirror_and_shift).fit(X, y)
    copied = clone(model)
    assert copied.get_params() == model.get_params()
    assert not hasattr(copied, "net_")


def test_fitting_again_starts_afresh():
    X, y = toy()
    model = quick()
    first = model.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(first, model.fit(X, y).predict_proba(X))


@pytest.mark.parametrize("labels", [np.array([7, 3]), np.array(["b", "a"], object)])
def test_labels_come_back_as_given(labels):
    X, y = toy()
    y = labels[(y == y[0]).astype(int)]
    assert set(quick().fit(X, y).predict(X)) <= set(labels.tolist())


def test_scaling_is_measured_on_the_training_part_only_and_keeps_tiny_bands():
    X, y = toy(80)
    X["spectrum"] = X["spectrum"] * 1e-5 + 1e-4
    X["spectrum"][:, 3] = 0.25
    groups = np.repeat(np.arange(20), 4)
    model = quick(validation=0.25).fit(X, y, groups=groups)
    center, scale = model.scaling_["spectrum"]
    part = ~hold_out((y == y[1]).astype(int), groups, 0.25, np.random.default_rng(0))
    assert 0 < part.sum() < 80
    np.testing.assert_allclose(center, X["spectrum"][part].mean(0), rtol=1e-4)
    assert scale[3] == 1 and 0.5e-5 < scale[5] < 2e-5
    assert model.scaling_["image"][0].shape == (1,)


def test_the_best_weights_are_kept():
    """On noise the validation loss soon rises; the net must be the one of the best epoch."""
    X, _ = toy(120, signal=0)
    y = np.random.default_rng(1).integers(0, 2, 120)
    model = quick(epochs=30, patience=6, validation=0.3, lr=1e-2, label_smoothing=0).fit(X, y)
    losses = [row["valid_loss"] for row in model.history_]
    assert len(losses) < 30 and len(losses) - 1 - int(np.argmin(losses)) == 6
    held = hold_out(y, None, 0.3, np.random.default_rng(0))
    proba = model.predict_proba(X[held])
    now = -np.log(proba[np.arange(held.sum()), y[held]]).mean()
    assert abs(now - min(losses)) < 1e-4 < abs(now - losses[-1])


def test_temperature_is_the_one_that_was_put_in():
    rng = np.random.default_rng(0)
    logits = torch.from_numpy(rng.normal(size=(20000, 3)))
    y = torch.multinomial(torch.softmax(logits, 1), 1, generator=torch.Generator().manual_seed(0))[
        :, 0
    ]
    assert abs(best_temperature(3 * logits, y) - 3) < 0.15


def test_calibration_changes_confidence_but_no_label():
    X, y = toy(200, signal=0.3)
    plain, calibrated = quick().fit(X, y), quick(calibrate=True).fit(X, y)
    assert plain.temperature_ == 1 != calibrated.temperature_
    np.testing.assert_array_equal(plain.predict(X), calibrated.predict(X))


def test_regression_predicts_in_the_unit_of_y():
    rng = np.random.default_rng(0)
    X = Samples(spectrum=rng.normal(size=(200, 30)), size=rng.normal(size=(200, 1)))
    y = 500 + 40 * X["spectrum"][:, :3].sum(1) + 40 * X["size"][:, 0]
    model = FusionRegressor(epochs=40, random_state=0, device="cpu").fit(X[:150], y[:150])
    assert model.score(X[150:], y[150:]) > 0.8
    two = np.stack([y, -3 * y], axis=1)
    both = FusionRegressor(epochs=40, random_state=0, device="cpu").fit(X[:150], two[:150])
    assert both.predict(X[150:]).shape == (50, 2)
    assert both.score(X[150:], two[150:]) > 0.8


def test_a_fuse_can_add_to_the_loss_and_factories_can_make_encoders():
    seen = []

    class Counted(nn.Module):
        def __init__(self, widths):
            super().__init__()
            self.width = next(iter(widths.values()))
            self.gain = nn.Parameter(torch.ones(1))

        def forward(self, encoded):
            return self.gain * sum(encoded.values())

        def loss(self, encoded, y):
            seen.append((sorted(encoded), len(y)))
            return 0 * self.gain.sum()

    class Mean(nn.Module):
        def __init__(self, shape, width):
            super().__init__()
            self.width = width
            self.layer = nn.Linear(shape[0], width)

        def forward(self, x):
            return self.layer(x)

    X, y = toy()
    model = quick(fuse=Counted, encoders={"spectrum": Mean}).fit(X, y)
    assert isinstance(model.net_.encoders["spectrum"], Mean)
    assert set(map(str, seen)) == {"(['image', 'spectrum'], 8)"}
    assert model.score(X, y) > 0.9


@pytest.mark.claims
def test_an_encoder_trained_elsewhere_helps_where_labels_are_few():
    """Rings are told from squares after 600 labeled pictures, then from 16 of a new study."""

    def spots(n, rng):
        image = rng.integers(0, 50, (n, 16, 16, 1)).astype(np.uint8)
        place = rng.integers(1, 12, (n, 2))
        ring = rng.random(n) < 0.5
        for i, (row, column) in enumerate(place):
            image[i, row : row + 3, column : column + 3] += 60
            if ring[i]:
                image[i, row + 1, column + 1] -= 60  # a ring: hollow
        return Samples(image=image), ring

    gains = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        source, ring = spots(600, rng)
        cnn = {"encoders": {"image": "cnn"}, "mixup": 0}
        trained = FusionRegressor(
            **cnn, epochs=15, width=16, validation=0.15, random_state=seed, device="cpu"
        )
        trained.fit(source, ring.astype(float)[:, None])
        few, labels = spots(16, rng)
        new, truth = spots(300, rng)
        ready = {"image": trained.net_.encoders["image"]}
        scores = [
            quick(epochs=40, **cnn | {"encoders": given}, random_state=seed)
            .fit(few, labels)
            .score(new, truth)
            for given in (cnn["encoders"], ready)
        ]
        gains.append(scores[1] - scores[0])
    assert np.mean(gains) > 0.05, gains


def test_nothing_is_printed_or_warned(capsys):
    X, y = toy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick().fit(X, y).predict(X)
    out = capsys.readouterr()
    assert out.out == "" and out.err == ""


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda X: Samples(spectrum=X["spectrum"]), "no modality 'image'"),
        (lambda X: Samples(spectrum=X["spectrum"][:, :50], image=X["image"]), "trained on"),
        (lambda X: Samples(spectrum=X["spectrum"], image=X["image"][:, :8]), "trained on"),
        (lambda X: Samples(spectrum=X["spectrum"] * np.nan, image=X["image"]), "NaN"),
        (lambda X: {"spectrum": X["spectrum"], "image": X["image"][:5]}, "samples differ"),
        (lambda X: X["spectrum"], "must be a mapping"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(spoil, what):
    X, y = toy()
    model = quick(epochs=1).fit(X, y)
    with pytest.raises(DataError, match=what):
        model.predict(spoil(X))


def test_faults_in_fit_are_refused():
    X, y = toy()
    with pytest.raises(DataError, match="no modality 'sound'"):
        quick(modalities="sound").fit(X, y)
    with pytest.raises(DataError, match="encoders names 'picture'"):
        quick(encoders={"picture": ImageCNN}).fit(X, y)
    with pytest.raises(DataError, match="one class"):
        quick().fit(X, np.zeros(60, int))
    with pytest.raises(DataError, match="samples differ"):
        quick().fit(X, y[:50])
    with pytest.raises(DataError, match="groups has 3 rows"):
        quick().fit(X, y, groups=[1, 2, 3])
    with pytest.raises(DataError, match="finite number"):
        FusionRegressor().fit(X, np.full(60, np.nan))


def test_one_group_a_class_is_trained_on_without_holding_any_out():
    X, y = toy(n=120)
    model = quick(epochs=2).fit(X, y, groups=y)
    assert "valid_loss" not in model.history_[0]


@pytest.mark.parametrize("kind", [FusionClassifier, FusionRegressor, GraphClassifier])
def test_a_model_that_was_not_fitted_says_so(kind):
    with pytest.raises(NotFittedError):
        kind().predict({"spectrum": np.ones((2, 8))})


class OnApple(torch.Tensor):
    """Like a tensor on a card of Apple's, which knows no double precision."""

    def double(self):
        raise TypeError("Cannot convert a MPS Tensor to float64")

    def cpu(self):
        return self.as_subclass(torch.Tensor)


@pytest.mark.parametrize("kind", [FusionClassifier, GraphClassifier])
def test_no_double_precision_is_asked_of_the_card(kind):
    X, y = toy(table=3)
    X = Samples(table=X["table"])
    model = kind(epochs=2, random_state=0, device="cpu").fit(X, y)
    expected = model.predict_proba(X)
    model.net_.register_forward_hook(lambda net, given, out: out.as_subclass(OnApple))
    np.testing.assert_array_equal(model.predict_proba(X), expected)


def test_loading_leaves_the_generators_of_the_cards_alone(monkeypatch):
    import pickle

    X, y = toy()
    stored = pickle.dumps(quick(epochs=1).fit(X, y))
    kept, fork = [], torch.random.fork_rng
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(
        torch.random, "fork_rng", lambda devices: (kept.append(devices), fork([]))[1]
    )
    pickle.loads(stored)
    assert kept == [[0, 1]]


def test_nets_that_train_in_threads_do_not_disturb_each_other():
    from joblib import Parallel, delayed

    X, y = toy()

    def proba(seed):
        return quick(epochs=3, random_state=seed).fit(X, y).predict_proba(X)

    together = Parallel(n_jobs=3, backend="threading")(delayed(proba)(seed) for seed in range(3))
    for seed in range(3):
        np.testing.assert_array_equal(together[seed], proba(seed))


def test_losses_of_single_modalities_count_as_much_as_asked():
    X, y = toy()

    def loss(auxiliary):
        model = quick(auxiliary=auxiliary, epochs=1, lr=1e-12, validation=0).fit(X, y)
        return model.history_[0]["train_loss"]

    quarter, half, whole = loss(0.25), loss(0.5), loss(1.0)
    assert whole - half == pytest.approx(2 * (half - quarter), rel=1e-3)
    assert whole - half > 0.1


def test_arrays_that_may_not_be_written_to_are_copied_for_torch():
    X, y = toy()
    for x in X.values():
        x.setflags(write=False)
    model = FusionClassifier(epochs=1, device="cpu", random_state=0).fit(X, y)
    held = model.batches(X, "cpu").X
    # torch warns once in a process, so look at what it warns of
    assert not any(np.shares_memory(held[name].numpy(), X[name]) for name in X)


def test_labels_in_one_column_are_taken_with_a_warning():
    X, y = toy()
    model = FusionClassifier(epochs=1, random_state=0)
    expected = model.fit(X, y).predict_proba(X)
    with pytest.warns(DataConversionWarning):
        model.fit(X, y[:, None])
    assert np.array_equal(model.predict_proba(X), expected)


def test_nothing_to_learn_from_or_to_predict_is_said():
    X, y = toy()
    with pytest.raises(DataError, match="no modality to use"):
        FusionClassifier(modalities=[]).fit(X, y)
    model = FusionClassifier(epochs=1).fit(X, y)
    with pytest.raises(DataError, match="holds no sample"):
        model.predict({name: x[:0] for name, x in X.items()})


def test_whole_numbers_of_pandas_stay_whole_numbers():
    X, y = toy()
    labels = pd.Series(3 * (y == y[0]), dtype="Int64")
    assert FusionClassifier(epochs=1).fit(X, labels).predict(X).dtype.kind == "i"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda m: mmlib.load(mmlib.save(m, mkdtemp()))])
def test_a_net_can_be_copied_after_its_parameters_were_set_anew(again):
    X, y = toy()
    model = quick(epochs=1).fit(X, y)
    expected = model.predict_proba(X)
    other = again(model.set_params(width=32, fuse=Gate, auxiliary=0.5))
    np.testing.assert_array_equal(other.predict_proba(X), expected)
    assert other.width == 32 and other.fuse is Gate  # for the next fit
    state = model.set_params(**quick(epochs=1).get_params()).__getstate__()
    del state["_as_built"]  # as an older version has saved it
    old = FusionClassifier.__new__(FusionClassifier)
    old.__setstate__(state)
    np.testing.assert_array_equal(old.predict_proba(X), expected)


@pytest.mark.parametrize("spoil", ["X", "encoders"])
def test_a_fit_that_fails_changes_nothing(spoil):
    X, y = toy()
    model = quick(epochs=1).fit(X, (y == y[0]).astype(int))
    before = model.predict_proba(X)
    bad = Samples(**X)
    if spoil == "X":
        bad["spectrum"] = X["spectrum"] * np.nan
    else:
        model.set_params(encoders={"sound": ImageCNN})
    with pytest.raises(DataError):
        model.fit(bad, np.where(y == y[0], "left", "right"))
    np.testing.assert_array_equal(model.predict_proba(X), before)
    assert set(model.predict(X)) <= {0, 1}
    amount = FusionRegressor(epochs=1, random_state=0).fit(X, np.arange(60.0))
    before = amount.predict(X)
    with pytest.raises(DataError):
        amount.fit(Samples(spectrum=X["spectrum"] * np.nan), 1000 * np.arange(60.0))
    np.testing.assert_array_equal(amount.predict(X), before)
