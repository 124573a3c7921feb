"""Exercises of notebook 13: damage, absent modalities, and what helps."""

import numpy as np

from ..exercise import Exercise, bind


def _adds_noise(answer):
    """Hold a noise function to its spread, its seed, and leaving its input alone."""
    clean = np.tile(np.linspace(0.2, 0.8, 100), (40, 1))
    given = clean.copy()
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = np.array(answer(given, 0.02, 1), float)
    if not np.array_equal(given, clean):
        return "it changed the spectra it was given; the next severity would start from there."
    if first.shape != clean.shape:
        return f"one noisy value for each band of each leaf is wanted, shape {clean.shape}."
    if not np.array_equal(first, np.array(answer(clean.copy(), 0.02, 1), float)):
        return "twice the same seed gave two results: nobody could repeat your study."
    if np.array_equal(first, np.array(answer(clean.copy(), 0.02, 2), float)):
        return "two seeds gave the same noise: the seed is not used."
    if not np.array_equal(before, np.random.get_state()[1]):  # noqa: NPY002
        return "it seeds numpy's global generator, and so changes what other cells draw."
    noise = first - clean
    if abs(first.mean()) < 0.1:
        return "that is the noise alone: add it to the spectra."
    if noise.std(0).max() < 1e-9 or noise.std(1).max() < 1e-9:
        return "all leaves, or all bands, got the same number: draw one for each value."
    if abs(noise.mean()) > 0.25 * noise.std():
        return "this noise has a mean: it shifts the spectra instead of shaking them."
    if np.isclose(noise.std(), 0.02**0.5, rtol=0.1) or np.isclose(noise.std(), 0.0004, rtol=0.1):
        return "spread and variance are mixed up: multiply standard normal numbers by the spread."
    dark, bright = noise[:, :50].std(), noise[:, 50:].std()
    if np.isclose(noise.std(), 0.01, rtol=0.1) or not np.isclose(dark, bright, rtol=0.15):
        return "the noise was multiplied by the spectrum: dark bands get less of it. Add it."
    if not np.isclose(noise.std(), 0.02, rtol=0.1):
        return f"asked for a spread of 0.02, it added one of {noise.std():.3f}."
    wider = np.array(answer(clean.copy(), 0.05, 1), float) - clean
    if not np.isclose(wider.std(), 0.05, rtol=0.1):
        return f"asked for a spread of 0.05, it added one of {wider.std():.3f}: use `spread`."
    if abs((abs(noise) < noise.std()).mean() - 0.683) > 0.04:  # a normal curve's share
        return "the spread is right, but this noise is not Gaussian: draw it with `normal`."
    return True


def _noise(spectra, spread, seed):
    return spectra + spread * np.random.default_rng(seed).normal(size=spectra.shape)


def _legacy(spectra, spread, seed):
    return spectra + np.random.RandomState(seed).normal(0, spread, spectra.shape)


def _in_place(spectra, spread, seed):
    spectra += spread * np.random.default_rng(seed).normal(size=spectra.shape)
    return spectra


def _global(spectra, spread, seed):
    np.random.seed(seed)  # noqa: NPY002
    return spectra + spread * np.random.normal(size=spectra.shape)  # noqa: NPY002


def _drawn(make):
    return lambda s, spread, seed: s + make(np.random.default_rng(seed), spread, s.shape)


EXERCISES = [
    Exercise(
        "13.1",
        "Write a function that adds noise of a given spread to spectra.",
        test=_adds_noise,
        kind="function",
        hint="np.random.default_rng(seed).normal(size=spectra.shape) has a spread of 1.",
        more="spectra + spread * noise gives a new array; spread is the number that is "
        "handed in.",
        why="new spectra, the old ones untouched, and the same seed gives the same noise.",
        right=[_noise, _legacy],
        wrong=[
            _in_place,
            _global,
            lambda s, spread, seed: s + spread * np.random.default_rng().normal(size=s.shape),
            _drawn(lambda rng, spread, shape: spread * rng.random(shape)),
            _drawn(lambda rng, spread, shape: spread**0.5 * rng.normal(size=shape)),
            _drawn(lambda rng, spread, shape: spread * rng.normal(size=shape[1])),
            _drawn(lambda rng, spread, shape: 0.02 * rng.normal(size=shape)),
            _drawn(lambda rng, spread, shape: spread * 12**0.5 * (rng.random(shape) - 0.5)),
            _drawn(lambda rng, spread, shape: spread * rng.choice([-1, 1], shape)),
            _drawn(lambda rng, spread, shape: rng.laplace(0, spread / 2**0.5, shape)),
            lambda s, spread, seed: _noise(s, spread * s, seed),
            lambda s, spread, seed: _noise(s, spread * s.mean(1, keepdims=True), seed),
            lambda s, spread, seed: _noise(s, spread * s / s.mean(), seed),
            lambda s, spread, seed: _noise(0 * s, spread, seed),
            lambda s, spread, seed: s + spread,
            lambda s, spread, seed: s[0],
        ],
    ),
    Exercise(
        "13.2",
        "Noise of 20 gray levels in the pictures, spectra untouched. Where does late fusion end?",
        answer="below the spectrum",
        choices=("stays on top", "level with the spectrum", "below the spectrum"),
        mistakes=[
            ("stays on top", "the eye sees a leaf through the grain, but the model gets texture "
             "features, and grain is texture."),
            ("level with the spectrum", "that would need an expert of the picture that says 'I do "
             "not know'. Does a linear model say that, far from all that it has seen?"),
        ],
        hint="how sure is a linear model of a picture that is unlike all its training pictures?",
        more="the expert of the picture is wrong, and wholly sure; the one of the spectrum is "
        "right, and has doubts. Whom does the average follow?",
        why="an opinion ends at 1, but a damaged picture makes its expert surer than the other.",
        right=["below the spectrum"],
        wrong=["stays on top", "level with the spectrum"],
    ),
    Exercise(
        "13.3",
        "The lost picture is predicted from the spectrum. How good is fusion then?",
        answer="like the spectrum alone",
        choices=("like both", "like the spectrum alone", "worse than the spectrum alone"),
        mistakes=[
            ("like both", "the predicted picture is computed from the spectrum. What can it know "
             "that the spectrum does not?"),
            ("worse than the spectrum alone", "that is what the average did. A prediction at "
             "least contradicts nothing that the spectrum says."),
        ],
        hint="where does the information in the filled-in picture come from?",
        more="predicted from the spectrum, the picture repeats the spectrum in other "
        "numbers.",
        why="what is computed from the spectrum can say no more than the spectrum.",
        right=["like the spectrum alone"],
        wrong=["like both", "worse than the spectrum alone"],
    ),
    Exercise(
        "13.4",
        "Half of the training plants have no picture. Which is the worst way to train?",
        answer="mean",
        choices=("drop", "mean", "predict"),
        mistakes=[
            ("drop", "that loses leaves, but all that is left is true."),
            ("predict", "these pictures are at least in keeping with their spectra."),
        ],
        hint="which one shows the model pictures that belong to no leaf, with a label on them?",
        more="filled with the mean, half of the pictures are all the same, while their "
        "labels differ.",
        why="hundreds of leaves with the same picture and all five labels teach the model to "
        "distrust pictures.",
        right=["mean"],
        wrong=["drop", "predict"],
    ),
    Exercise(
        "13.5",
        "Trained with copies of three kinds of damage, the model goes to yellow lamps. What do you "
        "know?",
        answer="nothing until it is tried",
        choices=(
            "they stay right", "they are no better than without copies",
            "nothing until it is tried",
        ),
        synonyms={"nothing": "nothing until it is tried"},
        mistakes=[
            ("they stay right", "look at the columns of the table that a row was not trained for: "
             "are they all as good as the others?"),
            ("they are no better than without copies", "some columns gained from copies of "
             "another kind. The table holds help, none, and harm."),
        ],
        hint="read the table by rows: what did training with grain do for the other columns?",
        more="three columns were tried. Is the yellow lamp one of them?",
        why="a model is robust against what was tried, and the next fault is another one.",
        right=["nothing until it is tried", "nothing"],
        wrong=["they stay right", "they are no better than without copies"],
    ),
    Exercise(
        "13.6",
        "The alarm rings for all spectra: slightly more noise. What do you do before switching?",
        answer="measure the loss on labeled leaves",
        choices=(
            "switch to the picture", "turn the alarm off", "measure the loss on labeled leaves",
        ),
        mistakes=[
            ("switch to the picture", "compare both columns of that row: the cure costs more than "
             "the disease."),
            ("turn the alarm off", "the rows with damaged pictures show what it is good for."),
        ],
        hint="the alarm says 'not like the training data'. Does it say 'wrong'?",
        more="two things are possible: the model still works, or it does not. What would "
        "tell you?",
        why="unlike the training data is not the same as harmful; labeled leaves decide.",
        right=["measure the loss on labeled leaves"],
        wrong=["switch to the picture", "turn the alarm off"],
    ),
]  # fmt: skip

check, hint = bind(EXERCISES)
