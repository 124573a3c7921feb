"""What a sample costs in each modality: ``prices.csv``, where a folder has one.

modality,price (EUR)
image,0.50
spectrum,12
"""

import re

from ...evaluation.cost import Prices
from .findings import some
from .numerals import to_numbers
from .text_tables import find_table, read_table


def read_prices(root, modalities, findings):
    """The prices, for `mmlib.evaluation.cost`.

    Parameters
    ----------
    root : pathlib.Path
    modalities : collection of str
        Those that were read.
    findings : Findings

    Returns
    -------
    Prices or None
        None where there is no such table, or one with a fault, which is an error.
    """
    tables = find_table(root, "prices")
    if not tables:
        return None
    file = tables[0].name
    if len(tables) > 1:
        findings.error(root.name, f"it holds {some([t.name for t in tables])}", "keep one of them")
        return None
    table = read_table(tables[0], findings, key="modality")
    if table is None:
        return None
    names = [name.lower().strip() for name in table.header]
    costs = [name for name in names if re.fullmatch(r"price\b.*", name)]
    if names.count("modality") != 1 or len(costs) != 1:
        findings.error(
            file, f"its columns are {some(table.header, 6)}",
            "it needs the columns modality and price, or price (EUR), or price (min)",
        )  # fmt: skip
        return None
    at, column = names.index("modality"), names.index(costs[0])
    lines = [f"{file}, row {line}" for line in table.lines]
    who = [row[at].strip().lower() for row in table.rows]
    values = to_numbers([[row[column]] for row in table.rows], lambda i, j: lines[i], findings)
    faults = len(findings.of("error"))
    for k, name in enumerate(who):
        if name not in modalities:
            what = f"{name!r} is no modality of this folder, which has {some(modalities)}"
            findings.error(lines[k], what, "name a modality, or take the row out")
        elif name in who[:k]:
            findings.error(lines[k], f"{name!r} has a price already", "keep one of the two")
        elif values is not None and values[k, 0] < 0:
            findings.error(lines[k], f"the price is {values[k, 0]:g}", "write 0 or more")
    lacking = [name for name in modalities if name not in who]
    if lacking:
        findings.error(file, f"there is no price for {some(lacking)}", "add a row for each")
    if values is None or len(findings.of("error")) > faults:
        return None
    unit = re.search(r"[(\[](.+)[)\]]", table.header[column])
    prices = dict(zip(who, map(float, values[:, 0]), strict=True))
    return Prices({name: prices[name] for name in modalities}, unit[1].strip() if unit else "")
