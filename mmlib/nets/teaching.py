"""How a picture encoder is taught to measure: the loop, and what it is asked.

It predicts the measures of each picture from its vector, and from each place of its grid where
the object is, so that it must find the object before it measures.
"""

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.base import clone
from torch import nn

from ..base import varies
from ..features.segmentation import find_object
from .loop import to_device

BATCH, RATE, DECAY = 64, 3e-3, 1e-2


def teach(encoder, pool, standard, targets, epochs):
    """Train the parts `trunk`, `pool` and `measure` of an encoder, without labels.

    Parameters
    ----------
    encoder : mmlib.nets.taught.TaughtImage
    pool : ndarray of shape (n, height, width, channels), uint8 or uint16
        Pictures and changed copies.
    standard : callable
        From row numbers of the pool to a batch as the encoder will be given it.
    targets : transformer
        From the pool to the columns to predict.
    epochs : int

    Returns
    -------
    say : torch.nn.Linear
        From the vector that `measure` gives to the standardized columns.
    """
    parts = nn.ModuleList([encoder.trunk, encoder.pool, encoder.measure])
    channels, grid = encoder.taught, encoder.pool.grid
    wanted = _standardized(clone(targets).fit_transform(pool))
    where = _object_maps(pool, [2 * side for side in grid])
    device = encoder.origin.device
    wanted, where = to_device(wanted, device), to_device(where, device)
    say, point = nn.Linear(channels, wanted.shape[1]), nn.Conv2d(channels, 4, 1)
    learner = nn.ModuleList([parts, say, point]).to(device, memory_format=torch.channels_last)
    learner.requires_grad_(True).train()
    size = min(BATCH, max(8, len(pool) // 40))  # few pictures get small batches, and so steps
    steps = len(pool) // size
    optimizer = torch.optim.AdamW(learner.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps * epochs)
    for _ in range(epochs):
        order = torch.randperm(len(pool))
        for rows in order[: steps * size].split(size):
            grids = encoder.trunk(standard(rows.numpy()))
            said = say(encoder.measure(encoder.pool(grids)))
            pointed = F.pixel_shuffle(point(grids), 2)[:, 0]
            rows = rows.to(device)
            loss = F.smooth_l1_loss(said, wanted[rows])
            loss = loss + F.binary_cross_entropy_with_logits(pointed, where[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    parts.requires_grad_(False).to(memory_format=torch.contiguous_format).eval()
    return say.requires_grad_(False)


def _standardized(columns):
    """Columns of mean 0 and spread 1; what lies far out is drawn in, so that it does not rule."""
    columns = np.asarray(columns, float)
    spread = np.where(varies(columns), columns.std(0), 1)
    return ((columns - columns.mean(0)) / spread).clip(-5, 5)


def _object_maps(pool, size, at_once=400):
    """How much of each place is the object, (n, *size)."""
    full = np.iinfo(pool.dtype).max
    maps = []
    for i in range(0, len(pool), at_once):
        found = torch.from_numpy(find_object(pool[i : i + at_once] / full).astype(float))
        maps.append(F.adaptive_avg_pool2d(found, size).numpy())
    return np.concatenate(maps)
