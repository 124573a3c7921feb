"""What a folder may hold: a line for each modality, and what reads it."""

from .checks import check_axis, check_pictures, check_spectra, check_twins
from .grid import common_grid, one_axis
from .joining import Measured, join_to_samples
from .pictures import read_pictures
from .sample_paths import PICTURES, SOUNDS, find_files, inside
from .sounds import read_sounds
from .spectrum_tables import read_spectra
from .texts import as_array, read_texts


def _read_spectra(root, samples, ids, findings, known):
    """The spectra on one axis."""
    named = samples.get("spectrum", dict.fromkeys(samples["id"]))
    for sample, name in named.items():
        if name and inside(root, name) is None:
            findings.error(
                f"samples (id {sample})",
                f"spectrum {name!r} leaves the folder",
                "copy it into spectra/ and write its name only",
                samples=[sample],
            )
    spectra, unit = read_spectra(root, named, findings, samples["table"])
    spectra = join_to_samples("spectrum", spectra, ids, findings)
    grid = spectra and common_grid(spectra, unit, findings, known)
    if not grid:
        return None
    axis, values, unit = grid
    check_spectra(values, list(spectra), findings, axis)
    if known is not None:
        check_axis(axis, unit, known, findings)
    return Measured(values, axis, unit, {"resampled": not one_axis(spectra)}, list(spectra))


def _read_images(root, samples, ids, findings, known):
    """The pictures in one shape."""
    paths = find_files(PICTURES, root, samples.get("image", dict.fromkeys(ids)), findings)
    paths = join_to_samples("picture", paths, ids, findings)
    pictures = paths and read_pictures(paths, findings, known=known)
    if not pictures:
        return None
    check_pictures(pictures[0], list(paths), findings)
    return Measured(pictures[0], meta={"shrunk": pictures[1]}, ids=list(paths))


def _read_sounds(root, samples, ids, findings, known):
    """The sounds, each as a row of numbers."""
    paths = find_files(SOUNDS, root, samples.get("sound", dict.fromkeys(ids)), findings)
    paths = join_to_samples("sound", paths, ids, findings)
    sounds = paths and read_sounds(paths, findings, known)
    if not sounds:
        return None
    check_twins(sounds[0], list(paths), "sound", findings)
    return Measured(sounds[0], meta={"rate": sounds[1]}, ids=list(paths))


def _read_texts(root, samples, ids, findings, known):
    """The texts as they are; what their words are worth is learned in training."""
    texts = read_texts({i: samples["text"][i] for i in ids} if "text" in samples else {}, findings)
    return Measured(as_array(texts.values()), ids=list(texts)) if texts else None


# Name of the modality, and of the column of the table of samples that may name its files (or holds
# the texts) -> what reads it: from the folder, that table, the ids in order, the findings, and what
# a model knows.
MODALITIES = {
    "spectrum": _read_spectra, "image": _read_images, "sound": _read_sounds, "text": _read_texts,
}  # fmt: skip
