"""Exercises of notebook 16: mending a folder, planning, tuning, and samples of another kind."""

import pandas as pd

from ..exercise import Exercise, bind


def _broken():
    """Two tables as in the notebook, with its three faults that can be mended."""
    ids = [f"plant{k // 5:03d}-leaf{k % 5}" for k in range(15)]
    labels = ["healthy"] * 10 + ["drought"] * 5
    groups = [f"plant {k // 5}" for k in range(15)]
    samples = pd.DataFrame({"id": ids, "label": labels, "group": groups}, dtype=str)
    spectra = pd.DataFrame({"id": ids}, dtype=str)
    for k, band in enumerate(("400", "410", "420", "430", "440", "450")):
        spectra[band] = [f"{0.03 + 0.01 * k + 0.001 * row:.3f}" for row in range(15)]
    whole = samples.copy(), spectra.copy()
    samples.loc[3, "label"] = "Healthy "
    samples.loc[7, "id"] = samples.loc[6, "id"]
    spectra.loc[11, "440"] = "0,0306"
    whole[1].loc[11, "440"] = "0.0306"
    return (samples, spectra), whole


def _judge_mending(answer):
    """Hold a function to the tables as they were before they were broken."""
    (samples, spectra), (good_samples, good_spectra) = _broken()
    given = answer(samples, spectra)
    if not isinstance(given, tuple | list) or len(given) != 2:
        return "two tables are wanted: `return samples, spectra`."
    if not all(isinstance(table, pd.DataFrame) for table in given):
        return "both must be tables still: change cells, and return `samples, spectra`."
    samples, spectra = given
    if "label" not in samples and "label" in spectra:
        return "the tables have changed places: `samples` comes first."
    if len(samples) != len(good_samples) or len(spectra) != len(good_spectra):
        return "a row is lost or added. Mend the cells; every leaf was measured and is needed."
    if list(samples.columns) != list(good_samples.columns):
        return "`samples` must keep its columns id, label and group."
    if samples["label"].tolist() != good_samples["label"].tolist():
        said = samples["label"].iloc[3]
        return f"the label in row 3 is {said!r} now; the others are written 'healthy'."
    if samples["id"].duplicated().any():
        return "two rows of `samples` have the same id still."
    if samples["id"].tolist() != good_samples["id"].tolist():
        return (
            "the ids differ from each other now, but not as they should. Which picture had lost "
            "its sample? And it is the second of the two rows that is wrong."
        )
    cell = str(spectra["440"].iloc[11])
    if "," in cell:
        return "the decimal comma is still there."
    try:
        same = spectra.set_index("id").astype(float) == good_spectra.set_index("id").astype(float)
    except (KeyError, TypeError, ValueError):
        return "`spectra` must hold an id and numbers only, as before."
    if not same.to_numpy().all():
        return f"the numbers of the spectra must stay as they were; column 440 of row 11 is {cell}."
    return True


def _by_cells(samples, spectra):
    samples.loc[3, "label"] = "healthy"
    samples.loc[7, "id"] = "plant001-leaf2"
    spectra.loc[11, "440"] = "0.0306"
    return samples, spectra


def _by_columns(samples, spectra):
    samples["label"] = samples["label"].str.strip().str.lower()
    samples.loc[samples["id"].duplicated(), "id"] = "plant001-leaf2"
    return samples, spectra.replace(",", ".", regex=True)


def _only(*, label=True, id="plant001-leaf2", number="0.0306", rows=slice(None)):
    """A function that mends some of the faults."""

    def mend(samples, spectra):
        if label:
            samples.loc[3, "label"] = "healthy"
        samples.loc[7, "id"] = id
        spectra.loc[11, "440"] = number
        return samples.iloc[rows], spectra.iloc[rows]

    return mend


EXERCISES = [
    Exercise(
        "16.1",
        "Mend the label, the id that stands twice, and the decimal comma.",
        kind="function",
        test=_judge_mending,
        hint="each line that `check` has printed names a file, a row and a column. For the id: "
        "which picture belongs to no sample?",
        more='`samples.loc[7, "id"]` is the second of the equal ids, and the picture without a '
        'sample is plant001-leaf2. The comma stands in `spectra.loc[11, "440"]`.',
        why="now every label is written in one way, every id stands once, and all cells are "
        "numbers.",
        right=[_by_cells, _by_columns],
        wrong=[
            _only(label=False),
            _only(id="plant001-leaf1"),
            _only(id="plant001-leaf9"),
            _only(number="0,0306"),
            _only(number="306"),
            _only(number="no"),
            _only(rows=slice(1, None)),
            lambda samples, spectra: (spectra, samples),
            lambda samples, spectra: samples,
            lambda samples, spectra: (samples.to_numpy(), spectra.to_numpy()),
        ],
    ),
    Exercise(
        "16.2",
        "Which fault can no program find: some spectra in percent and others as shares, one "
        "picture under two ids, or two labels that were swapped?",
        answer="two labels that were swapped",
        choices=(
            "some spectra in percent, others as shares",
            "one picture under two ids",
            "two labels that were swapped",
        ),
        mistakes=[
            (
                "some spectra in percent, others as shares",
                "some numbers are then a hundred times as large as all others: that can be seen.",
            ),
            (
                "one picture under two ids",
                "two files hold exactly the same pixels: a program can compare them.",
            ),
        ],
        hint="which of the three leaves files that look perfectly in order?",
        more="a program can compare numbers and pixels. What does it not know about the leaves?",
        why="both labels exist and both files are there; a model may wonder, but only who was "
        "there can know.",
        right=["two labels that were swapped"],
        wrong=["some spectra in percent, others as shares", "one picture under two ids"],
    ),
    Exercise(
        "16.3",
        "How often do 150 plants with one leaf each show a gain of 4 points, compared with 30 "
        "plants of five leaves each?",
        answer="three times as often",
        choices=("half as often", "as often", "three times as often"),
        mistakes=[
            (
                "half as often",
                "five leaves do not make a plant five times as well known: they are alike.",
            ),
            (
                "as often",
                "150 leaves are 150 leaves only if those of a plant are no more alike than others.",
            ),
        ],
        hint="leaves of one plant repeat each other. In which study does less repeat?",
        more="move the sliders: `plants` to 150 and `leaves_per_plant` to 1, then read the last "
        "number.",
        why="what counts for the interval is the number of plants more than that of leaves. (Where "
        "a plant costs much more than a leaf, a few leaves of each may still be the better buy.)",
        right=["three times as often", "three times"],
        wrong=["half as often", "as often"],
    ),
    Exercise(
        "16.4",
        "27 settings were tried, and the best was chosen by its score on these very folds. What "
        "will it reach on new plants?",
        answer="less",
        choices=("less", "the same", "more"),
        mistakes=[
            ("the same", "it was chosen because these folds liked it; new plants did not choose."),
            ("more", "more leaves to learn from help a little; the choosing costs more here."),
        ],
        hint="take 27 equally good runners and one race. Why did the first come first, and will he "
        "be first again?",
        more="part of its lead was luck, and luck does not come twice.",
        why="the best of many settings is also the luckiest: its score was the reason to take it.",
        right=["less"],
        wrong=["the same", "more"],
    ),
    Exercise(
        "16.5",
        "A new sample gets 'drought' with probability 0.99, and its spectrum is flagged as "
        "unlike the training data. What do you write into your report?",
        answer="no answer: measure again or look for the cause",
        choices=(
            "drought, 99 % sure, with a note",
            "drought, but less sure",
            "no answer: measure again or look for the cause",
        ),
        mistakes=[
            (
                "drought, 99 % sure, with a note",
                "a model is often most certain where it has never been: far out, all its "
                "distances are large. The number would be believed, with the note or without.",
            ),
            (
                "drought, but less sure",
                "how much less? All the probabilities were made for samples like those seen.",
            ),
        ],
        hint="for which samples were the probabilities checked?",
        more="the probability was checked on samples like those of training. Is this one of them?",
        why="a probability is worth what its training data are worth; here there are none like it.",
        right=["no answer: measure again or look for the cause"],
        wrong=["drought, 99 % sure, with a note", "drought, but less sure"],
    ),
]
check, hint = bind(EXERCISES)
