"""Where in a text the numbers stand: its longest run of numeric rows, whatever cuts the cells.

Instruments write remarks above their numbers, closing lines below, and cut cells by tabs,
semicolons, commas or blanks. The numbers themselves are alike in all: row after row with as
many cells. So they are looked for, and what stands around them is kept as remarks.
"""

import csv
import re
from typing import NamedTuple

from .numerals import MISSING, is_number

CUTS = {"\t": r"\t", ";": r";", ", ": r",\s+", ",": r",", "|": r"\|", " ": r"\s+"}


class Block(NamedTuple):
    """Rows of numbers as text, and what stands around them.

    Attributes
    ----------
    rows : list of list of str
        All of one length.
    lines : list of int
        Of each, its row in the file, counted from 1.
    titles : list of str
        Of each column, what stands above it; empty where nothing does.
    above, below : list of str
        The remarks, line by line; those that gave the titles are not among them.
    more : int or None
        The row in the file where a second run as wide begins.
    """

    rows: list
    lines: list
    titles: list
    above: list
    below: list
    more: int | None


def find_block(text):
    """The longest run of rows of numbers in a text, or None where there is none.

    Parameters
    ----------
    text : str

    Returns
    -------
    Block or None

    Examples
    --------
    >>> from mmlib.project.reading.text_block import find_block
    >>> block = find_block("Made: 1, 2\\nWave;Refl\\n400;0,1\\n401;0,2\\n>>>End<<<")
    >>> block.rows, block.titles, block.above, block.below
    ([['400', '0,1'], ['401', '0,2']], ['Wave', 'Refl'], ['Made: 1, 2'], ['>>>End<<<'])
    """
    lines = [line.strip(" \ufeff") for line in re.split(r"\r\n|\r|\n", text.replace("\0", ""))]
    best, cut, most = [], "", 0.9 * sum(map(bool, lines))
    for sign in CUTS:
        run = _longest(lines, sign)
        if len(run) > len(best):
            best, cut = run, sign
        if len(best) > most:
            break
    if not best:
        return None
    cells = {k: _cells(lines[k], cut) for k in best}
    width = max(map(len, cells.values()))
    rows = [row + [""] * (width - len(row)) for row in cells.values()]
    used = [j for j in range(width) if any(row[j] for row in rows)]  # doubled tabs
    titles, first = _titles(lines, best[0], cut, [min(map(len, cells.values())), width], used)
    return Block(
        [[row[j] for j in used] for row in rows],
        [k + 1 for k in best],
        titles,
        [line for line in lines[:first] if line],
        [line for line in lines[best[-1] + 1 :] if line],
        _second(lines, best, cut, len(used)),
    )


def _cells(line, cut):
    if '"' in line and cut != " ":
        cells = next(csv.reader([line], delimiter=cut[0], skipinitialspace=True))
    else:
        cells = re.split(CUTS[cut], line)
    cells = [cell.strip().strip('"').strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _longest(lines, cut):
    """Numbers of the lines of the longest run, with rows in it that hold a fault."""
    runs, run, width, length = [], [], 0, 0
    for k, line in enumerate(lines):
        if not line:
            continue
        cells = _cells(line, cut)
        filled = [cell for cell in cells if cell]
        pure = len(filled) > 1 and all(map(is_number, filled))
        alike = len(filled) == width or len(cells) == length
        if run and ((pure and alike) or (not pure and _faulty(cells, filled, length))):
            run.append(k)
            continue
        runs.append(run)
        run, width, length = ([k] if pure else []), len(filled), len(cells)
    return max([*runs, run], key=len)


def _faulty(cells, filled, length):
    """Whether this is a row of the run in which a value is missing or is no number."""
    if not filled or not is_number(cells[0]):
        return False
    rest = cells[1:]
    odd = [cell for cell in rest if not is_number(cell)]
    return not rest or (
        len(cells) == length
        and (len(odd) < len(rest) or len(rest) == 1 or {c.lower() for c in odd} <= MISSING)
    )


def _titles(lines, start, cut, widths, used):
    """What stands above each column in the rows right above, and where the remarks end."""
    first, titles = start, [""] * len(used)
    for k in range(start - 1, max(start - 6, -1), -1):
        cells = _cells(lines[k].lstrip("#"), cut)
        if not lines[k]:
            continue
        filled = [cell for cell in cells if cell]
        if cells and widths[0] <= len(cells) <= widths[1] and len(used) != len(filled):
            cells = [cells[j] if j < len(cells) else "" for j in used]
        elif len(filled) == len(used):
            cells = filled
        else:
            break
        if len(cells) < 2 or any(len(cell) > 60 for cell in cells) or all(map(is_number, cells)):
            break
        titles = [f"{cell} {title}".strip() for cell, title in zip(cells, titles, strict=True)]
        first = k
        if not cells[0].startswith(("[", "(")):  # a row of units stands under the names
            break
    return titles, first


def _second(lines, run, cut, width):
    """Where another run of as many columns begins, of a tenth of the rows at least, or None."""
    least = max(3, len(run) // 10)
    for part, offset in ((lines[: run[0]], 0), (lines[run[-1] + 1 :], run[-1] + 1)):
        other = _longest(part, cut)
        if len(other) >= least and len([c for c in _cells(part[other[0]], cut) if c]) == width:
            return other[0] + offset + 1
    return None
