import numpy as np
import pytest

import mmlib
from mmlib.base import fit_options
from mmlib.evaluation.choices import choices_of
from mmlib.features.block_selection import BlockSelection

RNG = np.random.default_rng(0)
Y = np.arange(120) % 3
KNOWS = np.eye(3)[Y] + 0.7 * RNG.normal(size=(120, 3))
NOISE = RNG.normal(size=(120, 90))


def test_a_wide_block_of_noise_is_left_out_and_the_others_pass_as_they_are():
    X = {"noise": NOISE, "spectrum": KNOWS, "more": KNOWS[:, :2] + RNG.normal(size=(120, 2))}
    for blocks in (X, dict(reversed(X.items()))):
        selection = BlockSelection().fit(blocks, Y)
        assert selection.left_out_ == ["noise"] and selection.kept_ == "more and spectrum"
    seen = selection.transform(X)
    assert not seen["noise"].any() and seen["noise"].shape == NOISE.shape
    assert seen["spectrum"] is X["spectrum"] and NOISE.any()


def test_a_quantity_is_asked_for_likewise():
    selection = BlockSelection().fit({"a": KNOWS, "b": NOISE}, KNOWS @ [1.0, 2, 3])
    assert selection.left_out_ == ["b"]


def test_what_two_blocks_tell_only_together_is_kept():
    for seed in range(5):
        a, b = np.random.default_rng(seed).normal(size=(2, 200, 1))
        y = (a * b > 0).ravel()
        assert BlockSelection().fit({"a": a, "b": b}, y).kept_ == "all"


def test_a_block_that_tells_some_of_it_is_kept():
    kept = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X = {"a": KNOWS, "b": np.eye(3)[Y] + rng.normal(size=(120, 3))}
        kept += BlockSelection().fit(X, Y).kept_ == "all"
    assert kept == 10


@pytest.mark.parametrize(
    "X, y, groups",
    [
        ({"a": KNOWS, "b": NOISE}, None, None),
        ({"a": KNOWS, "b": NOISE}, Y, np.arange(120) % 19),  # too few groups
        ({"a": KNOWS[:19], "b": NOISE[:19]}, Y[:19], None),
        ({"a": KNOWS, "b": NOISE}, np.ones(120), None),
        ({"a": KNOWS, "b": NOISE.reshape(120, 9, 10, 1)}, Y, None),  # a picture, as it is
        ({"b": NOISE}, Y, None),
        ({"a": KNOWS, "b": np.where(NOISE > 2, np.nan, NOISE)}, Y, None),  # the model will say it
        ({"a": KNOWS, "b": NOISE[:, :0]}, Y, None),
    ],
)
def test_where_nothing_can_be_shown_all_are_kept(X, y, groups):
    selection = BlockSelection().fit(X, y, groups)
    assert selection.left_out_ == [] and selection.kept_ == "all"
    assert all(selection.transform(X)[name] is x for name, x in X.items())


def test_it_chooses_only_among_the_blocks_that_it_is_told():
    X = {"a": KNOWS, "b": NOISE, "c": KNOWS}
    assert BlockSelection(["a", "c"]).fit(X, Y).kept_ == "all"
    assert BlockSelection("b").fit(X, Y).kept_ == "all"


def test_groups_are_held_out_as_a_whole():
    """A block that tells samples' groups apart helps only who has seen the group."""
    rng = np.random.default_rng(1)
    plants = np.repeat(np.arange(40), 5)
    y = rng.integers(0, 2, 40)[plants]
    names = rng.normal(size=(40, 30))[plants] + 0.1 * rng.normal(size=(200, 30))
    X = {"names": names, "spectrum": y[:, None] + rng.normal(size=(200, 2))}
    assert BlockSelection().fit(X, y, plants).left_out_ == ["names"]
    assert BlockSelection().fit(X, y).left_out_ == []


def test_nets_on_features_say_what_they_kept_and_are_not_given_the_rest():
    X = {"spectrum": KNOWS, "height": NOISE}
    data = mmlib.MultimodalData(X, Y.astype(str))
    for model in (mmlib.fusion.on_features(data, epochs=2), mmlib.fusion.graph_fusion(data)):
        model.fit(data.X, data.y, **fit_options(model, data.groups))
        assert choices_of(model)["modalities kept"] == "spectrum"
        other = {"spectrum": KNOWS, "height": NOISE[::-1]}
        np.testing.assert_array_equal(model.predict_proba(data.X), model.predict_proba(other))
    alone = mmlib.fusion.on_features(data, epochs=2, modalities="height").fit(data.X, data.y)
    assert alone["selection"].kept_ == "all"


def test_a_block_that_is_missing_is_named():
    with pytest.raises(mmlib.DataError, match="no modality 'typo'"):
        BlockSelection(["a", "typo"]).fit({"a": KNOWS}, Y)


def test_gaps_in_a_block_that_is_left_out_do_not_reach_the_net():
    selection = BlockSelection().fit({"a": KNOWS, "b": NOISE}, Y)
    assert not selection.transform({"a": KNOWS, "b": np.full((120, 90), np.nan)})["b"].any()


def test_graphs_with_links_of_their_own_get_all_blocks():
    data = mmlib.MultimodalData({"a": KNOWS, "b": NOISE}, Y.astype(str))
    for graph in ("union", "sum", "nodes"):
        assert mmlib.fusion.graph_fusion(data, graph=graph)["selection"] == "passthrough"
