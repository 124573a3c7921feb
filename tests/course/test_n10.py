"""The pictures of notebook 10 say what is plotted, and the counts are those of the modules."""

import pandas as pd
import pytest
from torch import nn

from mmlib.course.figures.n10 import draw_sizes, plot_products, plot_ranks, sizes
from mmlib.fusion.tensor import LowRankTensor, OuterProduct


def count(*modules):
    return sum(p.numel() for module in modules for p in module.parameters())


@pytest.mark.parametrize(("width", "modalities", "rank"), [(4, 2, 3), (5, 3, 2), (64, 2, 8)])
def test_the_sizes_are_those_of_the_modules(width, modalities, rank):
    widths = {f"m{k}": width for k in range(modalities)}
    whole, short = OuterProduct(widths), LowRankTensor(widths, rank, 64)
    found = sizes(width, modalities, rank)
    assert found["whole table"] == (whole.width, count(nn.Linear(whole.width, 64)))
    assert found["low rank"] == (short.width, count(short))
    joined = width * modalities
    assert found["side by side"] == (joined, count(nn.Linear(joined, 64)))


def test_every_product_is_named():
    fig, text = plot_products({"a": 2.0, "b": 3.0}, {"c": -1.0, "d": 0.5})
    assert "3 x 3" in text and "4 numbers alone" in text and "4 products" in text
    for product in ("a x c -2", "a x d 1", "b x c -3", "b x d 1.5"):
        assert product in text
    assert len(fig.axes[0].texts) == 9


def test_a_small_rank_is_not_always_cheaper():
    assert "times fewer" in draw_sizes(64, 3, 4)[1]
    assert draw_sizes(8, 2, 16)[1].endswith("needs 18,512, 3.5 times as many.")


def test_the_legend_of_the_ranks_is_not_crossed_by_the_line_of_chance():
    table = pd.DataFrame({"mean": [0.7, 0.8], "low": 0.6, "high": 0.85}, index=[1, 16])
    fig, _ = plot_ranks(table, chance=0.5)
    fig.draw_without_rendering()
    box = fig.axes[0].get_legend().get_window_extent()
    assert fig.axes[0].transData.transform((1, 0.85))[1] < box.y0
