"""Numbers as people write them: decimal comma or point, and what is none of both."""

import re

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
COMMA_NUMBER = re.compile(r"[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?", re.IGNORECASE)
PLAIN = re.compile(rf"{NUMBER.pattern}(;{NUMBER.pattern})*", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
GROUPED = re.compile(
    r"[+-]?\d{1,3}((,\d{3})+(\.\d*)?|(\.\d{3})+(,\d*)?|([ '\u2019\xa0\u202f]\d{3})+([.,]\d*)?)"
)
MISSING = {
    "", "na", "n/a", "n.a.", "nan", "null", "none", "-", "?",
    "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!",  # Excel's errors
    "#nv", "#bezug!", "#wert!", "#zahl!",  # and its German ones
}  # fmt: skip


def is_number(cell):
    """Whether a text is a number, with either decimal sign."""
    return bool(NUMBER.fullmatch(cell) or COMMA_NUMBER.fullmatch(cell))


def to_numbers(rows, where, findings, ids=None):
    """Text cells to numbers, whichever decimal sign is used.

    Parameters
    ----------
    rows : list of list of str
    where : callable
        From (row, column) to the place as a text.
    findings : Findings
    ids : list of str, optional
        The sample of each row.

    Returns
    -------
    ndarray of shape (rows, columns), or None where some cell is no number
    """
    values = np.full((len(rows), len(rows[0]) if rows else 0), np.nan)
    faults, signs, whole, doubtful = [], {}, False, {"point", "comma"}
    for i, row in enumerate(rows):
        if "point" not in doubtful and "comma" not in signs and PLAIN.fullmatch(";".join(row)):
            values[i] = [float(cell) for cell in row]  # where nothing is left to find out
            continue
        for j, cell in enumerate(row):
            if NUMBER.fullmatch(cell):
                values[i, j] = float(cell)
                sign = "point" if "." in cell else None
            elif COMMA_NUMBER.fullmatch(cell):
                values[i, j] = float(cell.replace(",", "."))
                sign = "comma"
            else:
                faults.append((i, j))
                continue
            if sign is None:
                whole = True
                continue
            signs.setdefault(sign, (i, j))
            if sign in doubtful and not THOUSANDS.fullmatch(cell):
                doubtful.discard(sign)
    if len(signs) == 2:
        i, j = signs["comma"]
        findings.error(
            where(i, j),
            f"{rows[i][j]!r} has a decimal comma, other cells have a decimal point",
            "export all with the same sign",
        )
        return None
    for sign, (i, j) in signs.items():
        if sign in doubtful and whole:
            findings.error(
                where(i, j),
                f"{rows[i][j]!r} has three digits after each {sign}, as a thousands separator",
                f"take the {sign} out, or give whole numbers decimals too",
            )
            return None
        if sign in doubtful and (sign == "comma" or "comma" in findings.signs):
            findings.warn(
                where(i, j),
                f"{rows[i][j]!r} was read as {values[i, j]:g}, though it may be thousands",
                f"take the {sign} out if it is no decimal sign",
            )
        findings.signs.add(sign)
    if not faults:
        return values
    i, j = faults[0]
    more = f" (and {len(faults) - 1} more cells)" if len(faults) > 1 else ""
    what, remedy = f"{rows[i][j][:60]!r} is no number{more}", "correct the cell"
    if rows[i][j].lower() in MISSING:
        what, remedy = f"a value is missing{more}", "fill it in, or leave the sample out"
    elif GROUPED.fullmatch(rows[i][j]):
        remedy = "take the thousands separators out"
    elif len(rows) > 1 and i == 0 and {row for row, _ in faults} == {0}:
        remedy = "correct the cell, or take the row out if it holds units"
    samples = [] if ids is None else [ids[k] for k in dict.fromkeys(row for row, _ in faults)]
    findings.error(where(i, j), what, remedy, samples=samples)
    return None
