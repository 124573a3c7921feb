"""The pictures that a finding is about, small enough for a page."""

import base64
import re
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from ..reading.findings import Findings
from ..reading.guarding import quiet
from ..reading.modalities import MODALITIES
from ..reading.picture_formats import read_picture, size_of
from ..reading.sample_paths import PICTURES, find_files
from ..reading.sample_table import read_samples

SIDE = 160  # pixels of the longer side
EACH = 4  # pictures beside one finding
BARE = re.compile(r"\d+|\w")  # an id that stands in many sentences as a number, or as a letter


class Album:
    """The pictures of a folder, by the names under which findings speak of them.

    Parameters
    ----------
    folder : str or path

    Examples
    --------
    >>> import tempfile
    >>> from mmlib.project.app.concerned import Album
    >>> from mmlib.project.reading.findings import Finding
    >>> from mmlib.project.writing import copy_template
    >>> album = Album(copy_template(tempfile.mkdtemp() + "/leaves"))
    >>> what = "it is the same as that of plant001-leaf1"
    >>> finding = Finding("error", "picture (id plant001-leaf0)", what)
    >>> [shown["name"] for shown in album.about(finding)]
    ['plant001-leaf0', 'plant001-leaf1']
    """

    def __init__(self, folder):
        root = Path(folder).expanduser().absolute()
        try:
            with quiet():
                self.paths = _paths(root)
        except Exception:  # the finding says what is wrong with the folder
            self.paths = {}

    def about(self, finding, most=EACH):
        """Pictures of the samples and files that a finding names.

        Parameters
        ----------
        finding : Finding
        most : int

        Returns
        -------
        list of dict
            "name" and "png", base64; this is empty for a file that no picture can be made of.
        """
        named = [name for name in self.paths if _names(finding, name, self.paths[name])]
        return [
            {"name": name, "png": thumbnail(self.paths[name])} for name in named[: min(most, EACH)]
        ]


def _paths(root):
    """Id, or name without an ending, -> file."""
    ids = read_samples(root, Findings(), labeled=False, modalities=MODALITIES) or {"id": []}
    samples = ids.get("image", dict.fromkeys(filter(None, ids["id"])))
    found = find_files(PICTURES, root, samples, Findings())
    return {name: path for name, path in found.items() if path}


def _names(finding, name, path):
    """Whether a finding speaks of this picture, by its sample, its file or its id."""
    if name in finding.samples:
        return True
    text = f"{finding.where}: {finding.what}; {finding.remedy}"
    if _word(path.name, text) or f"(id {name})" in finding.where:
        return True
    if BARE.fullmatch(name):  # then only where nothing but ids can stand
        return _word(name, " ".join(re.findall(r"that of .*|: .*|^\S+ and \S+, of", finding.what)))
    return _word(name, text)


def _word(name, text):
    return name in text and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", text)


def thumbnail(path):
    """A picture as a PNG of few pixels, base64; "" where none can be made.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
    """
    size = size_of(path, path.name, Findings())
    found = size and read_picture(path, path.name, Findings(), min(1.0, SIDE / max(size)))
    if not found:
        return ""
    pixels = found.pixels[..., :3] if found.pixels.shape[2] >= 3 else found.pixels[..., 0]
    if pixels.dtype != np.uint8:
        low, high = np.nanmin(pixels), np.nanmax(pixels)
        scale = 255 if 0 <= low and 0 < high <= 1.5 else 1
        pixels = np.nan_to_num(np.clip(pixels * scale, 0, 255)).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode("ascii")
