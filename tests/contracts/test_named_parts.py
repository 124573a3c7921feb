"""Every fuse and encoder by its name, and options of theirs wherever scikit-learn looks."""

import copy
from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import mmlib
from mmlib import DataError, FusionClassifier, FusionRegressor
from mmlib.data.mapping import Samples
from mmlib.fusion.attention import Gate
from mmlib.fusion.embedding import ContrastiveEmbedding
from mmlib.fusion.graph import GraphClassifier
from mmlib.fusion.heteroscedastic import SpreadRegressor
from mmlib.fusion.intermediate import FUSES
from mmlib.fusion.presets import ladder, on_tokens
from mmlib.fusion.tensor import LowRankTensor
from mmlib.nets.encoders import ImageCNN, SpectrumCNN, TableEncoder, TokenEncoder
from mmlib.nets.sequences import FramesCNN, WordLSTM

OPTIONS = {  # one for each fuse that has any, other than its default
    "gate": {"width": 5},
    "co-attention": {"width": 5},
    "cross-attention": {"heads": 2},
    "transformer": {"heads": 2},
    "contrastive": {"dim": 3},
    "tensor": {"rank": 3},
    "outer product": {"compress": 3},
    "compact bilinear": {"width": 24},
    "correlate": {"n_components": 3},
    "adversary": {"shared": 3},
}
ENCODERS = {
    "spectrum": ("cnn", SpectrumCNN),
    "image": ("cnn", ImageCNN),
    "table": ("table", TableEncoder),
    "windows": ("tokens", TokenEncoder),
    "codes": ("words", WordLSTM),
    "moments": ("frames", FramesCNN),
}
every_fuse = pytest.mark.parametrize("name", FUSES)
every_option = pytest.mark.parametrize("name", OPTIONS)


def toy(n=40):
    rng = np.random.default_rng(0)
    X = {
        "spectrum": rng.normal(size=(n, 64)),
        "image": rng.integers(0, 255, (n, 16, 16, 3)).astype(np.uint8),
        "table": rng.normal(size=(n, 4)),
        "windows": rng.normal(size=(n, 5, 6)),
        "codes": rng.integers(0, 9, (n, 7)).astype(float),
        "moments": rng.normal(size=(n, 20, 3)),
    }
    return Samples(**X), np.arange(n) % 2


def net(names=("table", "spectrum"), kind=FusionClassifier, **options):
    settings = {"epochs": 2, "width": 8, "random_state": 0, "device": "cpu"}
    return kind(**{"modalities": list(names), **settings, **options})


def chosen(name):
    return {f"fuse__{option}": value for option, value in OPTIONS[name].items()}


def probabilities(model):
    X, y = toy()
    return model.fit(X, y).predict_proba(X)


def test_every_fuse_is_tried_here_and_told_in_the_help():
    assert set(FUSES) - set(OPTIONS) == {"concatenate"}
    assert [name for name in FUSES if f'"{name}"' not in FusionClassifier.__doc__] == []


@every_fuse
def test_the_name_of_a_fuse_is_its_class(name):
    expected = probabilities(net(fuse=FUSES[name]))
    np.testing.assert_array_equal(probabilities(net(fuse=name)), expected)


@every_option
def test_an_option_reaches_the_fuse(name):
    by_hand = probabilities(net(fuse=partial(FUSES[name], **OPTIONS[name])))
    np.testing.assert_array_equal(probabilities(net(fuse=name, **chosen(name))), by_hand)
    by_class = net(fuse=FUSES[name], **chosen(name))
    np.testing.assert_array_equal(probabilities(by_class), by_hand)
    assert (by_hand != probabilities(net(fuse=name))).any()


@pytest.mark.parametrize("modality", ENCODERS)
def test_the_name_of_an_encoder_is_its_class(modality):
    name, kind = ENCODERS[modality]
    by_name = net([modality], encoders={modality: name})
    by_class = net([modality], encoders={modality: kind})
    np.testing.assert_array_equal(probabilities(by_name), probabilities(by_class))
    assert type(by_name.net_.encoders[modality]) is kind


def test_an_option_reaches_its_encoder():
    both = ["windows", "table"]
    plain = net(both, encoders={"windows": "tokens"})
    own = net(both, encoders={"windows": "tokens"}, encoders__windows__own=True)
    by_hand = net(both, encoders={"windows": partial(TokenEncoder, own=True)})
    np.testing.assert_array_equal(probabilities(own), probabilities(by_hand))
    assert (probabilities(own) != probabilities(plain)).any()


def test_a_modality_may_have_underscores_in_its_name():
    X, y = toy()
    X = Samples(**{"my__windows": X["windows"]})
    encoders = {"my__windows": "tokens"}
    model = FusionClassifier(encoders=encoders, encoders__my__windows__own=True, epochs=1)
    assert len(model.fit(X, y).net_.encoders["my__windows"].weight) == 5
    assert clone(model).get_params()["encoders__my__windows__own"] is True


@every_option
def test_parameters_come_back_as_they_were_given(name):
    model = net(fuse=name, **chosen(name))
    assert model.get_params().items() >= {"fuse": name, **chosen(name)}.items()
    for other in (clone(model), net().set_params(**model.get_params())):
        assert other.get_params() == model.get_params()
    assert type(model)(**model.get_params()).get_params() == model.get_params()
    (option, value), *_ = chosen(name).items()
    assert f"{option}={value}" in repr(model)


def test_a_grid_search_reaches_options_and_names_also_inside_a_pipeline():
    X, y = toy()
    model = make_pipeline(FunctionTransformer(), net(encoders={"table": "table"}))
    part = "fusionclassifier__"
    grid = [
        {f"{part}fuse": ["tensor"], f"{part}fuse__rank": [1, 3]},
        {f"{part}fuse": ["gate", "concatenate"]},
    ]
    search = GridSearchCV(model, grid, cv=2, error_score="raise", refit=False).fit(X, y)
    assert len(search.cv_results_["params"]) == 4
    search = GridSearchCV(net(fuse="tensor"), {"fuse__rank": [3]}, cv=2, error_score="raise")
    assert len(search.fit(X, y).best_estimator_.net_.fuse.mix) == 3


@pytest.mark.parametrize("again", ["save", "copy", "copy after a change"])
@every_option
def test_a_model_with_options_comes_back_as_it_was(name, again, tmp_path):
    X, y = toy()
    encoders = {"windows": "tokens", "table": "table", "spectrum": "cnn"}
    options = {"encoders": encoders, "encoders__windows__own": True, **chosen(name)}
    model = net(["windows", "table", "spectrum"], fuse=name, **options).fit(X, y)
    expected = model.predict_proba(X)
    if again == "copy after a change":
        model.set_params(fuse="gate", encoders=None)
    other = mmlib.load(mmlib.save(model, tmp_path)) if again == "save" else copy.deepcopy(model)
    np.testing.assert_array_equal(other.predict_proba(X), expected)
    assert other.get_params() == model.get_params()


def test_a_new_fuse_starts_without_the_options_of_the_one_before():
    both = ["windows", "table"]
    model = net(both, fuse="tensor", fuse__rank=3, encoders={"windows": "tokens"})
    model.set_params(encoders__windows__own=True)
    model.set_params(fuse="gate")
    assert "fuse__rank" not in model.get_params() and not hasattr(model, "fuse__rank")
    assert model.get_params()["encoders__windows__own"] is True  # those of others stay
    model.set_params(encoders={"windows": "tokens"})
    assert "encoders__windows__own" not in model.get_params()
    model.set_params(fuse="tensor", fuse__rank=2)
    assert model.get_params()["fuse__rank"] == 2
    model.fuse = "gate"  # past set_params: said when it is fitted
    with pytest.raises(DataError, match="fuse has no option 'rank': it has 'width'"):
        model.fit(*toy())


@pytest.mark.parametrize("kind", [FusionClassifier, FusionRegressor, SpreadRegressor])
def test_what_does_not_exist_is_refused_with_what_does(kind):
    for make in (partial(net, kind=kind), net(kind=kind).set_params):
        with pytest.raises(DataError, match="no option 'rnk': it has 'rank', 'width'"):
            make(fuse="tensor", fuse__rnk=3)
        with pytest.raises(DataError, match="fuse has no option 'rank': it has none"):
            make(fuse="concatenate", fuse__rank=3)
        with pytest.raises(DataError, match="encoders__table has no option 'own': it has none"):
            make(encoders={"table": "table"}, encoders__table__own=True)
        with pytest.raises(DataError, match=r"no option 'head__depth': it has .*width"):
            make(head__depth=3)
    with pytest.raises(DataError, match=r"no option 'epoch': it has .*epochs"):
        net(kind=kind, epoch=3)
    with pytest.raises(DataError, match="fuse is 'tensr': it must be a class or 'concatenate'"):
        net(kind=kind, fuse="tensr").fit(*toy())
    with pytest.raises(DataError, match="encoder of 'table' is 'tabel': it must be a class or"):
        net(kind=kind, encoders={"table": "tabel"}).fit(*toy())
    ready = {"table": TableEncoder(4, 8)}
    with pytest.raises(DataError, match="no option 'width': it has none"):
        net(kind=kind, encoders=ready, encoders__table__width=8)


def test_a_refused_change_changes_nothing():
    model = net(fuse="tensor", fuse__rank=3)
    before = model.get_params()
    with pytest.raises(DataError):
        model.set_params(fuse="gate", epochs=9, fuse__rank=2)
    assert model.get_params() == before


def test_options_of_a_function_that_takes_any_go_through():
    def wide(widths, **options):
        return LowRankTensor(widths, **options)

    model = net(fuse=wide, fuse__rank=3).fit(*toy())
    assert len(model.net_.fuse.mix) == 3


def test_an_embedding_names_its_encoders_and_has_no_fuse():
    X, _ = toy()
    X = Samples(windows=X["windows"], table=X["table"])
    encoders = {"windows": "tokens", "table": "table"}
    model = ContrastiveEmbedding(encoders=encoders, encoders__windows__own=True, epochs=1)
    assert len(clone(model).fit(X).encoders_["windows"].weight) == 5
    with pytest.raises(DataError, match="ContrastiveEmbedding has no option 'fuse__rank'"):
        ContrastiveEmbedding(fuse__rank=3)


@pytest.mark.parametrize("kind", [GraphClassifier, ContrastiveEmbedding])
def test_nets_of_other_kinds_have_only_parameters_that_they_use(kind):
    unused = {"fuse", "auxiliary", "modality_dropout", "calibrate"}
    assert not unused & set(kind().get_params()) and not unused & set(vars(kind))
    with pytest.raises((DataError, ValueError)):
        kind().set_params(fuse=Gate)


def test_the_presets_name_their_parts_so_that_a_search_reaches_every_option():
    leaves = mmlib.make_leaves(10)
    nets = [ladder(leaves)[name] for name in ("intermediate", "attention", "contrastive", "tensor")]
    for net in [*nets, on_tokens(leaves, fuse="co-attention")]:
        options = net.get_params()
        parts = [options["model__fuse"], *options["model__encoders"].values()]
        assert len(parts) == 3 and all(isinstance(part, str) for part in parts)
    assert options["model__encoders__spectrum__own"] is True
    net.set_params(model__encoders__image__own=True)
    assert on_tokens(leaves, encoders={"spectrum": "cnn"})["model"].encoders == {"spectrum": "cnn"}
