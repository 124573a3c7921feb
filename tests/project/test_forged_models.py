"""Whatever a stranger writes into a model's file, nothing is run, and a sentence says no."""

import copy
import json
import os
import time

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from test_predicting import unlabeled

import mmlib
from mmlib import DataError
from mmlib.__main__ import main
from mmlib.data.mapping import Select
from mmlib.features.images import flatten
from mmlib.features.words import WordWeights
from mmlib.fusion.graph import GraphClassifier
from mmlib.fusion.late import late_fusion
from mmlib.project.predicting import predict
from mmlib.project.saving.model_file import MODEL, read_file, write_file
from mmlib.project.saving.packing import state_of
from mmlib.project.saving.rebuilding import rebuilt
from mmlib.project.writing import write_folder

RNG = np.random.default_rng(0)
X = mmlib.data.Samples(table=RNG.normal(size=(40, 6)), scent=RNG.normal(size=(40, 4)))
Y = np.arange(40) % 3
WORDED = mmlib.data.Samples(text=np.array([f"kind{k} and more" for k in Y], object))


def net(**options):
    return mmlib.FusionClassifier(epochs=1, width=4, random_state=0, device="cpu", **options)


def alone(last):
    return make_pipeline(Select("table"), last)


MODELS = {
    "linear": alone(make_pipeline(StandardScaler(), LogisticRegression())),
    "svm": alone(SVC()),
    "tree": alone(DecisionTreeClassifier(random_state=0)),
    "forest": alone(RandomForestClassifier(3, random_state=0)),
    "function": make_pipeline(Select("table"), FunctionTransformer(flatten), LogisticRegression()),
    "products": alone(make_pipeline(PolynomialFeatures(2), LogisticRegression())),
    "words": make_pipeline(Select("text"), WordWeights(), LogisticRegression()),
    "late": late_fusion(mmlib.MultimodalData(X, Y), calibration="isotonic"),
    "net": net(),
    "transformer": net(fuse="transformer", fuse__heads=2),
    "sketch": net(fuse="compact bilinear", fuse__width=8),
    "graph": GraphClassifier(epochs=1, n_neighbors=3, random_state=0, device="cpu"),
}


def samples(name):
    return WORDED if name == "words" else X


@pytest.fixture(scope="module")
def packed():
    return {name: state_of(model.fit(samples(name), Y)) for name, model in MODELS.items()}


@pytest.fixture
def forge(packed, tmp_path):
    """Write a model that was changed, as somebody does who knows the format."""

    def write(name, change):
        node, arrays = copy.deepcopy(packed[name])
        change(node, arrays)
        write_file(tmp_path, {"about": ABOUT, "model": json.dumps(node)}, arrays)
        return tmp_path

    return write


ABOUT = json.dumps({"model": "Pipeline", "versions": {"mmlib": "0"}, "data": None})


def find(node, kind):
    """The first estimator of a kind in a packed model."""
    if isinstance(node, dict) and node.get("kind") == kind:
        return node
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return next((found for part in parts if (found := find(part, kind))), None)


def put(kind, key, value, part="state"):
    """A change of one value of the first estimator of a kind."""
    return lambda node, arrays: find(node, kind)[part].update({key: value})


def setting(kind, key, value):
    return put(kind, key, value, "settings")


def array(kind, key, change):
    """A change of one array."""

    def do(node, arrays):
        place = find(node, kind)["state"][key]["array"]
        arrays[place] = np.ascontiguousarray(change(arrays[place].copy()))

    return do


def refused(folder, said="does not hold what a model does"):
    before = sorted(os.listdir(folder))
    start = time.process_time()
    with pytest.raises(DataError, match=said) as fault:
        mmlib.load(folder)
    assert time.process_time() - start < 20
    assert str(folder / MODEL) in str(fault.value) and "\n" not in str(fault.value)
    assert len(str(fault.value)) < 1000
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize("name", MODELS)
def test_what_is_not_changed_is_loaded(name, forge):
    again = mmlib.load(forge(name, lambda node, arrays: None))
    how = "predict" if name == "svm" else "predict_proba"
    said = [getattr(model, how)(samples(name)) for model in (again, MODELS[name])]
    np.testing.assert_array_equal(*said)


# The three ways in which files of an earlier format ran programs. Each wanted a class, an
# attribute or a setting of its own choice; there is no way to say any of these.


def estimator(kind, settings=None, **state):
    return {"kind": kind, "settings": settings or {}, "state": state}


def scorer_that_calls(thing, method, argument):
    """In an earlier format, ``getattr(thing, method)(argument)``."""
    frozen = estimator("FrozenEstimator", {"estimator": thing})
    return estimator("_Scorer", _response_method=method, _args=[frozen, argument])


@pytest.mark.parametrize(
    "encoder",
    [
        scorer_that_calls({"array": 0, "turned": False}, "tofile", "PROOF"),
        {"name": "_Scorer", "options": {"map": [["_response_method", "tofile"]]}},
        {"name": "partial", "options": {"map": []}},
        {"name": "subprocess.Popen", "options": {"map": [["args", ["touch", "PROOF"]]]}},
        {"name": "os.system", "options": {"map": [["command", "touch PROOF"]]}},
        {"name": "mmlib.nets.encoders.np.load", "options": {"map": []}},
        {"name": "__import__", "options": {"map": []}},
        {"name": "flatten", "options": {"map": []}},  # known, but at another place
        {"name": "TableEncoder", "options": {"map": [["__class__", "os"]]}},
        {"name": "TableEncoder", "options": {"map": [["width", 10**9]]}},
        "os.system",
    ],
    ids=lambda encoder: str(encoder)[:40],
)
def test_a_net_calls_no_encoder_of_the_file(encoder, forge, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    refused(forge("net", setting("FusionClassifier", "encoders", {"map": [["table", encoder]]})))
    refused(forge("net", setting("FusionClassifier", "fuse", encoder)))
    refused(forge("net", setting("FusionClassifier", "augment", encoder)))
    refused(forge("function", setting("FunctionTransformer", "func", encoder)
                  if "flatten" not in str(encoder) else
                  setting("FunctionTransformer", "inverse_func", encoder)))  # fmt: skip
    assert not (tmp_path / "PROOF").exists()


def test_a_stacking_calls_no_method_of_the_file(forge):
    for kind in ("StackingClassifier", "FrozenEstimator", "_Scorer", "GridSearchCV"):
        stranger = estimator(kind, stack_method_=["tofile"], estimators_=[{"array": 0}])
        refused(forge("linear", lambda n, a, s=stranger: n["settings"]["steps"].append(
            {"tuple": ["s", s]})))  # fmt: skip
    step = ["StandardScaler.scale_", "stack_method_", "__class__", "__reduce__", "fit", "_validate"]
    for name in step:
        refused(forge("linear", put("StandardScaler", name, "tofile")), "is not known")
        refused(forge("linear", setting("StandardScaler", name, "tofile")), "is not known")


def test_no_cache_is_made_where_the_file_wants_one(forge, tmp_path):
    place = str(tmp_path / "cache")
    refused(forge("linear", setting("Pipeline", "memory", place)), "'memory' is not known")
    assert not (tmp_path / "cache").exists()


def test_a_folder_of_the_earlier_format_is_not_even_opened(tmp_path):
    (tmp_path / "model.skops").write_bytes(b"PK\3\4")
    os.mkfifo(tmp_path / "about.json") if os.name == "posix" else None  # nobody waits for it
    with pytest.raises(DataError, match="older format"):
        mmlib.load(tmp_path)


DEEP = []
for _ in range(900):
    DEEP = [DEEP]

CHANGES = {
    "no estimator": ("linear", lambda n, a: n.clear()),
    "a class by its path": ("linear", lambda n, a: n.update(kind="sklearn.svm._classes.SVC")),
    "a class of Python": ("linear", lambda n, a: n.update(kind="object")),
    "a kind that is a list": ("linear", lambda n, a: n.update(kind=["Pipeline"])),
    "a letter of another alphabet": ("linear", lambda n, a: n.update(kind="Pіpeline")),
    "one key more": ("linear", lambda n, a: n.update(module="os")),
    "settings as a list": ("linear", lambda n, a: n.update(settings=[])),
    "steps as a text": ("linear", setting("Pipeline", "steps", "rm -rf")),
    "steps as numbers": ("linear", setting("Pipeline", "steps", [1, 2])),
    "a step without a name": ("linear", setting("Pipeline", "steps", [{"tuple": [None, None]}])),
    "a step as a list": ("linear", setting("Pipeline", "steps", [["a", None]])),
    "lists 900 deep": ("linear", setting("LogisticRegression", "C", DEEP)),
    "C below zero": ("linear", setting("LogisticRegression", "C", -1.0)),
    "C a text": ("linear", setting("LogisticRegression", "C", "__import__('os')")),
    "a huge number": ("linear", setting("LogisticRegression", "max_iter", 2**62)),
    "an estimator as a number": ("linear", setting("LogisticRegression", "C", estimator("SVC"))),
    "a mean as a text": ("linear", put("StandardScaler", "mean_", "x")),
    "a mean as a list": ("linear", put("StandardScaler", "mean_", [0.0] * 6)),
    "a mean of objects": ("linear", put("StandardScaler", "mean_",
                                        {"texts": ["x"] * 6, "object": True})),
    "a mean that is not there": ("linear", put("StandardScaler", "mean_",
                                               {"array": 99, "turned": False})),
    "one array twice": ("linear", lambda n, a: find(n, "StandardScaler")["state"].update(
        var_=find(n, "StandardScaler")["state"]["mean_"])),
    "an array before the first": ("linear", put("StandardScaler", "mean_",
                                                {"array": -1, "turned": False})),
    "an array left over": ("linear", lambda n, a: a.append(np.zeros(3))),
    "a NaN": ("linear", array("StandardScaler", "mean_", lambda x: x * np.nan)),
    "infinity": ("linear", array("LogisticRegression", "coef_", lambda x: x + np.inf)),
    "one column less": ("linear", array("StandardScaler", "mean_", lambda x: x[:-1])),
    "an axis more": ("linear", array("StandardScaler", "mean_", lambda x: x[None])),
    "whole numbers": ("linear", array("StandardScaler", "mean_", lambda x: x.astype(int))),
    "truth values": ("linear", array("StandardScaler", "mean_", lambda x: x > 0)),
    "columns below zero": ("linear", put("StandardScaler", "n_features_in_", -6)),
    "columns True": ("linear", put("StandardScaler", "n_features_in_", True)),
    "a million columns": ("linear", put("StandardScaler", "n_features_in_", 10**6)),
    "one word less": ("words", lambda n, a: find(n, "WordWeights")["state"]["words_"]["texts"]
                      .pop()),
    "a word twice": ("words", lambda n, a: find(n, "WordWeights")["state"]["words_"].update(
        texts=["and"] * 5)),
    "words that are numbers": ("words", put("WordWeights", "words_",
                                            {"array": 0, "turned": False})),
    "words to be called": ("words", put("WordWeights", "words_",
                                        {"name": "flatten", "options": {"map": []}})),
    "a word of another kind": ("words", lambda n, a: find(n, "WordWeights")["state"]["words_"]
                               ["texts"].__setitem__(0, None)),
    "weights below zero": ("words", array("WordWeights", "weights_", lambda x: -x)),
    "another way to cut words": ("words", put("WordWeights", "analyzer", "os.system")),
    "degree 50": ("products", setting("PolynomialFeatures", "degree", 50)),
    "a million products": ("products", put("PolynomialFeatures", "_n_out_full", 10**6)),
    "the kernel a path": ("svm", setting("SVC", "kernel", "/dev/zero")),
    "a precomputed kernel": ("svm", setting("SVC", "kernel", "precomputed")),
    "fewer vectors": ("svm", array("SVC", "support_vectors_", lambda x: x[:-1])),
    "no vectors": ("svm", lambda n, a: [array("SVC", k, lambda x: x[:0])(n, a)
                                        for k in ("support_vectors_", "support_")]),
    "wider vectors": ("svm", array("SVC", "support_vectors_", lambda x: np.hstack([x, x]))),
    "more counted": ("svm", array("SVC", "_n_support", lambda x: x + 10**6)),
    "counted below zero": ("svm", array("SVC", "_n_support", lambda x: x - np.array([99, -99, 0],
                                                                                    np.int32))),
    "fewer weights": ("svm", array("SVC", "_dual_coef_", lambda x: x[:, :-1])),
    "fewer rows of weights": ("svm", array("SVC", "_dual_coef_", lambda x: x[:1])),
    "one constant": ("svm", array("SVC", "_intercept_", lambda x: x[:1])),
    "a sparse one": ("svm", put("SVC", "_sparse", True)),
    "a tree that goes round": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: _nodes(
        x, "left_child", 0))),
    "a tree that leads away": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: _nodes(
        x, "right_child", 10**9))),
    "a tree of other columns": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: _nodes(
        x, "feature", 10**6))),
    "a tree of columns below": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: _nodes(
        x, "feature", -7))),
    "a threshold NaN": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: _nodes(
        x, "threshold", np.nan))),
    "no node": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: x[:0])),
    "nodes of another size": ("tree", array("DecisionTreeClassifier", "nodes", lambda x: x[:, :8])),
    "values of other nodes": ("tree", array("DecisionTreeClassifier", "values", lambda x: x[1:])),
    "a million classes": ("tree", put("DecisionTreeClassifier", "n_classes_", 10**6)),
    "no outputs": ("tree", put("DecisionTreeClassifier", "n_outputs_", 0)),
    "a calibrator of another kind": ("late", put("Calibrator", "inner_", estimator("SVC"))),
    "a curve without an end": ("late", array("IsotonicRegression", "X_thresholds_",
                                             lambda x: x[:-1])),
    "weights of another shape": ("net", lambda n, a: a.__setitem__(
        n["state"]["weights_"][0]["array"], np.zeros((2, 2)))),
    "a weight less": ("net", lambda n, a: n["state"]["weights_"].pop()),
    "a wide net": ("net", setting("FusionClassifier", "width", 10**6)),
    "a wider net": ("net", setting("FusionClassifier", "width", 10**12)),
    "a net of minus one": ("net", setting("FusionClassifier", "width", -1)),
    "a million outputs": ("net", put("FusionClassifier", "n_outputs_", 10**6)),
    "a huge sample": ("net", put("FusionClassifier", "shapes_", {"map": [
        ["table", {"tuple": [10**6, 10**6, 10**6]}]]})),
    "many modalities": ("net", put("FusionClassifier", "shapes_", {"map": [
        [f"m{k}", {"tuple": [2]}] for k in range(5000)]})),
    "an unknown device": ("net", setting("FusionClassifier", "device", "meta")),
    "a scale of zero": ("net", lambda n, a: a.__setitem__(
        n["state"]["scaling_"]["map"][0][1]["tuple"][1]["array"], np.zeros(4))),
    "an option of Python": ("net", setting("FusionClassifier", "fuse____class__", "x")),
    "an option of none": ("net", setting("FusionClassifier", "fuse__rank", 3)),
    "a million layers": ("transformer", setting("FusionClassifier", "fuse__layers", 10**6)),
    "a million heads": ("transformer", setting("FusionClassifier", "fuse__heads", 10**6)),
    "no heads": ("transformer", setting("FusionClassifier", "fuse__heads", 0)),
    "bins beyond the last": ("sketch", lambda n, a: a.__setitem__(
        next(k for k, x in enumerate(a) if x.dtype == np.int64 and x.ndim == 1 and x.max() < 8
             and len(x) == 5), np.full(5, 10**9))),
    "links to nobody": ("graph", lambda n, a: a.__setitem__(
        n["state"]["links_"][0]["sparse"][2]["array"], np.full_like(
            a[n["state"]["links_"][0]["sparse"][2]["array"]], 10**6))),
    "links below zero": ("graph", lambda n, a: a.__setitem__(
        n["state"]["links_"][0]["sparse"][1]["array"], -a[
            n["state"]["links_"][0]["sparse"][1]["array"]])),
    "links of a huge table": ("graph", lambda n, a: n["state"]["links_"][0]["sparse"].__setitem__(
        0, [10**9, 10**9])),
    "references of others": ("graph", lambda n, a: a.__setitem__(
        n["state"]["references_"]["map"][0][1]["array"], np.zeros((3, 4)))),
    "the same key twice": ("net", lambda n, a: n["state"]["scaling_"]["map"].append(
        n["state"]["scaling_"]["map"][0])),
    "twenty thousand estimators": ("linear", setting("Pipeline", "steps", [
        {"tuple": [str(k), estimator("StandardScaler")]} for k in range(20_000)])),
    "unions that multiply": ("linear", lambda n, a: n["settings"].update(steps=[
        {"tuple": [str(k), estimator("FeatureUnion", {"transformer_list": [
            {"tuple": [str(j), "passthrough"]} for j in range(50)]})]} for k in range(9)])),
    "a text that widens an array": ("linear", put("LogisticRegression", "classes_", {
        "texts": ["x" * 10**6, *[""] * 1000], "object": False})),
    "a long window": ("linear", lambda n, a: n["settings"]["steps"].append({"tuple": [
        "w", estimator("SavitzkyGolay", {"window_length": 10**6})]})),
    "a forest of other classes": ("forest", put("RandomForestClassifier", "n_classes_", 10**9)),
    "a tree of another table": ("forest", lambda n, a: find(n, "RandomForestClassifier")["state"][
        "estimators_"][1]["state"].update(n_features_in_=7)),
    "a tree of another kind": ("forest", lambda n, a: find(n, "RandomForestClassifier")["state"][
        "estimators_"].append(estimator("DecisionTreeRegressor"))),
    "pipelines 70 deep": ("linear", lambda n, a: n["settings"].update(
        steps=[{"tuple": ["a", _nested(70)]}])),
}  # fmt: skip


def _nodes(x, field, value):
    """The bytes of a tree with another number in its first node."""
    made = DecisionTreeClassifier().fit([[0], [1]], [0, 1]).tree_.__getstate__()["nodes"].dtype
    nodes = x.copy().view(made)
    nodes[field][0] = value
    return nodes.view(np.uint8).reshape(x.shape)


def _nested(depth):
    inner = estimator("StandardScaler")
    for _ in range(depth):
        inner = estimator("Pipeline", {"steps": [{"tuple": ["a", inner]}]})
    return inner


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_not_as_it_should_be_is_refused(name, forge):
    model, change = CHANGES[name]
    refused(forge(model, change))


def test_the_text_of_a_forged_model_is_plain_json(packed, tmp_path):
    node, arrays = packed["linear"]
    good = json.dumps(node)
    for bad in (
        good.replace('"kind": "Pipeline"', '"kind": "SVC", "kind": "Pipeline"', 1),
        good.replace('"C": 1.0', '"C": NaN'),
        good.replace('"C": 1.0', '"C": 1e999'),
        good.replace('"C": 1.0', f'"C": {"9" * 5000}'),
        "[" * 50_000,
        '{"a":' * 50_000,
        good[:-1],
        good + "x",
        "",
    ):
        assert bad != good
        write_file(tmp_path, {"about": ABOUT, "model": bad}, arrays)
        refused(tmp_path)


def places(node, path=()):
    """Paths to all values of a packed model."""
    yield path
    parts = enumerate(node) if isinstance(node, list) else ()
    for key, part in node.items() if isinstance(node, dict) else parts:
        yield from places(part, (*path, key))


def at(node, path):
    for key in path:
        node = node[key]
    return node


ODD = [None, True, -1, 0, 7, 10**6, 2**62, 0.5, -1e308, "x", "drop", [], {}, {"map": []},
       {"array": 0, "turned": False}, estimator("Select", {"modality": "table"})]  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_any_value_in_the_place_of_another_is_refused_or_harmless(name, packed):
    """A model that is built all the same may fail, as any may on data that do not fit."""
    rng, outcomes = np.random.default_rng(1), []
    for _ in range(60):
        node, arrays = copy.deepcopy(packed[name])
        path = list(places(node))[1:]
        path = path[rng.integers(len(path))]
        at(node, path[:-1])[path[-1]] = copy.deepcopy(ODD[rng.integers(len(ODD))])
        try:
            rebuilt(node, arrays).predict(X)
            outcomes.append("predicts")
        except Exception as error:
            outcomes.append(type(error).__name__)
    assert outcomes.count("predicts") < 30


def test_the_command_says_what_is_wrong_and_ends(compared, model, tmp_path, capsys):
    new = unlabeled(compared, "new")
    texts, arrays = read_file(model)
    node = json.loads(texts["model"])
    guarded = next(part for name, part in node["state"].items() if name == "model_")
    block = find(find(guarded, "Blocks")["state"], "SpectrumBlock")
    block["state"]["n_features_in_"] += 1  # each part is sound, but they do not fit each other
    write_file(tmp_path, {"about": texts["about"], "model": json.dumps(node)}, arrays)
    assert main(["predict", str(tmp_path), str(new)]) == 2
    said = capsys.readouterr().err
    assert "cannot be applied to these samples" in said and "Traceback" not in said
    assert not new.with_name("new-predictions.csv").exists()


def test_weights_that_lead_to_nan_give_no_predictions(tmp_path):
    leaves = mmlib.make_leaves(20)
    model = mmlib.fusion.on_features(leaves, epochs=1).fit(leaves.X, leaves.y)
    mmlib.save(model, tmp_path / "model", leaves)
    texts, arrays = read_file(tmp_path / "model")
    huge = [x * 1e300 if x.ndim == 2 and x.dtype.kind == "f" else x for x in arrays]
    huge = [np.nan_to_num(x) if x.dtype.kind == "f" else x for x in huge]
    write_file(tmp_path / "model", {k: texts[k] for k in ("about", "model")}, huge)
    folder = write_folder(leaves.take(range(3)), tmp_path / "new")
    with pytest.raises(DataError, match="cannot be applied to these samples"):
        predict(tmp_path / "model", folder)


def test_classes_that_the_data_do_not_have_are_refused(tmp_path):
    leaves = mmlib.make_leaves(20)
    data = mmlib.MultimodalData(
        {"size": leaves.X["spectrum"][:, :5]}, leaves.y, target_names=leaves.target_names
    )
    model = make_pipeline(Select("size"), LogisticRegression()).fit(data.X, data.y)
    texts, arrays = read_file(mmlib.save(model, tmp_path, data))
    arrays = [x + 7 if x.dtype.kind == "i" and len(x) == 5 else x for x in arrays]
    write_file(tmp_path, {k: texts[k] for k in ("about", "model")}, arrays)
    refused(tmp_path, "classes that its data do not have")
