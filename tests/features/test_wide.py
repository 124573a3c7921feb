import numpy as np
import pytest

from mmlib.features import Once, Outline, PatchFeatures, Thumbnail, once
from mmlib.features.shrinking import few_channels, shrink

PARTS = [Outline(), PatchFeatures(), Thumbnail()]


@pytest.mark.parametrize("part", PARTS, ids=lambda p: type(p).__name__)
@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((16, 16, 1), np.uint8),
        ((17, 40, 3), np.uint8),
        ((200, 90, 3), float),
        ((20, 20, 200), np.float32),
        ((1200, 800, 3), np.uint8),
    ],
)
def test_a_picture_of_any_form_gives_finite_columns_of_its_own(part, shape, kind):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (3, *shape)).astype(kind)
    images[1] = 7  # nothing to see
    together = part.fit(images).transform(images)
    assert np.isfinite(together).all()
    alone = np.concatenate([part.transform(images[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-9)


@pytest.mark.parametrize("part", [Outline(), PatchFeatures()], ids=lambda p: type(p).__name__)
def test_black_is_of_no_importance(part):
    images = np.random.default_rng(0).normal(size=(4, 24, 24, 3))
    np.testing.assert_allclose(part.transform(images + 1000), part.transform(images), atol=1e-6)


def test_an_outline_is_the_same_whichever_way_the_object_is_turned():
    image = np.zeros((1, 32, 32, 1))
    image[0, 12:20, 6:26] = 1
    turned = np.rot90(image, axes=(1, 2))
    names = list(Outline().get_feature_names_out())
    waves = [i for i, name in enumerate(names) if "waves" in name]
    one, other = (Outline().transform(x)[0, waves] for x in (image, turned))
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_shrinking_keeps_the_mean_and_few_channels_keep_three():
    images = np.random.default_rng(0).normal(size=(2, 50, 70, 3))
    small = shrink(images, 16)
    assert small.shape == (2, 16, 22, 3)
    np.testing.assert_allclose(small.mean((1, 2)), images.mean((1, 2)))
    mixed = few_channels(images)
    np.testing.assert_allclose((mixed**2).sum(3), (images**2).sum(3))


class Counting(Thumbnail):
    seen = 0

    def transform(self, X):
        Counting.seen += len(X)
        return super().transform(X)


def test_a_picture_is_measured_once_and_never_gets_the_columns_of_another():
    images = np.random.default_rng(5).integers(0, 255, (6, 20, 20, 3), dtype=np.uint8)
    Counting.seen = 0
    step = Once(Counting()).fit(images)
    first = step.transform(images)
    again = Once(Counting()).fit(images[:2]).transform(images[[3, 3, 1]])
    assert Counting.seen == 6
    np.testing.assert_array_equal(again, first[[3, 3, 1]])
    assert Once(Counting(8)).fit(images).transform(images).shape != first.shape
    np.testing.assert_array_equal(first, Thumbnail().transform(images))


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(once, "MOST", 20000)
    images = np.random.default_rng(6).integers(0, 255, (9, 20, 20, 3), dtype=np.uint8)
    made = Once(Thumbnail()).fit_transform(images)
    np.testing.assert_array_equal(made, Thumbnail().transform(images))
    assert sum(row.nbytes for row in once._rows.values()) <= 20000
