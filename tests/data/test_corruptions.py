"""Damage grows with severity, touches one modality, and its copies keep label and group."""

import numpy as np
import pytest

import mmlib
from mmlib.base import DataError
from mmlib.data.corruptions import damaged_copies, default_corruptions
from mmlib.data.damage import wavelength_shift


def names_of(data):
    return list(default_corruptions(data))


@pytest.mark.parametrize("kind", names_of(mmlib.make_leaves(5)))
def test_damage_leaves_its_input_and_the_other_modality_alone(leaves, kind):
    corruption = default_corruptions(leaves)[kind]
    before = leaves.fingerprint()
    worst = max(corruption.severities)
    damaged = corruption.damage(leaves.X, worst, random_state=1)
    other = ({"spectrum", "image"} - {corruption.modality}).pop()
    name = corruption.modality
    assert leaves.fingerprint() == before
    assert np.array_equal(damaged[other], leaves.X[other])
    assert damaged[name].dtype == leaves.X[name].dtype
    assert damaged[name].shape == leaves.X[name].shape
    assert not np.array_equal(damaged[name], leaves.X[name])
    again = corruption.damage(leaves.X, worst, random_state=1)
    assert np.array_equal(damaged[name], again[name])
    assert np.allclose(corruption.damage(leaves.X, 0)[name], leaves.X[name], atol=1e-7)


@pytest.mark.parametrize("kind", names_of(mmlib.make_leaves(5)))
def test_damage_grows_with_severity(leaves, kind):
    corruption = default_corruptions(leaves)[kind]
    clean = leaves.X[corruption.modality].astype(float)
    moved = [
        np.abs(corruption.damage(leaves.X, s)[corruption.modality] - clean).mean()
        for s in corruption.severities
    ]
    assert (np.diff(moved) > 0).all()


def test_copies_keep_labels_and_groups_and_have_one_damage_each(leaves):
    found = default_corruptions(leaves)
    before = leaves.fingerprint()
    more = damaged_copies(leaves, found, copies=2, random_state=5)
    n = len(leaves)
    assert leaves.fingerprint() == before
    assert np.array_equal(more.y, np.tile(leaves.y, 2))
    assert np.array_equal(more.groups, np.tile(leaves.groups, 2))
    assert len(set(more.ids)) == 2 * n and more.ids[n] == f"{leaves.ids[0]}-copy2"
    changed = {
        name: (more.X[name] != np.concatenate([x, x])).reshape(2 * n, -1).any(1)
        for name, x in leaves.X.items()
    }
    assert not (changed["spectrum"] & changed["image"]).any()
    assert (changed["spectrum"] | changed["image"]).mean() > 0.95
    assert more.fingerprint() == damaged_copies(leaves, found, 2, 5).fingerprint()
    for bad in ({"found": {}}, {"found": found, "copies": 0}):
        with pytest.raises(DataError, match="at least one"):
            damaged_copies(leaves, **bad)


def test_two_spectra_get_corruptions_of_their_own(leaves):
    X = {"leaf": leaves.X["spectrum"], "soil": leaves.X["spectrum"][:, :60]}
    both = mmlib.MultimodalData(X, leaves.y, axes={"leaf": leaves.axes["spectrum"]})
    found = default_corruptions(both)
    assert {c.modality for c in found.values()} == {"leaf", "soil"}
    assert [c.modality for c in found.values() if c.function is wavelength_shift] == ["leaf"]
