"""A small project folder to copy: what `load_folder` expects, filled with 60 leaves."""

import csv
from pathlib import Path

import numpy as np

from ..checks import DataError

README = """This folder is an example. Put your own samples in the place of these leaves.

samples.csv   one row a sample. Columns: id; label (a class) or target (a number);
              group (plant, batch, day: what a split must keep together). Others are kept.
spectra.csv   one row a sample: id, then one column for each wavelength, which is its name.
images/       one photograph a sample, named by its id.

Then run: python -m mmlib check FOLDER
"""


def copy_template(folder, leaves_per_plant=2):
    """Write the example project.

    Parameters
    ----------
    folder : str or path
        Must not exist, or be empty.
    leaves_per_plant : int
        Of 30 plants, six for each condition; 1 to 5.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        When the folder holds something already.
    """
    from PIL import Image

    from ..leaves import load_leaves

    folder = Path(folder).expanduser()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise DataError(f"{folder} is there already and not empty: choose a new name.")
    leaves = load_leaves()
    plants = np.concatenate([np.unique(leaves.groups[leaves.y == k])[:6] for k in range(5)])
    number = np.array([int(name[-1]) for name in leaves.ids])
    part = leaves.take(np.isin(leaves.groups, plants) & (number < leaves_per_plant))
    (folder / "images").mkdir(parents=True)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    rows = [
        [name, leaves.target_names[y], f"plant {group}"]
        for name, y, group in zip(part.ids, part.y, part.groups, strict=True)
    ]
    _write(folder / "samples.csv", [["id", "label", "group"], *rows])
    axis = [f"{value:g}" for value in leaves.axes["spectrum"]]
    spectra = [
        [name, *(f"{x:.4f}" for x in values)]
        for name, values in zip(part.ids, part.X["spectrum"], strict=True)
    ]
    _write(folder / "spectra.csv", [["id", *axis], *spectra])
    for name, picture in zip(part.ids, part.X["image"], strict=True):
        Image.fromarray(picture).save(folder / "images" / f"{name}.png")
    return folder


def _write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
