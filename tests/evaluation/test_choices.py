"""What was chosen inside the folds is what the fitted models hold."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline

import mmlib
from mmlib.evaluation.choices import choices_of, in_words
from mmlib.evaluation.nested_choice import ModelSelectionCV
from mmlib.features import SpectrumBlock, spectrum_baselines
from mmlib.features.block_ridge import BlockRidgeClassifier
from mmlib.fusion.early import early_fusion


@pytest.fixture(scope="module")
def leaves():
    return mmlib.make_leaves(n_plants=20, leaves_per_plant=2)


def test_a_block_inside_a_fusion_is_named_by_its_modality(leaves):
    model = early_fusion(leaves, blocks={"spectrum": SpectrumBlock()}, classifier=RidgeCV())
    model.fit(leaves.X, leaves.y, blocks__groups=leaves.groups)
    block = dict(model["blocks"].transformer_list)["spectrum"]["spectrumblock"]
    found = choices_of(model)
    assert block.choice_.startswith(f"{found['spectrum']}: ") and found["penalty"] > 0


def test_weights_of_blocks_are_told_where_they_were_chosen_only():
    rng = np.random.default_rng(0)
    X = {"a": rng.normal(size=(40, 5)), "b": rng.normal(size=(40, 3))}
    y = X["a"][:, 0] > 0
    chosen = BlockRidgeClassifier().fit(X, y)
    assert choices_of(chosen) == {
        "penalty": chosen.penalty_,
        **{f"weight of {name}": weight for name, weight in chosen.weights_.items()},
    }
    given = BlockRidgeClassifier(weights={"a": 1, "b": 1}).fit(X, y)
    assert list(choices_of(given)) == ["penalty"]


def test_a_comparison_keeps_what_each_fold_chose_and_a_store_gives_it_back(leaves, tmp_path):
    singles = {name: spectrum_baselines()[name] for name in ("PLS-DA", "SVM")}
    models = {"chosen": ModelSelectionCV(singles), "SVM": singles["SVM"]}
    how = {"n_folds": 3, "n_repeats": 1, "store": tmp_path}
    first, again = (mmlib.compare(models, leaves, **how) for _ in range(2))
    assert len(first.choices["chosen"]) == 3 and first.choices["SVM"] == [{}] * 3
    assert all(fold["model"] in singles for fold in first.choices["chosen"])
    assert again.choices == first.choices


def test_folds_are_counted_in_words():
    assert in_words([{"a": "x"}] * 4) == {"a": "x (all 4 folds)"}
    assert in_words([{"a": "x"}]) == {"a": "x (1 of 1 fold)"}
    many = [{"a": text} for text in "vwxyz"]
    assert in_words(many)["a"].endswith("x (1 of 5 folds) and 2 others")
    assert in_words(many[:4])["a"].endswith("and 1 other")
    assert in_words([{"w": 0.5}] * 2) == {"w": "0.5"} and in_words([{}]) == {}


def test_numbers_that_differ_are_not_said_to_reach_from_one_to_the_same():
    assert in_words([{"penalty": 0.1001}, {"penalty": 0.1002}]) == {"penalty": "0.1"}
    assert in_words([{"components": 100}, {"components": 150}]) == {
        "components": "125 (100 to 150)"
    }


def test_a_pipeline_without_a_choice_has_none():
    x = np.arange(12.0).reshape(-1, 1)
    assert list(choices_of(make_pipeline(RidgeCV()).fit(x, x[:, 0]))) == ["penalty"]
    assert choices_of(spectrum_baselines()["SVM"]) == {}
