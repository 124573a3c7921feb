"""A small project folder to copy: what `load_folder` expects, filled with 60 leaves."""

import numpy as np

from .writing import write_folder

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
    from ..data.leaves import load_leaves

    leaves = load_leaves()
    plants = np.concatenate([np.unique(leaves.groups[leaves.y == k])[:6] for k in range(5)])
    number = np.array([int(name[-1]) for name in leaves.ids])
    part = leaves.take(np.isin(leaves.groups, plants) & (number < leaves_per_plant))
    part.groups = np.array([f"plant {group}" for group in part.groups])
    folder = write_folder(part, folder, digits=4)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    return folder
