"""What every model of the ladder must obey, whatever it does inside."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib import DataError, MultimodalData
from mmlib.data.mapping import Samples
from mmlib.data.splits import most_folds
from mmlib.evaluation.nested_choice import ModelSelectionCV

FUSIONS = ["early", "late", "intermediate", "attention", "contrastive", "graph", "tensor"]
TABLES = ["spectrum only", "image only", *FUSIONS]  # for tables, too
PIXELS = ["image only (pixels)", "early (pixels)"]
NAMES = [*TABLES, *PIXELS]
GRIDS = {  # a parameter of each kind of model that can be tuned
    "spectrum only": {"model__penalties": [(1.0, 0.01), (0.1,)]},
    "image only": {"model__penalties": [(1.0, 0.01), (0.1,)]},
    "early": {"model__weights": ["chosen", None]},
    "late": {"rule": ["mean", "product"]},
    "intermediate": {"model__width": [8, 16]},
    "attention": {"model__width": [8, 16]},
    "contrastive": {"model__width": [8, 16]},
    "graph": {"model__n_neighbors": [3, 5]},
    "tensor": {"model__width": [8, 16]},
}


def with_tables(data, shift=0.0):
    """Plain tables instead of spectra and pictures, so that a fit is quick."""
    rng = np.random.default_rng(0)
    tables = {
        "spectrum": data.X["spectrum"][:, ::30].astype(float),
        "image": data.X["image"].mean((1, 2)) + shift,
        "scent": rng.normal(size=(len(data), 3)),
    }
    return MultimodalData(tables, data.y, data.groups, ids=data.ids)


def toy(n, classes, bands, size, seed=0):
    """A spectrum with a peak and a picture with a patch whose place or color is the class."""
    rng = np.random.default_rng(seed)
    code = np.arange(n) % classes
    spectrum = rng.normal(size=(n, bands)).astype(np.float32)
    spectrum[np.arange(bands) * classes // bands == code[:, None]] += 3
    image = rng.integers(80, 120, (n, *size)).astype(np.uint8)
    image[:, 4:12, 4:12] += (120 * code / classes).astype(np.uint8)[:, None, None, None]
    y = np.array([f"class {k:02d}" for k in code])
    return MultimodalData({"spectrum": spectrum, "image": image}, y)


@pytest.fixture(scope="module", autouse=True)
def briefly_taught():
    """Encoders see their pictures once: what is asked here holds from the first epoch on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mmlib.fusion.presets.TAUGHT", {"quick": 1, "full": 1})
        yield


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(40)


@pytest.fixture(scope="module")
def fitted(leaves):
    train, _ = leaves.split()
    return {name: m.fit(train.X, train.y) for name, m in mmlib.fusion.ladder(leaves).items()}


def test_the_ladder_has_all_rungs_in_order(leaves):
    assert list(mmlib.fusion.ladder(leaves)) == NAMES


def test_rungs_on_pixels_are_there_where_there_are_pictures_and_can_be_left_out(leaves):
    presets = mmlib.fusion.ladder(leaves).presets
    assert [name for name in presets if presets[name].family == "pixels"] == PIXELS
    assert presets["image only (pixels)"].alone and presets["early (pixels)"].fusion == "early"
    assert not set(PIXELS) & set(mmlib.fusion.ladder(with_tables(leaves)))
    assert list(mmlib.fusion.ladder(leaves, pixels=False)) == TABLES


def test_rungs_on_pixels_share_their_encoder_and_are_given_no_measured_column(leaves):
    models = mmlib.fusion.ladder(leaves)
    alone, both = (models[name]["blocks"].blocks for name in PIXELS)
    assert list(both) == ["spectrum", "spectrum: level", *alone]
    many = mmlib.fusion.ladder(leaves.take(np.arange(600) % len(leaves)))["early (pixels)"]
    assert list(many["blocks"].blocks) == ["spectrum: components", *alone]
    settings = {str(block[1].get_params()) for block in alone.values()}
    assert len(settings) == 1 and {str(both[name]) for name in alone} == set(
        map(str, alone.values())
    )
    assert "ColorTexture" not in str(both)


def test_forests_stand_beside_the_linear_models_on_the_blocks_of_the_nets(leaves):
    models = mmlib.fusion.ladder(leaves, forests=True)
    added = ["spectrum only (forest)", "image only (forest)", "early (forest)"]
    assert [name for name in models if name not in NAMES] == added
    assert [name for name in models if name not in added] == NAMES
    blocks, others = models["early (forest)"]["blocks"], models["intermediate"]["blocks"]
    parts = zip(blocks.transformer_list, others.blocks.items(), strict=True)
    for (name, steps), (other, same) in parts:  # but for the weight of the block at the end
        assert name == other and str(steps[:-1]) == str(same)


def test_forests_predict_classes_and_quantities(leaves):
    tables = with_tables(leaves)
    amount = MultimodalData(tables.X, tables.X["image"][:, 1], task="regression")
    for data in (tables, amount):
        forests = mmlib.fusion.ladder(data, forests=True)
        train, test = data.take(np.arange(0, 150)), data.take(np.arange(150, 200))
        early = forests["early (forest)"].fit(train.X, train.y)
        assert early.score(test.X, test.y) > 0.3  # accuracy, chance 0.2; or R2


@pytest.mark.parametrize("name", NAMES)
def test_it_does_better_than_guessing_and_gives_probabilities(name, fitted, leaves):
    _, test = leaves.split()
    proba = fitted[name].predict_proba(test.X)
    np.testing.assert_allclose(proba.sum(1), 1, rtol=1e-5)
    assert (fitted[name].classes_[proba.argmax(1)] == fitted[name].predict(test.X)).all()
    assert fitted[name].score(test.X, test.y) > 0.3  # guessing: 0.2


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_does_not_depend_on_its_neighbors_in_the_batch(name, fitted, leaves):
    _, test = leaves.split()
    together = fitted[name].predict_proba(test.X)
    alone = np.vstack([fitted[name].predict_proba(test.take([i]).X) for i in range(6)])
    np.testing.assert_allclose(alone, together[:6], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_modalities_does_not_matter(name, fitted, leaves):
    _, test = leaves.split()
    backwards = Samples(**dict(reversed(test.X.items())))
    expected = fitted[name].predict_proba(test.X)
    np.testing.assert_allclose(fitted[name].predict_proba(backwards), expected, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_it_predicts_the_same_after_saving(name, fitted, leaves, tmp_path):
    _, test = leaves.split()
    again = mmlib.load(mmlib.save(fitted[name], tmp_path, leaves))
    np.testing.assert_array_equal(again.predict_proba(test.X), fitted[name].predict_proba(test.X))


@pytest.mark.parametrize("name", TABLES)
def test_the_same_seed_gives_the_same_model_and_fitting_leaves_parameters_alone(name, leaves):
    tables = with_tables(leaves)
    model = mmlib.fusion.ladder(tables, random_state=3).get(name)
    before = str(model.get_params())
    first = model.fit(tables.X, tables.y).predict_proba(tables.X)
    assert str(model.get_params()) == before
    second = clone(model).fit(tables.X, tables.y).predict_proba(tables.X)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", TABLES)
def test_it_can_be_cross_validated_and_tuned(name, leaves):
    tables = with_tables(leaves)
    model = mmlib.fusion.ladder(tables)[name]
    scores = cross_val_score(model, tables.X, tables.y, cv=2)
    assert np.isfinite(scores).all()
    search = GridSearchCV(model, GRIDS[name], cv=2, error_score="raise").fit(tables.X, tables.y)
    assert search.best_params_.keys() == GRIDS[name].keys()


@pytest.mark.parametrize("name", FUSIONS)
@pytest.mark.parametrize(
    ("n", "classes", "bands", "size"),
    [(24, 2, 64, (16, 16, 1)), (150, 50, 2000, (16, 16, 3)), (24, 2, 211, (224, 224, 4))],
)
def test_it_takes_data_of_any_size(name, n, classes, bands, size):
    train, new = toy(n, classes, bands, size), toy(50, classes, bands, size, 1)
    model = mmlib.fusion.ladder(train)[name].fit(train.X, train.y)
    probability = model.predict_proba(new.X)  # once: large pictures take their time
    assert probability.shape == (50, classes)
    predicted = model.classes_[probability.argmax(axis=1)]
    assert (predicted == new.y).mean() > 1.5 / classes - 0.1


@pytest.mark.parametrize("name", FUSIONS)
def test_two_to_four_modalities(name, leaves):
    three = with_tables(leaves)
    four = MultimodalData({**three.X, "sound": three.X["scent"] ** 2}, three.y, three.groups)
    for data in (three, four):
        model = mmlib.fusion.ladder(data)[name].fit(data.X, data.y)
        assert model.score(data.X, data.y) > 0.25


def test_a_single_modality_has_a_ladder_of_one(leaves):
    data = MultimodalData({"spectrum": leaves.X["spectrum"]}, leaves.y, leaves.groups)
    assert list(mmlib.fusion.ladder(data)) == ["spectrum only"]


@pytest.mark.parametrize("name", [*FUSIONS, *PIXELS])
def test_a_quantity_instead_of_a_class(name):
    data = mmlib.make_leaves(40, target="chlorophyll")
    models = mmlib.fusion.ladder(data)
    if name not in models:
        pytest.skip(f"{name} is for classes only")
    train, test = data.split()
    model = models[name].fit(train.X, train.y)
    assert model.predict(test.X).shape == test.y.shape


@pytest.mark.parametrize("name", FUSIONS)
def test_noise_labels_score_chance(name, leaves):
    tables = with_tables(mmlib.make_leaves(80, seed=4))
    of_plant = np.random.default_rng(1).permutation(80) % 5
    tables.y = of_plant[tables.groups]
    result = mmlib.compare({name: mmlib.fusion.ladder(tables)[name]}, tables, 4, 2)
    assert result.table.loc[name, "low"] < 0.2
    assert result.table.loc[name, "mean"] < 0.3


@pytest.mark.parametrize("name", FUSIONS)
def test_units_do_not_matter(name, leaves):
    """Whoever counts in other units gets the same model, up to rounding."""
    data = with_tables(leaves)
    models = [clone(mmlib.fusion.ladder(data)[name]) for _ in range(2)]
    other = Samples(**{key: 1000 * x + 5 for key, x in data.X.items()})
    a = models[0].fit(data.X, data.y).predict(data.X)
    b = models[1].fit(other, data.y).predict(other)
    assert (a == b).mean() > 0.95


def test_an_unknown_budget_is_refused(leaves):
    with pytest.raises(DataError, match="budget is 'huge'"):
        mmlib.fusion.ladder(leaves, budget="huge")


def test_every_model_is_a_pipeline_or_an_estimator_that_takes_the_whole_mapping(leaves):
    for model in mmlib.fusion.ladder(leaves).values():
        make_pipeline(model)
        assert hasattr(model, "fit") and hasattr(model, "predict")


def on_few(n, y, groups=None):
    rng = np.random.default_rng(0)
    code = np.unique(y, return_inverse=True)[1]
    tables = {name: rng.normal(size=(n, 4)) + code[:, None] % 3 for name in ("nose", "ear")}
    return MultimodalData(tables, y, groups)


FEW = {
    "two groups that hold both classes": on_few(40, np.arange(40) % 2, np.arange(40) // 20),
    "two groups a class": on_few(36, np.arange(36) // 6 % 3, np.arange(36) // 6),
    "three groups a class": on_few(36, np.arange(36) // 4 % 3, np.arange(36) // 4),
    "fourteen samples": on_few(14, np.arange(14) % 2),
    "nine samples": on_few(9, np.arange(9) % 3),
    "a quantity of twelve samples": on_few(12, np.arange(12) ** 1.5),
    "a quantity in two groups": on_few(12, np.arange(12) ** 1.5, np.arange(12) // 6),
}


@pytest.mark.filterwarnings("ignore:Only one sample available")
@pytest.mark.parametrize("data", FEW.values(), ids=FEW)
def test_few_samples_or_groups_stop_no_rung_not_even_in_a_choice_inside(data):
    rungs = mmlib.fusion.ladder(data, forests=True)
    for rung in rungs.values():
        few = {"model__epochs": 2, "model__n_estimators": 5}  # of nets, and of forests
        rung.set_params(**{key: few[key] for key in few.keys() & rung.get_params()})
    rungs["chosen inside"] = ModelSelectionCV(dict(rungs))
    result = mmlib.compare(rungs, data, n_folds=most_folds(data, 3), n_repeats=1)
    assert result.table["mean"].notna().all()
