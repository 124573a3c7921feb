"""What the models of a ladder are is carried as data, and read from names of others only."""

import copy

import pytest

import mmlib
from mmlib.evaluation import verdict
from mmlib.features import spectrum_baselines
from mmlib.fusion.roles import Ladder, Preset, presets_of


@pytest.mark.parametrize(
    ("name", "preset"),
    [
        ("spectrum only", Preset(None, ("spectrum",))),
        ("spectrum only (forest)", Preset(None, ("spectrum",), "forest")),
        ("nir (raw) only (SVM)", Preset(None, ("nir (raw)",), "SVM")),
        ("sound only, LDA", Preset(None, ("sound",), "LDA")),
        ("early", Preset("early", ("a", "b"))),
        ("early (forest)", Preset("early", ("a", "b"), "forest")),
        ("commonly", Preset("commonly", ("a", "b"))),
        ("", Preset("", ("a", "b"))),
    ],
)
def test_a_name_tells_what_a_model_is(name, preset):
    assert presets_of([name], ["a", "b"]) == {name: preset}
    if "," not in name:
        assert preset.name == name


def test_the_ladder_says_what_its_models_are():
    leaves = mmlib.make_leaves(10)
    models = mmlib.fusion.ladder(leaves, forests=True, pixels=False)
    assert [preset.name for preset in models.presets.values()] == list(models)
    both, families = ("spectrum", "image"), {"", "forest"}
    for modality in both:
        mine = [p for p in models.presets.values() if p.modalities == (modality,)]
        assert all(p.alone for p in mine) and {p.family for p in mine} == families
    assert {p.family for p in models.presets.values() if p.fusion == "early"} == families
    assert all(p.modalities == both for p in models.presets.values() if not p.alone)
    assert presets_of(models) == presets_of(dict(models), both)  # a plain dict tells the same


def test_what_the_ladder_says_outlasts_copies_and_counts_more_than_names():
    made = Preset(None, ("spectrum",), "SVM")
    models = copy.deepcopy(Ladder({"my support vectors": 1}, {"my support vectors": made}))
    models["sound only"] = 2
    assert presets_of(models)["my support vectors"] == made
    assert presets_of(models)["sound only"].modalities == ("sound",)


def test_a_comparison_knows_a_single_modality_by_what_it_is_not_by_its_name():
    leaves = mmlib.make_leaves(30, 2)
    svm = spectrum_baselines()["SVM"]
    presets = {"mine": Preset(None, ("spectrum",)), "only a name": Preset("early")}
    models = Ladder(dict.fromkeys(presets, svm), presets)
    result = mmlib.compare(models, leaves, n_folds=2, n_repeats=1)
    assert verdict(result, reference="early")[2:4] == ("mine", "only a name")
