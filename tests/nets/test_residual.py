"""A residual block adds to what it is given; the encoder finds a spot wherever it is."""

import pytest
import torch

from mmlib import DataError
from mmlib.nets.residual import ResidualBlock, ResidualCNN


def test_a_block_that_has_nothing_to_add_passes_on_what_it_is_given():
    block, x = ResidualBlock(3).eval(), torch.rand(2, 3, 6, 6)
    with torch.no_grad():
        block.added[1].weight.zero_()
    torch.testing.assert_close(block(x), x)


def test_a_block_adds_what_its_two_convolutions_make():
    block, x = ResidualBlock(3).eval(), torch.rand(2, 3, 6, 6)
    torch.testing.assert_close(block(x), torch.relu(x + block.added(x)))
    assert not torch.allclose(block(x), x)


def test_the_vector_is_the_largest_of_the_tokens_and_forgets_where():
    torch.manual_seed(0)
    encoder = ResidualCNN((48, 48, 1), width=6).eval()
    one, other = torch.zeros(2, 1, 1, 48, 48)
    one[0, 0, 10:13, 10:13] = 1
    other[0, 0, 30:33, 20:23] = 1  # the same spot elsewhere, on the same grid of two pixels
    tokens = encoder.tokens(one)
    assert tokens.shape == (1, 576, 6)
    torch.testing.assert_close(encoder(one), tokens.amax(1))
    torch.testing.assert_close(encoder(one), encoder(other))
    assert not torch.allclose(tokens, encoder.tokens(other))


def test_small_pictures_are_refused():
    with pytest.raises(DataError, match="8 x 8 pixels and was given 6 x 9"):
        ResidualCNN((6, 9, 1))
