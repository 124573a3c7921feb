"""A saved model predicts the same; what could not be loaded again is not saved."""

import copy
import errno
import os
import pickle
import re
import subprocess
import sys
import threading
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from chemotools.baseline import LinearCorrection
from chemotools.derivative import SavitzkyGolay
from chemotools.scatter import (
    MultiplicativeScatterCorrection,
    RobustNormalVariate,
    StandardNormalVariate,
)
from chemotools.smooth import MeanFilter
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.feature_selection import VarianceThreshold
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import (
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
)  # fmt: skip
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
)  # fmt: skip
from sklearn.preprocessing import StandardScaler as TrueScaler
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import mmlib
from mmlib import DataError
from mmlib.evaluation.applicability import WithApplicabilityDomain
from mmlib.evaluation.conformal import ConformalRegressor
from mmlib.evaluation.nested_choice import ModelSelectionCV
from mmlib.features import PLS, PLSDA, Compress, image_baselines, spectrum_baselines
from mmlib.features.block_ridge import BlockRidgeClassifier
from mmlib.features.interval_pls import IntervalSelector
from mmlib.features.wavelengths import BandSelector
from mmlib.fusion.early import curved_boundary, early_fusion
from mmlib.fusion.fallbacks import WithFallbacks
from mmlib.fusion.late import late_fusion
from mmlib.fusion.missing import Fill, take_away
from mmlib.nets.fusion_net import Concatenate
from mmlib.project.saving import digest_of, model_folder
from mmlib.project.saving.about import TrainedOn, read_about
from mmlib.project.saving.model_file import MODEL


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(20)


@pytest.fixture(scope="module")
def net(leaves):
    fuse = partial(Concatenate)
    options = {"fuse": fuse, "encoders": {"spectrum": "cnn", "image": "cnn"}, "calibrate": True}
    model = mmlib.FusionClassifier(**options, epochs=2, random_state=0)
    return model.fit(leaves.X, leaves.y)


def classical(data):
    models = {f"spectrum, {k}": v for k, v in spectrum_baselines().items()}
    models |= {f"image, {k}": v for k, v in image_baselines().items()}
    return models | {"early": early_fusion(data)}


@pytest.mark.parametrize("name", list(classical(mmlib.make_leaves(5))))
def test_a_classical_model_predicts_the_same_after_loading(name, leaves, tmp_path):
    model = classical(leaves)[name].fit(leaves.X, leaves.y)
    again = mmlib.load(mmlib.save(model, tmp_path / "model", leaves))
    np.testing.assert_array_equal(again.predict(leaves.X), model.predict(leaves.X))


def test_a_net_gives_the_same_probabilities_after_loading(net, leaves, tmp_path):
    mmlib.save(net, tmp_path, leaves)
    np.testing.assert_array_equal(
        mmlib.load(tmp_path).predict_proba(leaves.X), net.predict_proba(leaves.X)
    )


def test_loading_leaves_the_random_numbers_of_others_alone(net, tmp_path):
    mmlib.save(net, tmp_path)
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    mmlib.load(tmp_path)
    assert torch.rand(1) == expected


def test_a_net_can_be_copied_and_sent_to_other_processes(net, leaves):
    expected = net.predict(leaves.X)
    np.testing.assert_array_equal(copy.deepcopy(net).predict(leaves.X), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(net)).predict(leaves.X), expected)


def test_what_the_model_was_trained_on_is_kept(net, leaves, tmp_path):
    mmlib.save(net, tmp_path, leaves)
    known = read_about(tmp_path).data
    assert known == TrainedOn.of(leaves)
    assert known.axes["spectrum"] == leaves.axes["spectrum"].tolist()
    assert known.units == {"spectrum": "nm"}
    assert known.target_names == list(leaves.target_names)
    assert known.shapes["image"] == [48, 48, 3]


def test_an_older_model_is_replaced_and_nothing_else_is(net, tmp_path):
    mmlib.save(net, tmp_path / "model")
    mmlib.save(net, tmp_path / "model")
    work = tmp_path / "work" / "thesis.txt"
    work.parent.mkdir()
    work.write_text("mine", encoding="utf-8")
    for place in (work.parent, work):
        with pytest.raises(DataError, match=r"thesis\.txt"):
            mmlib.save(net, place)
    assert work.read_text(encoding="utf-8") == "mine"


def test_an_altered_file_is_refused(net, tmp_path):
    mmlib.save(net, tmp_path)
    path = tmp_path / MODEL
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(DataError, match="broken"):
        mmlib.load(tmp_path)
    path.write_bytes(whole[:-10] + bytes(10))
    with pytest.raises(DataError, match="altered or cut short"):
        mmlib.load(tmp_path)
    assert digest_of(tmp_path) is None
    path.unlink()
    with pytest.raises(DataError, match="missing"):
        mmlib.load(tmp_path)


class Stranger(BaseEstimator):
    """A class of no table."""

    def fit(self, X, y=None):
        return self


class StandardScaler(TrueScaler):
    """A class that only calls itself one of the table."""


def own_function(x):
    return x


def ready_encoder(leaves):
    ready = mmlib.FusionClassifier("spectrum", epochs=1).fit(leaves.X, leaves.y)
    encoders = {"spectrum": ready.net_.encoders["spectrum"]}
    return mmlib.FusionClassifier("spectrum", encoders=encoders, epochs=1).fit(leaves.X, leaves.y)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda leaves: Stranger(), "a Stranger of"),
        (lambda leaves: make_pipeline(Stranger()), "Pipeline.steps is a Stranger"),
        (lambda leaves: StandardScaler(), "a StandardScaler of"),
        (lambda leaves: FunctionTransformer(own_function), "own_function"),
        (lambda leaves: FunctionTransformer(lambda x: x), "<lambda>"),
        (lambda leaves: FunctionTransformer(np.log), "log"),
        (lambda leaves: make_pipeline(np.random.RandomState(0)), "RandomState"),
        (lambda leaves: GridSearchCV(SVC(), {"C": [1]}), "save its best_estimator_"),
        (lambda leaves: mmlib.FusionClassifier(fuse=lambda widths: None), "<lambda>"),
        (ready_encoder, "SpectrumCNN"),
        (lambda leaves: 5, "int"),
        (lambda leaves: None, "NoneType"),
        (lambda leaves: TrueScaler, "it is StandardScaler"),
    ],
)
def test_what_the_table_does_not_know_is_refused_before_anything_is_written(
    make, said, leaves, tmp_path
):
    model = make(leaves)
    with pytest.raises(DataError, match=re.escape(said)) as fault:
        mmlib.save(model, tmp_path / "model")
    assert "cannot be saved" in str(fault.value)
    assert not (tmp_path / "model").exists()


def test_an_attribute_that_somebody_has_added_is_not_lost_in_silence(leaves, tmp_path):
    model = early_fusion(leaves).fit(leaves.X, leaves.y)
    model[-1].note_ = "mine"
    with pytest.raises(DataError, match="'note_', which is not kept"):
        mmlib.save(model, tmp_path / "model")


def test_a_model_that_predicts_nan_is_not_saved(leaves, tmp_path):
    model = early_fusion(leaves).fit(leaves.X, leaves.y)
    model[-1].coef_["spectrum"][0, 0] = np.nan
    with pytest.raises(DataError, match=r"coef_, which has NaN"):
        mmlib.save(model, tmp_path / "model")


def test_data_of_other_classes_than_the_model_names_are_refused(leaves, tmp_path):
    model = early_fusion(leaves).fit(leaves.X, leaves.y + 1)
    with pytest.raises(DataError, match="classes that its data do not have"):
        mmlib.save(model, tmp_path / "model", leaves)


def tables_of(data, task):
    """Few columns, so that the whole ladder is quick."""
    X = {"spectrum": data.X["spectrum"][:, ::20], "image": data.X["image"].mean((1, 2))}
    y = data.y if task == "classification" else X["image"][:, 1] * 1.0
    return mmlib.MultimodalData(X, y, data.groups, task=task)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_model_of_the_ladder_comes_back_to_the_bit(task, leaves, tmp_path):
    data = tables_of(leaves, task)
    for name, model in mmlib.fusion.ladder(data, forests=True).items():
        few = {"model__epochs": 2, "model__n_estimators": 5}
        model.set_params(**{key: few[key] for key in few.keys() & model.get_params()})
        guarded = WithApplicabilityDomain(model).fit(data.X, data.y, data.groups)
        again = mmlib.load(mmlib.save(guarded, tmp_path / name, data))
        for ask in ("predict", "predict_proba") if task == "classification" else ("predict",):
            expected = getattr(guarded, ask)(data.X)
            np.testing.assert_array_equal(getattr(again, ask)(data.X), expected, err_msg=name)
        for modality, flags in guarded.is_new(data.X).items():
            np.testing.assert_array_equal(again.is_new(data.X)[modality], flags)


def with_absent(data):
    X = take_away(data.X, "spectrum", rows=[0, 1])
    models = mmlib.fusion.ladder(data)
    return X, WithFallbacks(models["early"], {"image": models["image only"]})


@pytest.mark.parametrize("calibration", ["temperature", "sigmoid", "isotonic", None])
@pytest.mark.parametrize("rule", ["mean", "weighted", "product", "vote", "stacking"])
def test_late_fusion_of_every_kind_comes_back(rule, calibration, leaves, tmp_path):
    data = tables_of(leaves, "classification")
    model = late_fusion(data, rule=rule, calibration=calibration).fit(data.X, data.y)
    again = mmlib.load(mmlib.save(model, tmp_path, data))
    np.testing.assert_array_equal(again.predict_proba(data.X), model.predict_proba(data.X))


def test_models_for_absent_modalities_come_back(leaves, tmp_path):
    data = tables_of(leaves, "classification")
    X, fallbacks = with_absent(data)
    filled = make_pipeline(Fill("predict"), early_fusion(data))
    for model in (fallbacks, filled):
        again = mmlib.load(mmlib.save(model.fit(X, data.y), tmp_path))
        np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_a_block_that_bends_comes_back(tmp_path):
    x = np.random.default_rng(0).normal(size=(300, 2))
    y = (np.hypot(*x.T) > 1.2).astype(int)
    model = BlockRidgeClassifier().fit({"plane": x}, y)
    assert model.bends_["plane"] is not None
    again = mmlib.load(mmlib.save(model, tmp_path))
    np.testing.assert_array_equal(
        again.predict_proba({"plane": x}), model.predict_proba({"plane": x})
    )


def test_intervals_come_back(leaves, tmp_path):
    data = tables_of(leaves, "regression")
    model = ConformalRegressor(early_fusion(data), level=0.8).fit(data.X, data.y, data.groups)
    again = mmlib.load(mmlib.save(model, tmp_path, data))
    np.testing.assert_array_equal(again.predict_interval(data.X), model.predict_interval(data.X))


@pytest.mark.parametrize(
    "last",
    [
        RidgeClassifier(), RidgeClassifierCV(), LogisticRegression(), GaussianNB(), SVC(),
        SVC(kernel="poly", degree=2), ExtraTreesClassifier(5), DecisionTreeClassifier(),
        make_pipeline(MinMaxScaler(), LogisticRegression()), curved_boundary(), PLSDA(3),
        CalibratedClassifierCV(SVC(), cv=2), LinearSVC(), DummyClassifier(),
    ],
    ids=lambda model: type(model).__name__,
)  # fmt: skip
@pytest.mark.parametrize("labels", [str, int, bool, object])
def test_usual_classifiers_come_back_with_labels_of_every_kind(last, labels, leaves, tmp_path):
    data = tables_of(leaves, "classification")
    y = (leaves.y > 1) if labels is bool else leaves.y.astype(str if labels is object else labels)
    model = early_fusion(data, classifier=clone(last)).fit(data.X, y.astype(labels))
    again = mmlib.load(mmlib.save(model, tmp_path))
    np.testing.assert_array_equal(again.predict(data.X), model.predict(data.X))
    assert again.classes_.dtype.kind == model.classes_.dtype.kind
    if hasattr(model, "decision_function"):
        expected = model.decision_function(data.X)
        np.testing.assert_array_equal(again.decision_function(data.X), expected)


FIRST = [
    MultiplicativeScatterCorrection(), StandardNormalVariate(), RobustNormalVariate(),
    LinearCorrection(), SavitzkyGolay(deriv=1), MeanFilter(), RobustScaler(), MaxAbsScaler(),
    Normalizer(), VarianceThreshold(), Compress(3), TrueScaler(),
    BandSelector(3), IntervalSelector(6),
]  # fmt: skip
LAST = [
    PLS(2), Ridge(), RidgeCV(), Lasso(0.1), ElasticNet(0.1), KernelRidge(), SVR(),
    DummyRegressor(), LinearRegression(), ExtraTreesRegressor(5), DecisionTreeRegressor(),
    TransformedTargetRegressor(SVR(), transformer=TrueScaler()), Ridge(2.0), PLS(1),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last"), list(zip(FIRST, LAST, strict=True)))
def test_usual_steps_and_regressions_come_back(first, last, tmp_path):
    X = np.random.default_rng(0).normal(size=(30, 60)) + np.linspace(1, 3, 60)
    model = make_pipeline(clone(first), clone(last)).fit(X, X[:, 0])
    again = mmlib.load(mmlib.save(model, tmp_path))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


def test_names_of_columns_come_back(tmp_path):
    table = pd.DataFrame({"width": [1.0, 2, 3, 4], "größe": [1.0, 0, 1, 0]})
    model = make_pipeline(TrueScaler(), LogisticRegression()).fit(table, ["a", "a", "b", "b"])
    again = mmlib.load(mmlib.save(model, tmp_path))
    assert again[0].feature_names_in_.tolist() == ["width", "größe"]
    assert again.predict(table).tolist() == model.predict(table).tolist()


def test_the_order_of_numbers_in_memory_comes_back_since_sums_depend_on_it(tmp_path):
    X = np.random.default_rng(0).normal(size=(60, 400))
    model = Compress(20, random_state=0).fit(X)
    components = model.pca_.components_
    components = np.asfortranarray(np.vstack([components, components]))[:20]  # as LAPACK has them
    assert not components.flags.c_contiguous and not components.flags.f_contiguous
    model.pca_.components_ = components
    again = mmlib.load(mmlib.save(model, tmp_path))
    assert again.pca_.components_.flags.f_contiguous
    np.testing.assert_array_equal(again.transform(X), model.transform(X))


def test_a_linear_model_is_saved_and_loaded_without_torch(tmp_path):
    code = (
        "import sys, mmlib, tempfile; from mmlib.fusion.early import early_fusion;"
        "data = mmlib.make_leaves(20); model = early_fusion(data).fit(data.X, data.y);"
        "mmlib.load(mmlib.save(model, tempfile.mkdtemp(), data)).predict(data.X);"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_two_saves_at_once_leave_one_whole_model(leaves, tmp_path):
    data = tables_of(leaves, "classification")
    models = [
        early_fusion(data, classifier=classifier).fit(data.X, data.y)
        for classifier in (LogisticRegression(), ExtraTreesClassifier(20))
    ]
    folder, faults = tmp_path / "model", []

    def save_often(model):
        for _ in range(20):
            mmlib.save(model, folder, data)
            try:
                mmlib.load(folder).predict(data.X)
            except DataError as fault:
                faults.append(fault)

    threads = [threading.Thread(target=save_often, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [] and [path.name for path in folder.iterdir()] == [MODEL]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_told_and_leaves_the_older_model(
    number, leaves, tmp_path, monkeypatch
):
    model = early_fusion(leaves).fit(leaves.X, leaves.y)
    mmlib.save(model, tmp_path / "old", leaves)
    before = (tmp_path / "old" / MODEL).read_bytes()

    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    for folder in (tmp_path / "old", tmp_path / "new"):
        with pytest.raises(DataError, match=re.escape(f"cannot be written ({os.strerror(number)}")):
            mmlib.save(model, folder, leaves)
    assert [path.name for path in (tmp_path / "old").iterdir()] == [MODEL]
    assert (tmp_path / "old" / MODEL).read_bytes() == before
    assert not list((tmp_path / "new").iterdir())


def test_a_place_that_is_no_place_is_told(leaves, tmp_path):
    model = early_fusion(leaves).fit(leaves.X, leaves.y)
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file" / "model", tmp_path / ("x" * 300)):
        with pytest.raises(DataError, match="cannot be"):
            mmlib.save(model, folder)


def test_a_model_of_an_older_format_is_replaced_and_not_read(leaves, tmp_path):
    (tmp_path / "about.json").write_text('{"format": 2}', encoding="utf-8")
    (tmp_path / "model.skops").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"older format, .*: train the model again"):
        mmlib.load(tmp_path)
    mmlib.save(early_fusion(leaves).fit(leaves.X, leaves.y), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [MODEL]


def test_what_a_system_leaves_in_the_folder_is_no_reason_to_refuse(net, leaves, tmp_path):
    mmlib.save(net, tmp_path / "model")
    for name in model_folder.LEFT_BEHIND:
        (tmp_path / "model" / name).write_bytes(b"seen")
    mmlib.save(early_fusion(leaves).fit(leaves.X, leaves.y), tmp_path / "model", leaves)
    assert read_about(tmp_path / "model").model == "Pipeline"  # replaced, and the rest is left
    assert mmlib.load(tmp_path / "model").predict(leaves.X).shape == leaves.y.shape
    found = {path.name for path in (tmp_path / "model").iterdir()}
    assert found == {MODEL, *model_folder.LEFT_BEHIND}


def test_a_choice_among_the_ladder_can_be_kept(leaves, tmp_path):
    tables = mmlib.MultimodalData({"spectrum": leaves.X["spectrum"][:, ::20]}, leaves.y)
    choice = ModelSelectionCV(mmlib.fusion.ladder(tables)).fit(tables.X, tables.y)
    again = mmlib.load(mmlib.save(choice, tmp_path))
    np.testing.assert_array_equal(again.predict(tables.X), choice.predict(tables.X))
    assert list(again.models) == ["spectrum only"]
