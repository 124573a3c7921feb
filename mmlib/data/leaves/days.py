"""Simulated leaves followed for some days: does a leaf roll up before or after it dries?

Plants are watered every `PERIOD` days. Once in a period a leaf loses water, which the spectrum
shows, and once it rolls up, which the picture shows: the leaf looks narrower. The plants of one
class roll up a day before they lose water, those of the other a day after it. On what day that
is, nobody knows. So each series alone is the same for both classes, and so is any sum over the
days: the class is in the *order* of two events that two instruments see.
"""

import numpy as np
from scipy.special import logsumexp

from ...base import DataError
from ..dataset import MultimodalData
from . import SESSIONS, measure_spectra
from .factors import KNOBS, WATER, draw_factors
from .optics import WAVELENGTHS
from .picture import draw_looks, draw_pictures

ORDERS = ["dries first", "rolls first"]
PERIOD = 5  # days between waterings
LAG = 1  # days between the two events
WIDTH = 0.8  # days, of an event
DRIED, ROLLED = 0.5, 0.35  # depth of an event, in logarithms of water and of width
WATER_NOISE, WIDTH_NOISE = 0.30, 0.20  # from day to day, in the same logarithms
DAYS = 10
LEAVES, BATCHES = 20_000, 20  # of the simulation that finds the ceilings


def make_days(n_plants=240, leaves_per_plant=2, n_days=DAYS, start=PERIOD, clock=0, seed=0):
    """Simulate leaves that are measured by both instruments on each of some days.

    All leaves of a plant share its class and the days of its events.

    Parameters
    ----------
    n_plants, leaves_per_plant : int
        At least 2 plants of 1 leaf.
    n_days : int
        Days that each leaf is followed, 3 to 60.
    start : float
        The records begin at any moment of the first `start` days after watering. With 5, the
        time between waterings, they begin whenever it may be.
    clock : int
        How many days the clock of the camera is behind: what it calls day 0 was taken on day
        `clock`.
    seed : int
        The same seed gives the same leaves.

    Returns
    -------
    MultimodalData
        "spectrum" (leaves, days, 211), reflectance at 400-2500 nm; "image" (leaves, days, 48,
        48, 3), uint8. Classes "dries first" and "rolls first". In ``data.info`` for each leaf
        and day "water" (cm) and "rolled" (the width that is left, as a share; by the right
        clock), and for each leaf "phase", the day on which it first loses water.

    Raises
    ------
    DataError
        For settings that make no sense.

    Examples
    --------
    >>> from mmlib.data.leaves.days import make_days
    >>> make_days(n_plants=4, n_days=5)
    <leaves day by day: 8 samples, spectrum (5, 211), image (5, 48, 48, 3), 2 classes, 4 groups>
    """
    _check(n_plants, leaves_per_plant, n_days, start, clock)
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.arange(n_plants) % 2)
    phase = rng.uniform(0, start, n_plants)
    plant = np.repeat(np.arange(n_plants), leaves_per_plant)
    leaf = np.repeat(np.arange(len(plant)), n_days)  # one row for each leaf and day from here on
    factors, looks, rolled = _follow(order[plant], phase[plant], plant, n_days, clock, rng)
    spectra = measure_spectra(
        factors, plant[leaf], n_plants, rng.integers(SESSIONS, size=len(leaf)), rng
    )
    pictures = draw_pictures(factors, looks, rng)
    by_day = (len(plant), n_days)
    return MultimodalData(
        {
            "spectrum": spectra.reshape(*by_day, -1),
            "image": pictures.reshape(*by_day, *pictures.shape[1:]),
        },
        y=order[plant],
        groups=plant,
        ids=[f"plant{p:03d}-leaf{k % leaves_per_plant}" for k, p in enumerate(plant)],
        axes={"spectrum": WAVELENGTHS},
        target_names=ORDERS,
        name="leaves day by day",
        info={
            "water": factors["water"].reshape(by_day),
            "rolled": rolled.reshape(by_day),
            "phase": phase[plant],
        },
        meta={"days": {"n_days": n_days, "start": start}, "license": "CC0-1.0"},
    )


def day_ceilings(n_days=DAYS, start=PERIOD):
    """Best accuracies that any model can expect on leaves followed for some days.

    They hold for one who sees without noise how much water there is and how far the leaf is
    rolled up on every day, and who knows all settings of the simulation, so they are upper
    bounds. The phase of a plant stays unknown: the probabilities are sums over all phases.

    Parameters
    ----------
    n_days, start
        See `make_days`.

    Returns
    -------
    dict of str to (float, float)
        For "spectrum", "image", "late" (the product of both opinions) and "joint": the accuracy,
        and the standard error of its simulation.

    Raises
    ------
    DataError
        For settings that make no sense.

    Examples
    --------
    >>> from mmlib.data.leaves.days import day_ceilings
    >>> {name: round(value, 2) for name, (value, error) in day_ceilings().items()}
    {'spectrum': 0.5, 'image': 0.5, 'late': 0.5, 'joint': 0.9}
    """
    _check(2, 1, n_days, start, 0)
    rng = np.random.default_rng(0)
    grid = (np.arange(int(20 * start)) + 0.5) / 20 if start >= 0.1 else np.array([start / 2])
    found = [_best(n_days, grid, start, rng, LEAVES // BATCHES) for _ in range(BATCHES)]
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(BATCHES)
    names = ("spectrum", "image", "late", "joint")
    return {n: (float(v), float(e)) for n, v, e in zip(names, mean, error, strict=True)}


def event(phase, day):
    """How far an event is on at a `day`, 0 to 1, if it comes on day `phase` of every period."""
    apart = (day - phase + PERIOD / 2) % PERIOD - PERIOD / 2
    return np.exp(-0.5 * (apart / WIDTH) ** 2)


def _follow(order, phase, plant, n_days, clock, rng):
    """Factors and looks for each leaf and day, and how much of its width each leaf has left."""
    n, day = len(plant), np.arange(n_days)
    still = dict.fromkeys(KNOBS, 1.0)
    factors = draw_factors(np.zeros(n, int), still, rng)
    looks = draw_looks(plant, plant.max() + 1, rng)
    dry = event(phase[:, None], day)
    rolls_at = phase + np.where(order == 1, -LAG, LAG)
    roll = event(rolls_at[:, None], day + clock)
    daily = rng.standard_normal((2, n, n_days))
    water = factors["water"][:, None] * np.exp(-DRIED * dry + WATER_NOISE * daily[0])
    rolled = np.exp(-ROLLED * roll + WIDTH_NOISE * daily[1])
    factors = {name: np.repeat(values, n_days) for name, values in factors.items()}
    light = draw_looks(np.zeros(n * n_days, int), 1, rng)  # the light is another one every day
    daily_looks = ("exposure", "white_balance", "light_slope", "shift")
    looks = {
        name: light[name] if name in daily_looks else np.repeat(values, n_days, axis=0)
        for name, values in looks.items()
    }
    left = rolled.ravel()
    flat = 0.42 + 0.36 * factors["maturity"] + looks["elongation_noise"]  # width over length
    looks["elongation_noise"] = looks["elongation_noise"] - flat * (1 - left)
    looks["area"] = looks["area"] * left  # so that the length stays
    return factors | {"water": water.ravel()}, looks, rolled


def _best(n_days, grid, start, rng, n):
    """Share of right answers of the four best decisions, on n leaves drawn anew."""
    day = np.arange(n_days)
    order, phase = rng.integers(2, size=n), rng.uniform(0, start, n)
    rolls_at = phase + np.where(order == 1, -LAG, LAG)
    water = WATER[1] * rng.standard_normal((n, 1)) - DRIED * event(phase[:, None], day)
    water = water + WATER_NOISE * rng.standard_normal((n, n_days))
    width = -ROLLED * event(rolls_at[:, None], day) + WIDTH_NOISE * rng.standard_normal((n, n_days))
    # Log likelihoods, one column for each phase; constants are left out.
    dry = _misfit(water, -DRIED * event(grid[:, None], day), WATER_NOISE, WATER[1])
    roll = [
        _misfit(width, -ROLLED * event(grid[:, None] + shift, day), WIDTH_NOISE, 0.0)
        for shift in (LAG, -LAG)
    ]
    odds = logsumexp(roll[1], 1) - logsumexp(roll[0], 1)
    joint = logsumexp(dry + roll[1], 1) - logsumexp(dry + roll[0], 1)
    # The probability of the likelier class, averaged, is the share of right answers.
    image, joint = (np.mean(1 / (1 + np.exp(-np.abs(v)))) for v in (odds, joint))
    return 0.5, image, image, joint


def _misfit(series, expected, noise, level):
    """Log likelihood of series (n, days) under each of `expected` (phases, days).

    `noise` is the spread from day to day, `level` that of a level which all days share.
    """
    days = series.shape[1]
    share = level**2 / (noise**2 + days * level**2)
    covariance_inverse = (np.eye(days) - share) / noise**2
    turned = expected @ covariance_inverse
    return series @ turned.T - 0.5 * (turned * expected).sum(1)


def _check(n_plants, leaves_per_plant, n_days, start, clock):
    if n_plants < 2 or leaves_per_plant < 1:
        raise DataError(
            f"make_days needs at least 2 plants of 1 leaf, so that both classes occur; it was "
            f"asked for {n_plants} plants of {leaves_per_plant}."
        )
    if not 3 <= n_days <= 60:
        raise DataError(f"n_days is {n_days}: it must lie between 3 and 60.")
    if not 0 < start <= PERIOD:
        raise DataError(f"start is {start}: it must lie above 0 and at most at {PERIOD} days.")
    if clock != int(clock):
        raise DataError(f"clock is {clock}: it must be a whole number of days.")
