"""Changes to training samples are of the promised kind and size, and touch nothing else."""

import torch

from mmlib.nets.augment import jitter, light, mirror_and_shift, shift, together
from mmlib.nets.loop import own_randomness


def test_mirror_and_shift_keeps_every_pixel_and_other_modalities():
    x = torch.arange(2 * 16 * 16.0).reshape(1, 2, 16, 16).repeat(32, 1, 1, 1)
    spectrum = torch.rand(32, 5)
    changed = mirror_and_shift({"image": x, "spectrum": spectrum})
    assert changed["spectrum"] is spectrum
    torch.testing.assert_close(changed["image"].flatten(2).sort(2).values, x.flatten(2))
    assert 2 <= len({tuple(row.flatten().tolist()) for row in changed["image"]}) <= 2


def test_mirror_turns_left_to_right_and_never_upside_down():
    down = torch.arange(8.0)[:, None].expand(50, 1, 8, 8)
    across = torch.arange(8.0).expand(50, 1, 8, 8)
    with own_randomness(0):
        changed = mirror_and_shift({"down": down, "across": across}, shift=0)
    assert torch.equal(changed["down"], down)
    turned = (changed["across"] == across.flip(3)).all(dim=(1, 2, 3))
    kept = (changed["across"] == across).all(dim=(1, 2, 3))
    assert (turned ^ kept).all() and 10 < turned.sum() < 40


def test_nothing_but_the_named_mirror_turns_left_to_right():
    """A blob on the left may mean something."""
    across = torch.arange(8.0).expand(50, 1, 8, 8)
    for change in (light, shift):
        with own_randomness(0):
            moved = change({"x": across})["x"]
        steps = moved[..., 1:] - moved[..., :-1]
        assert ((steps == 1) | (steps == -7)).all()  # as before, or the seam of the shift


def test_jitter_is_of_the_promised_size_and_leaves_pictures_alone():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        X = {"spectrum": torch.ones(5000, 40), "image": torch.rand(2, 3, 16, 16)}
        changed = jitter(X, gain=0.3, offset=0.4, noise=0.2)
        assert light(X)["spectrum"].shape == (5000, 40)
    assert changed["image"] is X["image"]
    rows = changed["spectrum"].mean(1)
    assert abs(rows.mean().item() - 1) < 0.03
    assert abs(rows.std().item() - (0.3**2 + 0.4**2 + 0.2**2 / 40) ** 0.5) < 0.03
    within = (changed["spectrum"] - rows[:, None]).std().item()
    assert abs(within - 0.2) < 0.01


def test_together_changes_all_pictures_of_a_sample_in_the_same_way():
    place = torch.arange(64.0).reshape(1, 1, 8, 8).repeat(50, 1, 1, 1)
    spectrum = torch.rand(50, 5)
    with own_randomness(0):
        X = {"ct": place, "mri": torch.cat([place, -place], 1), "spectrum": spectrum}
        changed = together(X, shift=1 / 8)
    assert list(changed) == list(X) and changed["spectrum"] is spectrum
    assert torch.equal(changed["mri"], torch.cat([changed["ct"], -changed["ct"]], 1))
    assert len({tuple(row.flatten().tolist()) for row in changed["ct"]}) == 2
    torch.testing.assert_close(changed["ct"].flatten(1).sort(1).values, place.flatten(1))


def test_each_by_itself_would_tear_them_apart():
    place = torch.arange(64.0).reshape(1, 1, 8, 8).repeat(50, 1, 1, 1)
    with own_randomness(0):
        changed = mirror_and_shift({"ct": place, "mri": place})
    assert not torch.equal(changed["ct"], changed["mri"])
