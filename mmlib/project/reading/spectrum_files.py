"""A folder with a file for each sample: every file is read by what it holds, or named."""

import re

from .findings import ERROR, Findings, some
from .spectrum_formats import check_alike, companions, reader_of
from .text_tables import files_of, same_name


def read_files(folder, samples, findings):
    """One file for each sample, named by its id unless the table of samples says otherwise.

    Parameters
    ----------
    folder : pathlib.Path
    samples : mapping of str to str or None
        Id -> file of its spectrum where the table of samples names one.
    findings : Findings

    Returns
    -------
    spectra : dict of str to (ndarray, ndarray) or None
    unit : str
    """
    named = {_in_folder(name): sample for sample, name in samples.items() if name}
    spectra, units, kinds, met, odd = {}, {}, {}, set(), []
    files = files_of(folder)
    beside = companions(files)
    for path in files:
        place = same_name(path.relative_to(folder).as_posix())
        key = place if place in named else same_name(path.name)
        met.add(key)
        if path in beside:
            continue
        sample = named.get(key) or _sample_of(path, samples)
        where, own = f"spectra/{path.name}", Findings()
        own.signs, before = findings.signs, len(findings)
        own.extend(findings)
        with own.about(sample):
            found = reader_of(path)(path, where, own)
        if found is None:
            odd.append((path, sample, own[before:]))
            continue
        findings[:] = own
        axis, values, unit, kind = found
        units.setdefault(unit, set()).add(sample)
        kinds.setdefault(kind, set()).add(sample)
        if sample in spectra:
            findings.error(where, f"id {sample!r} has two spectra", "keep one of the files")
        spectra[sample] = (axis, values)
    _tell(odd, spectra, samples, findings)
    lost = {sample: name for name, sample in named.items()
            if name not in met and not name.startswith("../")}  # fmt: skip
    for sample in lost:  # a file that only has its name will not do
        spectra.pop(sample, None)
    for sample, name in lost.items():  # those outside were said already
        say = findings.warn if spectra else findings.error
        say(f"samples (id {sample})", f"there is no spectrum {name!r}", "copy it into spectra/",
            samples=[sample])  # fmt: skip
    return spectra, check_alike(units, kinds, findings)


def _tell(odd, spectra, samples, findings):
    """Files that gave no spectrum: a fault where a sample lacks it, else named as not used."""
    if odd and not spectra:
        first = next((f for f in odd[0][2] if f.level == ERROR), None)
        findings.error(
            "spectra/",
            f"it holds no file that can be read: {some([path.name for path, _, _ in odd])}"
            + (f" ({odd[0][0].name}: {first.what})" if first else ""),
            first.remedy if first else "export text with two columns from the instrument's program",
        )
        return
    unused = []
    for path, sample, own in odd:
        if sample in samples and sample not in spectra:
            findings.extend(own)
            spectra[sample] = None
        else:
            unused.append(path.name)
    if unused:
        findings.warn(
            "spectra/", f"{len(unused)} file(s) were not used: {some(unused)}",
            "if they hold spectra, name them by the ids",
        )  # fmt: skip


def _sample_of(path, samples):
    """The id that a file is named by: the name without its ending, or endings (k01.dat.hdr)."""
    stem = same_name(path.stem)
    inner = stem.rpartition(".")[0]
    return inner if inner in samples and stem not in samples else stem


def _in_folder(name):
    """Where a table says that a file is, seen from spectra/; of another computer the name only."""
    if re.match(r"[A-Za-z]:[\\/]|/|\\\\", name):
        return re.split(r"[\\/]", name)[-1]
    return name.replace("\\", "/").removeprefix("spectra/")
