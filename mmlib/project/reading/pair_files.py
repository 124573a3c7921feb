"""One text file or sheet, one spectrum: which columns are the axis and the values."""

import re

import numpy as np

from .axis_units import unit_in_remarks, unit_of
from .findings import some
from .numerals import to_numbers
from .text_block import find_block
from .text_tables import PLAIN, decode, is_workbook
from .workbooks import read_sheet

MOST_BYTES = 50_000_000
AXIS = (
    r"wave|wvl|\bwl\b|freq|lambda|λ|\bnm\b|cm-1|cm⁻¹|1/cm|shift|wellen|longitud|longueur"
    r"|^x\b|^w$|\bum\b|µm"
)
COUNTING = r"^#?\s*(pixel|index|idx|no\.?|nr\.?|number|point|row|n|channel)s?\b|^$"
SPREAD = r"\b(sd|std|stdev|st\.?\s?dev\w*|standard deviation|err(or)?|sem?|var\w*|uncertainty)\b"
WANTED = r"reflect|\brefl|transmi|absorb|\babs\b|^%\s?[rta]\b|^[rta]\s?\(?%|^p$|processed|corrected"


def read_pairs(path, where, findings):
    """Axis and values from two columns of a text or a sheet.

    Remarks above and below the numbers are used for the unit and told once; of more than two
    columns those that are named as the axis and as the only result are taken, and told.

    Parameters
    ----------
    path : pathlib.Path
    where : str
        How the file is called in a sentence.
    findings : Findings

    Returns
    -------
    tuple or None
        Axis, values, unit of the axis ("" where nothing tells it), and "".
    """
    block = _block_of(path, where, findings)
    if block is None:
        return None
    if block.more:
        findings.error(
            f"{where}, row {block.more}", "a second table of numbers begins here",
            "keep one spectrum in the file",
        )  # fmt: skip
        return None
    for what, remarks in (("above", block.above), ("below", block.below)):
        if remarks:
            said = f"{len(remarks)} row(s) {what} the numbers were skipped"
            _once(
                findings,
                f"{what} the numbers were skipped",
                f"{said} ({remarks[0][:40].strip()!r})",
            )
    chosen = choose_columns(block)
    if chosen is None:
        named = [t or f"column {j + 1}" for j, t in enumerate(block.titles)]
        findings.error(
            where,
            f"it does not hold two columns, wavelength and value, but {len(named)} "
            f"({some(named, 6)})",
            "keep the two to use, under their names",
        )
        return None
    axis, value = chosen
    if len(block.titles) > 2:
        others = [t or f"column {j + 1}" for j, t in enumerate(block.titles) if j not in chosen]
        said = f"of {len(block.titles)} columns {block.titles[axis]!r} and {block.titles[value]!r} "
        _once(findings, said, f"{said}were read, not {some(others, 6)}")

    def at(i, j):
        return f"{where}, row {block.lines[i]}"

    cells = [[row[axis], row[value]] for row in block.rows]
    if any("," in row[0] for row in cells):  # then commas of values are decimal signs, too
        values = to_numbers(cells, at, findings)
        both = [None, None] if values is None else values.T
    else:  # one by one: whole wavelengths do not make thousands of values with three decimals
        both = [to_numbers([[row[k]] for row in cells], at, findings) for k in (0, 1)]
        both = [None if column is None else column[:, 0] for column in both]
    if any(column is None for column in both):
        return None
    unit = unit_of(block.titles[axis])
    if not unit:
        told = [*block.above, *block.below, block.titles[axis]]
        unit = unit_in_remarks("\n".join(told))
        if unit == "um" and both[0].max() > 100:  # they are of something else
            unit = ""
    return both[0], both[1], unit, ""


def choose_columns(block):
    """Numbers of the columns of the axis and the values, or None where that is not clear.

    Examples
    --------
    >>> from mmlib.project.reading.pair_files import choose_columns
    >>> from mmlib.project.reading.text_block import find_block
    >>> choose_columns(find_block("Wave;Dark;Reflectance\\n400;9;0.1\\n401;9;0.2"))
    (0, 2)
    >>> choose_columns(find_block("a;b;c\\n400;9;0.1\\n401;9;0.2")) is None
    True
    """
    names = [title.lower() for title in block.titles]
    if len(names) == 2:
        return 0, 1
    axes = [j for j, name in enumerate(names) if re.search(AXIS, name)]
    counting = [j for j in range(len(names)) if j not in axes and _counts(names[j], block, j)]
    if not axes:
        return None
    if len(axes) > 1:  # the same axis in two units is one axis; nanometers before wavenumbers
        axes = sorted(axes, key=lambda j: ("nm", "cm-1", "um", "").index(unit_of(names[j])))
        if len({unit_of(names[j]) for j in axes}) < len(axes):
            return None  # pairs of columns, each with an axis of its own
    rest = [j for j in range(len(names)) if j not in (*axes, *counting)]
    wanted = [j for j in rest if re.search(WANTED, names[j]) and not re.search(SPREAD, names[j])]
    plain = [j for j in rest if not re.search(SPREAD, names[j])]
    for group in (wanted, plain):
        if len(group) == 1:
            return axes[0], group[0]
    return None


def _counts(name, block, column):
    """Whether a column only numbers the rows, as pixels of a detector."""
    if not re.search(COUNTING, name):
        return False
    cells = [row[column] for row in block.rows]
    return all(cell.isdigit() for cell in cells) and set(np.diff([*map(int, cells)])) <= {1}


def _block_of(path, where, findings):
    """The numbers of the file and its remarks, or None with the reason noted."""
    if path.stat().st_size > MOST_BYTES:
        findings.error(
            where, f"it has {path.stat().st_size / 1e6:.0f} megabytes, too many for one spectrum",
            "keep one spectrum in the file",
        )  # fmt: skip
        return None
    if is_workbook(path):
        try:
            text = "\n".join("\t".join(row) for _, row in read_sheet(path, findings, None))
        except (OSError, ValueError) as error:
            findings.error(where, f"it cannot be read ({error})", "export it again")
            return None
    else:
        text, encoding = decode(path.read_bytes())
        if encoding not in PLAIN:
            _once(findings, "read as", f"read as {encoding}")
    block = find_block(text)
    if block is None:
        what, remedy = "it holds no rows of numbers, wavelength and value", "export it as text"
        if re.search(r"\d\.\d{3},\d|\d,\d{3}\.\d", text):
            what, remedy = "its numbers have thousands separators", "export it without them"
        if not text.strip():
            what, remedy = "it is empty, so it has no rows under a header", "export it again"
        findings.error(where, what, remedy)
    return block


def _once(findings, key, sentence):
    """A remark that holds for all files is made once."""
    if not any(key in finding.what for finding in findings):
        findings.note("spectra/", sentence)
