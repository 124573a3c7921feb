"""Four coffees, blind: one line of words and three ratings from each of 2,162 tasters."""

import pandas as pd

from ..dataset import MultimodalData
from .download import fetch

_COMMIT = "7d04e85a23c0a2b7a37c96a1c31db5c8d15c2500"
URL = (
    "https://raw.githubusercontent.com/INFO-526-SU24/final-project-ultraviolets369/"
    f"{_COMMIT}/data/coffee_survey.csv"
)
CHECKSUM = "2c0fe910ce3b7b0fb770bc6b232338e4500147d8358889d5e62e4502b5547f70"
COFFEES = "ABCD"
COLUMNS = ("Notes", "Bitterness", "Acidity", "Personal Preference")


def load_coffee():
    """Tasting notes: which of four coffees did a person describe?

    The Great American Coffee Taste Test of 2023: everybody tasted the same four coffees at home,
    without knowing what they were, wrote a line about each and rated it. Downloads 2.9 MB once.
    Only tasters who wrote and rated all four are kept, and of their answers only these.

    Returns
    -------
    MultimodalData
        "notes" (8648,), a text of at least one letter or sign each; "ratings" (8648, 3):
        bitterness, acidity and liking, each 1 to 5. Classes are the coffees, A to D. Groups are
        the 2,162 tasters, four samples each, by a number in the order of the file.

    Raises
    ------
    DataError
        When the file cannot be fetched or was altered.

    References
    ----------
    Hoffmann & Cometeer (2023), The Great American Coffee Taste Test. No license of the answers
    was found: they are downloaded by each user and not shared further.

    Examples
    --------
    >>> import mmlib
    >>> coffee = mmlib.load_coffee()  # doctest: +SKIP
    """
    path = fetch("coffee/coffee_survey.csv", URL, CHECKSUM)
    wanted = [f"Coffee {letter} - {name}" for letter in COFFEES for name in COLUMNS]
    # pandas takes a note that says N/A or None for an empty one.
    table = pd.read_csv(path, usecols=wanted, encoding="cp1252").dropna()
    rows = table[wanted].to_numpy(object).reshape(-1, len(COLUMNS))  # one for each cup
    groups = [f"taster {k + 1:04}" for k in range(len(table)) for _ in COFFEES]
    letters = list(COFFEES) * len(table)
    notes = [" ".join(note.split()) for note in rows[:, 0]]
    return MultimodalData(
        {"notes": notes, "ratings": rows[:, 1:].astype(float)},
        y=letters,
        groups=groups,
        ids=[f"{taster}, {letter}" for taster, letter in zip(groups, letters, strict=True)],
        target_names=[f"coffee {letter}" for letter in COFFEES],
        name="coffee notes",
        meta={
            "license": "none found: not to be shared further",
            "citation": "Hoffmann & Cometeer (2023), The Great American Coffee Taste Test",
            "split": "by taster",
        },
    )
