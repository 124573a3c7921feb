"""Spectra from tables of other shapes: a column a sample, a pair of columns, a row a band."""

import re

import numpy as np

from .axis_units import unit_of
from .band_names import find_bands
from .findings import some
from .numerals import is_number, to_numbers
from .pair_files import AXIS, COUNTING, SPREAD, WANTED
from .text_tables import Table

COPY = re.compile(r"\.\d+$")  # of a name that pandas met twice


def ids_among(titles, samples):
    """Titles of columns -> ids of samples; file endings and the X that R writes do not count.

    Examples
    --------
    >>> from mmlib.project.reading.other_tables import ids_among
    >>> ids_among(["nm", "k1.asd.ref.sco", "X7", "k3"], {"k1", "7", "k3"})
    {'k1.asd.ref.sco': 'k1', 'X7': '7', 'k3': 'k3'}
    """
    found = {}
    for title in titles:
        dots = [k for k, sign in enumerate(title) if sign == "."]
        names = [title, *(title[:k] for k in reversed(dots))]
        names += [name[1:] for name in names if re.match(r"[Xx]\d", name)]
        match = next((name for name in names if name in samples), None)
        if match is not None:
            found[title] = match
    taken = list(found.values())
    return {title: name for title, name in found.items() if taken.count(name) == 1 or title == name}


def turn(table, name, samples, findings):
    """A table with a column for each sample, turned into one with a row for each; others as is."""
    known = set(samples)
    above = ids_among(table.header, known)
    first = {row[0] for row in table.rows}
    # By share: where ids are numbers, some may be wavelengths too.
    if len(above) * len(first) <= len(first & known) * max(1, len(table.header) - 1):
        return table
    rest = [k for k, title in enumerate(table.header) if title not in above]
    table = _without_units(table, rest[0] if rest else 0)
    axes = [k for k in rest if all(is_number(row[k]) or unit_of(row[k]) for row in table.rows)]
    named = [k for k in axes if re.search(AXIS, table.header[k].lower())]
    if not axes:
        return table
    axis = next(iter(named or [k for k in axes if not _counts(table, k)] or axes))
    columns = [k for k in range(len(table.header)) if k != axis and (k not in rest or k in axes)]
    columns = [k for k in columns if k not in rest or not _counts(table, k)]
    findings.note(name, "it has a column for each sample; it was turned round")
    unused = [table.header[k] or "one without a name" for k in rest if k not in (axis, *columns)]
    if unused:
        findings.note(name, f"column(s) beside the samples were not used: {some(unused, 6)}")
    other = [title for title, sample in above.items() if title != sample]
    if other:
        findings.note(
            name, f"column {other[0]!r} was taken for id {above[other[0]]} ({len(other)} in all)"
        )
    titles = [table.header[k] for k in columns]
    rows = [[above.get(title, title), *(row[k] for row in table.rows)]
            for title, k in zip(titles, columns, strict=True)]  # fmt: skip
    header = [table.header[axis], *(row[axis] for row in table.rows)]
    return Table(header, rows, [f"column {k + 1}" for k in columns], table.above)


def _without_units(table, axis):
    """A row of units under the header goes into the title of the axis."""
    cell = table.rows[0][axis]
    if is_number(cell) or not unit_of(cell) or any(map(is_number, table.rows[0])):
        return table
    header = [*table.header]
    header[axis] += f" ({cell})"
    return table._replace(header=header, rows=table.rows[1:], lines=table.lines[1:])


def _counts(table, column):
    """Whether the cells of a column only number the rows, under a title that names no axis."""
    cells = [row[column] for row in table.rows]
    title = table.header[column].lower()
    return (
        (re.search(COUNTING, title) or title.startswith("unnamed")) is not None
        and all(cell.isdigit() for cell in cells)
        and set(np.diff([*map(int, cells)])) <= {1}
    )


def read_pairs_of_columns(table, name, samples, findings):
    """Two columns for each sample, wavelength and value; None where the table is not so.

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
        Each on its own axis.
    unit : str
    """
    titles = [title.lower() for title in table.header] + [""] * (len(table.header) % 2)
    if len(titles) < 4 or not all(re.search(AXIS, title) for title in titles[::2]):
        return None
    if any(re.search(AXIS, title) and not re.search(WANTED, title) for title in titles[1::2]):
        return None
    above = table.above[-1] if table.above else []
    last = next((k for k, row in enumerate(table.rows) if not any(map(is_number, row))), None)
    rows = table.rows[:last]
    if last is not None:
        findings.note(name, f"{len(table.rows) - last} row(s) below the numbers were skipped")
    spectra, units = {}, set()
    for k in range(0, len(table.header) - 1, 2):
        sample = _name_of_pair(table.header, above, k, set(samples))
        pairs = [row[k : k + 2] for row in rows]
        while pairs and not any(pairs[-1]):
            pairs.pop()

        def where(i, j, k=k, sample=sample):
            return f"{name}, row {table.lines[i]} (id {sample}), column {table.header[k + j]}"

        both = [to_numbers([[pair[j]] for pair in pairs],
                           lambda i, _, j=j, where=where: where(i, j), findings,
                           [sample] * len(pairs))
                for j in (0, 1)]  # fmt: skip
        sound = pairs and all(column is not None for column in both)
        spectra[sample] = (both[0][:, 0], both[1][:, 0]) if sound else None
        units.add(unit_of(table.header[k]))
    findings.note(name, f"it has two columns for each of {len(spectra)} samples, axis and value")
    return spectra, units.pop() if len(units) == 1 else ""


def _name_of_pair(header, above, k, samples):
    """The id of the sample of the columns k and k + 1."""
    near = [header[k + 1], COPY.sub("", header[k + 1]), re.sub(AXIS, "", header[k].lower()),
            *above[k : k + 2]]  # fmt: skip
    near += [word for text in (header[k], header[k + 1]) for word in re.split(r"[\s_()]+", text)]
    near = [text.strip(" _.-") for text in near]
    found = ids_among(near, samples)
    given = [text for text in above[k : k + 2] if text]
    return next((found[text] for text in near if text in found), (given or [header[k + 1]])[0])


def read_long(table, name, samples, findings):
    """A row for each band of each sample: id, wavelength, value; None where it is not so.

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray)
    unit : str
    """
    titles, known = [title.lower() for title in table.header], set(samples)
    bands = find_bands(table.header)
    if len(titles) < 3 or (bands is not None and len(bands.columns) > 3):
        return None
    hits = [len({row[k] for row in table.rows} & known) for k in range(len(titles))]
    key = int(np.argmax(hits))
    shares = [np.mean([is_number(row[k]) for row in table.rows]) for k in range(len(titles))]
    numeric = [k for k, share in enumerate(shares) if k != key and share > 0.9]
    axes = [k for k in numeric if re.search(AXIS, titles[k])]
    if not hits[key] or len({row[key] for row in table.rows}) == len(table.rows) or not axes:
        return None
    rest = [k for k in numeric if k not in axes and not re.search(SPREAD, titles[k])]
    wanted = [k for k in rest if re.search(WANTED + "|intens|value|signal|count", titles[k])]
    choice = wanted if len(wanted) == 1 else rest
    if len(choice) != 1 or len(axes) != 1:
        findings.error(
            name,
            f"it has a row for each band, with {some(table.header, 8)}, so it is open which "
            "column to read",
            "keep id, one wavelength and one value",
        )
        return {}, ""
    columns = [axes[0], choice[0]]

    def where(i, j):
        return f"{name}, row {table.lines[i]} (id {table.rows[i][key]})"

    ids = [row[key] for row in table.rows]
    both = [to_numbers([[row[k]] for row in table.rows], where, findings, ids) for k in columns]
    if any(column is None for column in both):
        return {}, ""
    places = {}
    for i, row in enumerate(table.rows):
        places.setdefault(row[key], []).append(i)
    findings.note(
        name,
        f"it has a row for each band; {len(places)} spectra were put together from columns "
        f"{table.header[key]!r}, {table.header[columns[0]]!r} and {table.header[columns[1]]!r}",
    )
    axis, values = both[0][:, 0], both[1][:, 0]
    return {s: (axis[at], values[at]) for s, at in places.items()}, unit_of(table.header[axes[0]])
